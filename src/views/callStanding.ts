/** Where a call stands, in a few words. */
import { isSettled } from '../core/calls.ts';
import type { CallId, CallState, ErrorKind, SettledState } from '../core/calls.ts';
import type { Call, SessionState } from '../core/states.ts';
import { callName } from './callName.ts';
import { callParts, isDoneInPart } from './callParts.ts';
import { callLook, partlyDoneIcon } from './looks.ts';
import type { Icon } from './looks.ts';
import { oneLine } from './plainText.ts';

/** `succeeded`, `failed, exit code 3`, `waits for lint`; `nameOf` names other calls. */
export function standingText(state: CallState, nameOf: (callId: CallId) => string = (id) => id): string {
  const { word } = callLook(state.status);
  switch (state.status) {
    case 'blocked':
      return state.waitsFor.length > 0 ? oneLine(`waits for ${state.waitsFor.map(nameOf).join(', ')}`) : word;
    case 'running':
      return state.attempt > 1 ? `${word}, attempt ${state.attempt}` : word;
    case 'skipped':
      return oneLine(`${word} because of ${nameOf(state.because)}`);
    case 'failed':
      return joinedByComma(word, exitText(state) ?? kindWords[state.error.kind]);
    case 'timedOut':
    case 'cancelled':
      return joinedByComma(word, state.mayStillRun && 'may still run');
    case 'awaitingApproval':
      return state.request.changed ? `asked again, ${word}` : word;
    case 'queued':
    case 'succeeded':
    case 'denied':
    case 'interrupted':
      return word;
    default:
      return callLook((state as CallState).status).word;
  }
}

export interface CallStanding {
  readonly text: string;
  readonly icon: Icon;
  /** The text begins with counts of the work that the call holds. */
  readonly countsParts: boolean;
}

/** As `standingText`, with counts for a call that holds other work: `9 of 12 completed · 2 failed`. */
export function callStanding(state: SessionState, call: Call): CallStanding {
  const { icon } = callLook(call.state.status);
  const text = standingText(call.state, (callId) => callName(state, callId));
  const parts = 'startedAt' in call.state ? callParts(state, call) : undefined;
  if (!parts) return { text, icon, countsParts: false };
  const isInPart = isDoneInPart(state, call);
  if (isInPart || call.state.status === 'running' || call.state.status === 'succeeded')
    return { text: parts.text, icon: isInPart ? partlyDoneIcon : icon, countsParts: true };
  return { text: `${text} · ${parts.text}`, icon, countsParts: false };
}

/** `exit code 3` or `signal SIGKILL`; undefined where no process ended. */
export function exitText(state: SettledState): string | undefined {
  const output = 'output' in state ? state.output : undefined;
  if (output?.signal !== undefined) return `signal ${oneLine(output.signal)}`;
  return output?.exitCode === undefined ? undefined : `exit code ${output.exitCode}`;
}

/** Why it failed, in words that fit into a row; the others need their message. */
const kindWords: Readonly<Partial<Record<ErrorKind, string>>> = {
  unparsableInput: 'input is no JSON',
  invalidInput: 'wrong input',
  unknownTool: 'no such tool',
  notFound: 'not found',
  notRegularFile: 'no regular file',
  binary: 'binary file',
  tooLarge: 'too large',
  outsideWorkspace: 'outside of the workspace',
  notRead: 'not read before',
  changed: 'changed meanwhile',
  refused: 'refused',
  cannotStart: 'could not start',
  busy: 'busy',
  connection: 'no connection',
  limit: 'at a limit',
};

/** Finds the states in which what became of a call matters more than what it is. */
export function endedBadly(state: CallState): boolean {
  return isSettled(state) && state.status !== 'succeeded';
}

function joinedByComma(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(', ');
}
