/** Decides, in one place, what an ended turn or a failed request means for the run; design.md, "States". */
import type { EndedStatus, TerminationReason } from '../core/agents.ts';
import type { ModelErrorKind } from '../core/models.ts';

/**
 * What is done next. `continue`: the turn's calls are run, and another turn follows. `resume`: what the model wrote goes
 * back to it as it is, so that it goes on. `askAgain`: the turn is void and is asked again, within a budget.
 * `askForMore`: so too, at once, and once with more tokens.
 */
export type Verdict =
  | { readonly kind: 'continue' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'askAgain'; readonly ending: Ending }
  | { readonly kind: 'askForMore'; readonly ending: Ending }
  | { readonly kind: 'end'; readonly ending: Ending };

export interface Ending {
  readonly status: EndedStatus;
  readonly terminationReason: TerminationReason;
  /** For a person: what happened and what can be done. */
  readonly message: string;
}

/** The message without the advice on what to do next: for a reply that is asked again by itself. */
export function withoutFollowUp(message: string): string {
  return message.replace(/ (?:(?:Resume it, or s|S)end a follow-up|Start a new conversation)[^.]*\.$/, '');
}

function end(status: EndedStatus, terminationReason: TerminationReason, message: string): Verdict {
  return { kind: 'end', ending: { status, terminationReason, message } };
}

/**
 * The calls of a whole reply with this stop reason are run. Some gateways end a reply that asks for calls with the
 * reason of one that does not.
 */
export function runsCalls(stopReason: string | null): boolean {
  return stopReason !== null && callsAreRunAfter.has(stopReason);
}

const callsAreRunAfter: ReadonlySet<string> = new Set([
  'tool_use',
  'end_turn',
  'stop_sequence',
  'pause_turn',
]);

/** What the API's stop reason means. A run is completed only where the model itself ended its turn with a text. */
export function judgeTurn(stopReason: string | null, hasText: boolean, hasCalls: boolean): Verdict {
  if (hasCalls && runsCalls(stopReason)) return { kind: 'continue' };
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
      return hasText
        ? end('completed', 'endTurn', 'The model ended its turn.')
        : end('incomplete', 'noText', 'The model ended its turn without a word. Ask it what it found.');
    case 'tool_use':
      return askAgain('unknownStopReason', 'The model stopped for a call and asked for none.');
    case 'pause_turn':
      return { kind: 'resume' };
    case 'max_tokens':
      return { kind: 'askForMore', ending: cutAtMaxTokens };
    case 'model_context_window_exceeded':
      return end('interrupted', 'contextWindow', contextWindowMessage);
    case 'refusal':
      return end(
        'failed',
        'refusal',
        'The model refused this request. Say it in another way, in a new conversation.',
      );
    case null:
      return askAgain('noStopReason', 'The reply ended without a stop reason. Send a follow-up to go on.');
    default:
      return askAgain(
        'unknownStopReason',
        `The reply stopped for a reason that AllSettled doesn't know: ${stopReason}. Send a follow-up to go on.`,
      );
  }
}

const cutAtMaxTokens: Ending = {
  status: 'interrupted',
  terminationReason: 'maxTokens',
  message:
    'The reply was cut at the limit of tokens. Raise the setting allsettled.maxTokens, or ask for less at once; then send a follow-up.',
};

/** The most pauses in a row; the API pauses a turn that its own tools make long, and 5 such turns are a long answer. */
export const maxPauses = 5;

/** The model paused its turn too often in a row. */
export const pausedTooOften: Ending = {
  status: 'interrupted',
  terminationReason: 'pauseLimit',
  message: `The model paused its turn more than ${maxPauses} times in a row. Send a follow-up to let it go on.`,
};

/** A stream that ended without the API's own end of the message. */
export const streamCut: Verdict = askAgain(
  'streamCut',
  'The reply broke off before its end. Send a follow-up to go on.',
);

function askAgain(terminationReason: TerminationReason, message: string): Verdict {
  return { kind: 'askAgain', ending: { status: 'interrupted', terminationReason, message } };
}

/** What a failed request means. `message` is the model's own, for a person. */
export function judgeError(kind: ModelErrorKind, message: string): Verdict {
  switch (kind) {
    case 'authentication':
    case 'noKey':
      return end('failed', 'authentication', message);
    case 'invalidRequest':
      return end('failed', 'invalidRequest', message);
    case 'unusableModel':
      return end('failed', 'unusableModel', message);
    case 'contextWindow':
      return end('interrupted', 'contextWindow', contextWindowMessage);
    case 'transcriptEnded':
      return end('interrupted', 'transcriptEnded', message);
    case 'rateLimit':
      return askAgain('rateLimit', message);
    case 'overloaded':
    case 'server':
      return askAgain('serverError', message);
    case 'connection':
      return askAgain('connection', message);
    case 'stalled':
      return askAgain('streamCut', message);
  }
}

/** Whether the API turned the request away because it has too many, of one account or of all. */
export function isRefusal(kind: ModelErrorKind | undefined): boolean {
  return kind === 'rateLimit' || kind === 'overloaded';
}

/** The ending, saying how long the API asks to wait, where that is longer than a run may wait. */
export function waitTooLong(ending: Ending, waitMs: number, until: number): Ending {
  const wait = `${Math.ceil(waitMs / 1000)} s, until ${new Date(until).toLocaleString()}`;
  return {
    ...ending,
    message: `${ending.message} The API asks to wait ${wait}, which is longer than allsettled.retries.longestWaitSeconds allows. Send a follow-up then.`,
  };
}

/** A run that came while the API had asked everybody to wait for too long. */
export const rateLimited: Ending = {
  status: 'interrupted',
  terminationReason: 'rateLimit',
  message: 'The API limits the rate of requests, so this one was not sent.',
};

const contextWindowMessage =
  "The conversation no longer fits the model's context window. Start a new conversation with what matters of this one.";
