/** What the model is told of each call, and of all calls of a turn or a batch together. */
import { isSettled, outcomeStatuses, type CallError, type OutcomeStatus } from './calls.ts';
import type { ToolResultBlock } from './models.ts';
import type { Call } from './states.ts';

/** The results of a turn's calls in the model's order; the last text of the last one counts them. */
export function toolResults(calls: readonly Call[]): readonly ToolResultBlock[] {
  return calls.map((call, index) => {
    const text = resultText(call);
    const isLast = index === calls.length - 1;
    return {
      type: 'tool_result',
      toolUseId: call.id,
      text: isLast ? `${text}\n\n${countText(calls)}` : text,
      isError: call.state.status !== 'succeeded',
    };
  });
}

/** "13 of 14 calls succeeded; failed: toolu_07 (terminal: exit 3)" */
export function countText(calls: readonly Call[]): string {
  const succeeded = calls.filter((call) => call.state.status === 'succeeded').length;
  const others = [...outcomeStatuses.filter((status) => status !== 'succeeded')].flatMap((status) => {
    const named = calls.filter((call) => statusForModel(call) === status);
    return named.length > 0 ? [`${words[status]}: ${named.map(nameOf).join(', ')}`] : [];
  });
  return [`${succeeded} of ${calls.length} calls succeeded`, ...others].join('; ');
}

const words: Readonly<Record<OutcomeStatus, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  timedOut: 'timed out',
  denied: 'denied',
  skipped: 'skipped',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

/** A call's outcome and its output. */
export function resultText(call: Call): string {
  const { state } = call;
  if (!isSettled(state))
    return state.status === 'running' ? `interrupted: ${effectUnknown}` : `skipped: ${neverStarted}`;
  if (state.status === 'succeeded') return state.output.text;
  const output = 'output' in state && state.output ? `\n\n${state.output.text}` : '';
  return `${words[state.status]}: ${state.error.message}${output}`;
}

/** A call that was open when its host died: what ran was interrupted, what had not started never will. */
function statusForModel({ state }: Call): OutcomeStatus {
  if (isSettled(state)) return state.status;
  return state.status === 'running' ? 'interrupted' : 'skipped';
}

/** For the model, of a call that its program's end kept from starting. */
export const neverStarted =
  'The program that was to run this call ended before the call started. It had no effect.';

/** For the model, of a call that was running when its host died. */
export const effectUnknown =
  'The program that ran this call ended before the call did. Its effect is unknown: check before you repeat it.';

function nameOf(call: Call): string {
  const { state } = call;
  const why =
    isSettled(state) && state.status === 'failed'
      ? `: ${shortReason(state.error, state.output?.exitCode)}`
      : '';
  return `${call.id} (${call.tool}${why})`;
}

function shortReason(error: CallError, exitCode: number | undefined): string {
  return error.kind === 'exitCode' && exitCode !== undefined ? `exit ${exitCode}` : error.kind;
}
