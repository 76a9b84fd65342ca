/** The questions about calls under way; each waits until it is answered or withdrawn, and holds up no other. */
import { approvalKey, type ApprovalAnswer, type ApprovalRequest } from '../../core/calls.ts';
import type { Approvals } from '../../core/ports.ts';

/** Whoever shows them sees in the sessions' states what waits; the answer comes back through the runtime. */
export class ApprovalQuestions implements Approvals {
  private readonly open = new Map<string, (answer: ApprovalAnswer) => void>();

  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
    signal.throwIfAborted();
    const key = keyOf(request);
    return new Promise((resolve, reject) => {
      const withdraw = (): void => {
        this.open.delete(key);
        reject(signal.reason);
      };
      signal.addEventListener('abort', withdraw, { once: true });
      this.open.set(key, (answer) => {
        this.open.delete(key);
        signal.removeEventListener('abort', withdraw);
        resolve(answer);
      });
    });
  }

  /** Answers a request that waits; false where it waits no more, or by now for an answer to something else. */
  answer(request: ApprovalRequest, answer: ApprovalAnswer): boolean {
    const settle = this.open.get(keyOf(request));
    settle?.(answer);
    return settle !== undefined;
  }
}

/** A call may ask again for something else; an answer to what it asked for before is none. */
function keyOf(request: ApprovalRequest): string {
  return JSON.stringify([request.sessionId, request.callId, approvalKey(request)]);
}
