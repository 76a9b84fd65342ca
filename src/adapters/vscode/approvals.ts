/** Asks the person about calls; a question waits until it is answered or withdrawn, and holds up no other. */
import type { ApprovalAnswer, ApprovalRequest } from '../../core/calls.ts';
import type { Approvals } from '../../core/ports.ts';

interface Question {
  readonly request: ApprovalRequest;
  readonly settle: (answer: ApprovalAnswer) => void;
}

/** Shows one question; undefined where the person put it away without an answer. */
export type ShowQuestion = (
  request: ApprovalRequest,
  others: number,
) => PromiseLike<ApprovalAnswer | undefined>;

/**
 * The questions that wait. One is shown at a time, the oldest first; putting it away leaves its call
 * waiting, to be answered from the tree or the list.
 */
export class ApprovalQuestions implements Approvals {
  private readonly show: ShowQuestion;
  private readonly onLateAnswer: (counted: ApprovalAnswer | undefined) => void;
  private readonly questions = new Set<Question>();
  private readonly given = new Map<string, ApprovalAnswer>();
  private readonly putAway = new WeakSet<Question>();
  private shown: Question | undefined;

  /** `onLateAnswer`: a question was answered after it had been settled, with `counted`, or withdrawn. */
  constructor(show: ShowQuestion, onLateAnswer: (counted: ApprovalAnswer | undefined) => void) {
    this.show = show;
    this.onLateAnswer = onLateAnswer;
  }

  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const withdraw = (): void => {
        this.remove(question);
        reject(signal.reason);
      };
      const settle = (answer: ApprovalAnswer): void => {
        this.given.set(keyOf(request), answer);
        this.remove(question);
        signal.removeEventListener('abort', withdraw);
        resolve(answer);
      };
      const question: Question = { request, settle };
      signal.addEventListener('abort', withdraw, { once: true });
      this.questions.add(question);
      this.showNext();
    });
  }

  /** The requests that wait, the oldest first. */
  waiting(): readonly ApprovalRequest[] {
    return [...this.questions].map(({ request }) => request);
  }

  /** Answers a request that waits; false, after the person was told, where it waits no more. */
  answer(request: ApprovalRequest, answer: ApprovalAnswer): boolean {
    const question = [...this.questions].find((candidate) => keyOf(candidate.request) === keyOf(request));
    if (question) question.settle(answer);
    else this.onLateAnswer(this.given.get(keyOf(request)));
    return question !== undefined;
  }

  private showNext(): void {
    if (this.shown) return;
    const next = [...this.questions].find((question) => !this.putAway.has(question));
    if (!next) return;
    this.shown = next;
    const done = (answer?: ApprovalAnswer): void => {
      if (!this.questions.has(next)) {
        // A notification can't be taken back, so one may outlive its question.
        if (answer !== undefined) this.onLateAnswer(this.given.get(keyOf(next.request)));
        return;
      }
      if (answer === undefined) this.putAway.add(next);
      this.shown = undefined;
      if (answer === undefined) this.showNext();
      else next.settle(answer);
    };
    this.show(next.request, this.questions.size - 1).then(done, () => done());
  }

  private remove(question: Question): void {
    this.questions.delete(question);
    if (this.shown === question) this.shown = undefined;
    this.showNext();
  }
}

function keyOf({ sessionId, callId }: ApprovalRequest): string {
  return `${sessionId}/${callId}`;
}
