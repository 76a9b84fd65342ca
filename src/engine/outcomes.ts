/** Says how a call ended, in words for the person and the model. */
import type { ApprovalAnswer, CallError, CallId, CallOutput, Canceller, Outcome } from '../core/calls.ts';
import { effectUnknown } from '../core/callOutcomeText.ts';
import type { InputProblem, ToolResult } from '../core/tools.ts';

/** Why a call is stopped, or may no longer start. Travels as the reason of an AbortSignal. */
export type StopReason =
  | { readonly kind: 'cancelled'; readonly by: Canceller }
  | { readonly kind: 'dependency'; readonly because: CallId }
  | { readonly kind: 'failFast'; readonly because: CallId }
  | { readonly kind: 'deadline'; readonly timeoutMs: number };

export function failure(kind: CallError['kind'], message: string): Outcome {
  return { status: 'failed', error: { kind, message } };
}

export function unparsableInput(raw: string, problem: string): Outcome {
  return failure(
    'unparsableInput',
    `The input is not valid JSON (${problem}), so the call did not run. It began with: ${raw.slice(0, 200)}`,
  );
}

export function nestedBatch(tool: string): Outcome {
  return failure(
    'refused',
    `A ${tool} can't hold another ${tool}, so this call did not run. Put its calls into the outer one.`,
  );
}

export function unknownTool(name: string, known: readonly string[]): Outcome {
  const what = name === '' ? 'The call names no tool' : `There is no tool "${name}"`;
  return failure('unknownTool', `${what}. The tools are: ${known.join(', ')}.`);
}

export function invalidInput(tool: string, problems: readonly InputProblem[]): Outcome {
  const list = problems.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  return failure(
    'invalidInput',
    `The input of ${tool} is wrong, so the call did not run. ${list.join('; ')}`,
  );
}

export function deniedByPermission(message: string): Outcome {
  return denied('permission', message);
}

function denied(by: 'permission' | 'person', message: string): Outcome {
  return { status: 'denied', error: { kind: 'denied', message }, by };
}

/** The outcome of a call that was asked about, where the answer keeps it from running; `reason` is the person's own. */
export function deniedByAnswer(answer: ApprovalAnswer, reason?: string): Outcome | undefined {
  switch (answer) {
    case 'allowOnce':
    case 'allowForSession':
    case 'allowAlways':
      return undefined;
    case 'deny':
      return denied(
        'person',
        reason === undefined
          ? 'The person denied this call. Do not repeat it; go on without it or ask what to do instead.'
          : `The person denied this call, and says: ${reason}`,
      );
    case 'nobodyThere':
      return deniedByPermission(
        "This call needs a person's approval, and nobody can be asked here. What is started in a terminal with --permission unlimited needs none.",
      );
  }
}

/** Says in a result which calls ran beside it and may have changed what it read; design.md, "Ordering". */
export function withOverlap(outcome: Outcome, beside: readonly CallId[]): Outcome {
  if (beside.length === 0 || outcome.status !== 'succeeded') return outcome;
  const note = `[It ran beside ${beside.join(', ')}, which may have changed what it read.]`;
  return { ...outcome, output: { ...outcome.output, text: `${outcome.output.text}\n${note}` } };
}

/** What a tool returned, unless what it returned is no result. */
export function outcomeOfResult(tool: string, result: ToolResult): Outcome {
  if (!isToolResult(result))
    return failure(
      'badResult',
      `The tool ${tool} returned no result. Its effect is unknown; this is a fault of the tool.`,
    );
  if (result.ok) return { status: 'succeeded', output: result.output };
  return { status: 'failed', error: result.error, ...(result.output && { output: result.output }) };
}

/** How a stopped call ends. `output` is what it had produced; `mayStillRun` where the tool did not end. */
export function stoppedOutcome(
  reason: StopReason,
  output: CallOutput | undefined,
  mayStillRun: boolean,
): Outcome {
  const rest = { ...(output && { output }), ...(mayStillRun && { mayStillRun: true as const }) };
  switch (reason.kind) {
    case 'deadline':
      return {
        status: 'timedOut',
        error: { kind: 'timeout', message: timeoutMessage(reason.timeoutMs) },
        ...rest,
      };
    case 'dependency':
      return skipped('dependency', reason.because, 'which it comes after, did not succeed');
    case 'failFast':
      return skipped('failFast', reason.because, 'did not succeed, and the batch stops at the first failure');
    case 'cancelled':
      if (reason.by === 'host' || reason.by === 'wallTime')
        return { status: 'interrupted', error: interruptions[reason.by], ...(output && { output }) };
      return {
        status: 'cancelled',
        by: reason.by,
        error: { kind: 'cancelled', message: cancelMessages[reason.by] },
        ...rest,
      };
  }
}

function skipped(kind: 'dependency' | 'failFast', because: CallId, why: string): Outcome {
  const comma = kind === 'dependency' ? ',' : '';
  return {
    status: 'skipped',
    error: { kind, message: `Skipped, because ${because}${comma} ${why}.` },
    because,
  };
}

const interruptions: Readonly<Record<'host' | 'wallTime', CallError>> = {
  host: { kind: 'hostExit', message: effectUnknown },
  wallTime: {
    kind: 'timeout',
    message:
      'The agent that asked for this call had used up its time before the call ended. What it did is not known: check ' +
      'before you run it again.',
  },
};

const cancelMessages: Readonly<Record<Exclude<Canceller, 'host' | 'wallTime'>, string>> = {
  person: 'The person cancelled this call.',
  parent: 'The agent or call that asked for this call was stopped.',
  discardedTurn:
    'The reply that asked for this call did not end with its calls, so what had not ended was stopped and the rest never ran.',
};

function timeoutMessage(timeoutMs: number): string {
  return `The call was stopped at its deadline of ${timeoutMs} ms. Ask for less at once, or give it a longer timeout.`;
}

function isToolResult(result: unknown): result is ToolResult {
  if (!isRecord(result)) return false;
  if (result['ok'] === true) return isOutput(result['output']);
  const error = result['error'];
  if (result['ok'] !== false || !isRecord(error) || typeof error['message'] !== 'string') return false;
  return result['output'] === undefined || isOutput(result['output']);
}

function isOutput(output: unknown): boolean {
  return isRecord(output) && typeof output['text'] === 'string' && typeof output['bytes'] === 'number';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
