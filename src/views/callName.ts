/** The names of calls for a person: the id that somebody wrote in a file, else what the call does. */
import type { CallId } from '../core/calls.ts';
import type { Call, SessionState } from '../core/states.ts';
import { callArgument } from './callArgument.ts';
import { exactLine, oneLine } from './plainText.ts';

const longestId = 64;

/** The id that a batch gave a call, without the ids of the calls around it. Undefined for a call of a turn: the API made its id up. */
export function writtenId({ batches }: SessionState, { id, batchId }: Call): string | undefined {
  const source = batches.get(batchId)?.source;
  switch (source?.kind) {
    case 'file':
    case 'api':
      return exactLine(id, longestId);
    case 'call':
      return exactLine(
        id.startsWith(`${source.callId}/`) ? id.slice(source.callId.length + 1) : id,
        longestId,
      );
    default:
      return undefined;
  }
}

/** `lint`, or `terminal npm run lint`; the id of a call that is not on record. */
export function callName(state: SessionState, callId: CallId): string {
  const call = state.calls.get(callId);
  if (!call) return exactLine(callId, 200);
  return writtenId(state, call) ?? deedText(call);
}

/** Tool and argument. */
export function deedText({ tool, input }: Call, maxLength?: number): string {
  return `${oneLine(tool)} ${callArgument(tool, input, maxLength)}`.trim();
}
