/** How calls and runs ended, for a person. The errors themselves are written for the model: what it shall try next. */
import type { RunEnding, TerminationReason } from '../core/agents.ts';
import type { CallError, CallId, Canceller } from '../core/calls.ts';
import type { Call } from '../core/states.ts';
import { notHeldLine } from './approvalText.ts';
import { durationText } from './duration.ts';

function deniedText({ denialReason }: Call): string {
  return denialReason === undefined ? 'You denied this call.' : `You denied this call: ${denialReason}`;
}

/** Why a call did not succeed; undefined where it did or has not ended. */
export function callProblem(call: Call): string | undefined {
  const { state, policy, isInPlace } = call;
  switch (state.status) {
    case 'denied':
      return state.by === 'person' ? deniedText(call) : notAllowed(call, state.error);
    case 'cancelled':
      return stoppedBy[state.by];
    case 'interrupted':
      return isInPlace
        ? inParts
        : 'The program closed before this call ended. What it did is not known: check before you run it again.';
    case 'timedOut':
      return policy.timeoutMs === undefined
        ? 'Stopped at its deadline.'
        : `Stopped at its deadline of ${durationText(policy.timeoutMs)}.`;
    case 'failed':
    case 'skipped':
      return errorText(state.error);
    default:
      return undefined;
  }
}

/** Such a file is made good where nobody else has changed it since. */
const inParts =
  'The program closed while it wrote into the file, which may hold parts of the old text and the new one. Look at the file: ' +
  'the old text is kept with the session.';

/** What went wrong in an attempt. */
export function errorText({ kind, message }: CallError): string {
  return kind === 'exitCode' ? message.replace(/^exit (?=\d)/, 'exit code ') : message;
}

/** The heading of a run that ended: `Failed`, `Stopped by you`, ... */
export function endingTitle({
  status,
  terminationReason,
}: Pick<RunEnding, 'status' | 'terminationReason'>): string {
  if (terminationReason === 'cancelledByPerson') return 'Stopped by you';
  if (terminationReason === 'cancelledByParent') return 'Stopped by its parent agent';
  return `${status[0]?.toUpperCase()}${status.slice(1)}`;
}

/** What is to be said of an ending beside its title; empty where the title says all. */
export function endingDetails({ status, message }: Pick<RunEnding, 'status' | 'message'>): string {
  return status === 'completed' || status === 'cancelled' ? '' : message;
}

/** Why a run ended, in a few words; empty where its title says all. */
export function reasonText({ terminationReason }: Pick<RunEnding, 'terminationReason'>): string {
  return Object.hasOwn(reasons, terminationReason) ? reasons[terminationReason] : terminationReason;
}

const reasons: Readonly<Record<TerminationReason, string>> = {
  endTurn: '',
  noText: 'no final text',
  missingDeliverable: 'a promised file is missing',
  streamCut: 'the reply broke off',
  noStopReason: 'the reply came to no end',
  unknownStopReason: 'an unknown end of the reply',
  maxTokens: 'the limit of tokens in a turn',
  maxTurns: 'the limit of turns',
  contextWindow: 'the context window is full',
  pauseLimit: 'the model paused too often',
  rateLimit: 'the rate limit',
  connection: 'the connection was lost',
  serverError: 'the API was out of order',
  budget: 'its budget is spent',
  tokenBudget: 'its budget of tokens is spent',
  wallTime: 'its time was up',
  worktreeGone: 'its worktree was discarded',
  hostExit: 'the program was closed',
  notSaved: 'its ending could not be saved',
  transcriptEnded: 'the recording ended',
  authentication: 'the API key was refused',
  invalidRequest: 'the API refused the request',
  refusal: 'the model refused',
  unusableModel: 'the model can not be used',
  internal: 'a fault of AllSettled',
  cancelledByPerson: '',
  cancelledByParent: '',
};

/** The text of a result, in which calls that ran beside it are named as a person knows them. */
export function withNamedCalls(text: string, nameOf: (callId: CallId) => string): string {
  return text.replace(
    overlapNote,
    (_, ids: string) =>
      `[It ran beside ${ids.split(', ').map(nameOf).join(', ')}, which may have changed what it read.]`,
  );
}

/** The engine's `withOverlap` writes it, as the last line. */
const overlapNote = /\[It ran beside ([^\n]+), which may have changed what it read\.\]$/;

const stoppedBy: Readonly<Record<Canceller, string>> = {
  person: 'You stopped it.',
  parent: 'Stopped with the agent or call that asked for it.',
  discardedTurn: 'Stopped, because the reply that asked for it is not used.',
  wallTime: 'Stopped, because the time of the agent that asked for it was up.',
  host: 'Never started: the program was closed, and the conversation went on without it.',
};

function notAllowed({ tool, approval }: Call, { message }: CallError): string {
  // A permission that wants a question denies too where nobody can answer, and then says so.
  if (!message.includes('nobody can be asked')) return `Not run: the permission does not allow ${tool}.`;
  const unanswered = "Not run: it needs a person's approval, and nobody can be asked here.";
  return [unanswered, approval ? notHeldLine(approval.request) : ''].filter(Boolean).join(' ');
}
