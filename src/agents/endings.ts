/** Decides, in one place, what an ended turn or a failed request means for the run; design.md, "States". */
import type { EndedStatus, TerminationReason } from '../core/agents.ts';
import type { ModelErrorKind } from '../core/models.ts';

/** `continue`: the run goes on with another turn. `askAgain`: the turn is void and is asked again, within a budget. */
export type Verdict =
  | { readonly kind: 'continue' }
  | { readonly kind: 'askAgain'; readonly ending: Ending }
  | { readonly kind: 'end'; readonly ending: Ending };

export interface Ending {
  readonly status: EndedStatus;
  readonly terminationReason: TerminationReason;
  /** For a person: what happened and what can be done. */
  readonly message: string;
}

function end(status: EndedStatus, terminationReason: TerminationReason, message: string): Verdict {
  return { kind: 'end', ending: { status, terminationReason, message } };
}

/** What the API's stop reason means. A run is completed only where the model itself ended its turn with a text. */
export function judgeTurn(stopReason: string | null, hasText: boolean, hasCalls: boolean): Verdict {
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
      return hasText
        ? end('completed', 'endTurn', 'The model ended its turn.')
        : end('incomplete', 'noText', 'The model ended its turn without a word. Ask it what it found.');
    case 'tool_use':
      return hasCalls
        ? { kind: 'continue' }
        : askAgain('unknownStopReason', 'The model stopped for a call and asked for none.');
    case 'pause_turn':
      return { kind: 'continue' };
    case 'max_tokens':
      return end(
        'interrupted',
        'maxTokens',
        'The reply was cut at the limit of tokens. Raise the setting allsettled.maxTokens, then send a follow-up.',
      );
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
      return end(
        'interrupted',
        'unknownStopReason',
        `The reply stopped for a reason that AllSettled doesn't know: ${stopReason}. Send a follow-up to go on.`,
      );
  }
}

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

const contextWindowMessage =
  "The conversation no longer fits the model's context window. Start a new conversation with what matters of this one.";
