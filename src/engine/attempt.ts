/** Runs a tool once, under a deadline, and always comes back with an outcome. */
import { inspect } from 'node:util';
import type { Outcome } from '../core/calls.ts';
import type { Clock } from '../core/ports.ts';
import type { Tool, ToolContext, ToolResult } from '../core/tools.ts';
import { failure, outcomeOfResult, stoppedOutcome, type StopReason } from './outcomes.ts';
import type { StopSignal } from './stopping.ts';

/**
 * How long a stopped tool gets to end, in milliseconds, before its call is settled without it. A tool that
 * kills what it started needs TERM, a grace and KILL; one in this process can only be believed at once or not at all.
 */
const stopGraceMs: Readonly<Record<Tool['stops'], number>> = { kills: 10_000, cooperates: 10 };

export interface AttemptOptions {
  readonly tool: Tool;
  readonly input: unknown;
  /** Returns the context that the tool is told, with the signal of this attempt. */
  readonly contextFor: (signal: AbortSignal) => ToolContext;
  readonly timeoutMs: number;
  /** Aborts with a StopReason. */
  readonly signal: StopSignal;
  readonly clock: Clock;
}

/** `over` settles when the tool has really ended: at once, but for a tool that ignored its stop. */
export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly over: Promise<unknown>;
}

/** Settles when the tool has ended, or its grace is over after a stop. Never rejects. */
export async function runAttempt(options: AttemptOptions): Promise<AttemptEnd> {
  const { tool, clock, timeoutMs, signal } = options;
  const controller = new AbortController();
  const first = Promise.withResolvers<{ readonly outcome: Outcome } | { readonly reason: StopReason }>();
  const stop = (reason: StopReason): void => {
    first.resolve({ reason });
    controller.abort(reason);
  };
  const stopFromOutside = (): void => stop(signal.reason as StopReason);
  signal.addEventListener('abort', stopFromOutside, { once: true });
  const deadline = Number.isFinite(timeoutMs)
    ? clock.after(timeoutMs, () => stop({ kind: 'deadline', timeoutMs }))
    : undefined;
  try {
    if (signal.aborted) return ended(stoppedOutcome(signal.reason as StopReason, undefined, false));
    const running = invoke(options, controller.signal);
    void running.then(first.resolve); // Never rejects.
    const end = await first.promise;
    if (!('reason' in end)) return ended(end.outcome);
    const outcome = await afterStop(end.reason, running, tool, clock);
    return { outcome, over: running };
  } finally {
    deadline?.dispose();
    signal.removeEventListener('abort', stopFromOutside);
  }
}

function ended(outcome: Outcome): AttemptEnd {
  return { outcome, over: Promise.resolve() };
}

/** A tool that ended well in spite of the stop has succeeded: its effect is there. */
async function afterStop(
  reason: StopReason,
  running: Promise<{ readonly outcome: Outcome }>,
  tool: Tool,
  clock: Clock,
): Promise<Outcome> {
  const patience = Promise.withResolvers<undefined>();
  // A container ends when its calls have, each within a grace of its own.
  const timer =
    tool.lane === 'none'
      ? undefined
      : clock.after(stopGraceMs[tool.stops], () => patience.resolve(undefined));
  const late = await Promise.race([running, patience.promise]);
  timer?.dispose();
  if (!late) return stoppedOutcome(reason, undefined, true);
  if (late.outcome.status === 'succeeded') return late.outcome;
  const output = late.outcome.status === 'failed' ? late.outcome.output : undefined;
  return stoppedOutcome(reason, output, output?.leftRunning !== undefined);
}

/** Whatever the tool throws or returns, now or later, becomes an outcome. */
async function invoke(options: AttemptOptions, signal: AbortSignal): Promise<{ readonly outcome: Outcome }> {
  const { tool, input, contextFor } = options;
  try {
    const result: ToolResult = await tool.run(input, contextFor(signal));
    return { outcome: outcomeOfResult(tool.name, result) };
  } catch (error) {
    return { outcome: failure('internal', `The tool ${tool.name} broke: ${describe(error)}`) };
  }
}

/** Anything can be thrown, also what has no JSON form. */
function describe(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === 'string') return error;
  return `it threw ${inspect(error, { depth: 1 })}`;
}
