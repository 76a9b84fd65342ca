/** Our engine alone, without a journal: plan, lanes, outcomes, events and their fold. */
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { toolResults } from '../../../src/core/callOutcomeText.ts';
import type { CallInput, CallRequest } from '../../../src/core/calls.ts';
import { noEffects } from '../../../src/core/effects.ts';
import type { Log } from '../../../src/core/ports.ts';
import type { SessionState } from '../../../src/core/states.ts';
import type { Tool, ToolResult } from '../../../src/core/tools.ts';
import { Batch, type EnginePorts } from '../../../src/engine/batch.ts';
import { CallIds } from '../../../src/engine/callIds.ts';
import { Lanes } from '../../../src/engine/lanes.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { SessionLog } from '../../../src/store/sessionLog.ts';
import {
  defaultWidth,
  valueOf,
  valueSchema,
  type BenchCall,
  type BenchTool,
  type Contestant,
  type Job,
} from '../contestant.ts';

/** A log that fails the run at the first error. */
export const strictLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (message, cause) => {
    throw new Error(message, { cause });
  },
};

export const engine: Contestant = {
  name: 'AllSettled engine',
  async run(job) {
    const { state, batch } = await runCalls(
      job.tools.map((tool) => engineTool(tool, job.deadlineMs)),
      job.calls.map(requestOf),
      job,
    );
    const calls = batch.callIds.flatMap((id) => state.calls.get(id) ?? []);
    return toolResults(calls).map(({ toolUseId, text }) => ({ id: toolUseId, text }));
  },
};

export interface EngineRun {
  readonly state: SessionState;
  readonly batch: Batch;
}

/** Runs calls as one batch of a session in memory. Settles when each has its outcome. */
export async function runCalls(
  tools: readonly Tool[],
  calls: readonly CallRequest[],
  { signal, width = defaultWidth, cwd = '/' }: Pick<Job, 'signal' | 'width'> & { readonly cwd?: string } = {},
): Promise<EngineRun> {
  const log = await memoryLog();
  const ports = enginePorts(log, tools, width);
  const batch = new Batch(
    {
      id: 'batch-1',
      source: { kind: 'api' },
      sessionId: log.state.id,
      permission: 'unlimited',
      cwd,
      roots: [cwd],
      failFast: false,
    },
    ports,
  );
  for (const [index, call] of calls.entries()) batch.add({ ...call, index });
  signal?.addEventListener('abort', () => batch.cancel('person'), { once: true });
  await batch.start();
  return { state: log.state, batch };
}

/** A session without a journal, whose events nobody keeps. */
export function memoryLog(): Promise<SessionLog> {
  return SessionLog.start(
    'session-1',
    {
      type: 'session.started',
      kind: 'agent',
      title: 'bench',
      roots: ['/'],
      cwd: '/',
      host: { name: 'bench', version: '1', pid: process.pid },
    },
    { clock: nodeClock, log: strictLog, onEvent: () => undefined },
  );
}

export function enginePorts(recorder: SessionLog, tools: readonly Tool[], width: number): EnginePorts {
  return {
    recorder,
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    lanes: new Lanes({ io: width, process: width, model: width }),
    locks: new Locks(),
    openBatch: (request, ports) => new Batch(request, ports),
    clock: nodeClock,
    callIds: new CallIds([]),
    approvals: { ask: () => Promise.resolve('nobodyThere') },
    rules: { allows: () => Promise.resolve(false) },
    outputs: { fileFor: () => Promise.resolve('/dev/null'), keep: () => Promise.resolve('/dev/null') },
    live: { show: () => undefined },
    judge: () => ({ kind: 'allow' }),
    timeoutMs: () => undefined,
  };
}

export function engineTool({ name, run }: BenchTool, deadlineMs = 30_000): Tool {
  return {
    name,
    description: name,
    inputSchema: valueSchema,
    lane: 'io',
    access: 'read',
    timeoutMs: deadlineMs,
    stops: 'cooperates',
    check: (input) => {
      const value = valueOf(input);
      if (value !== undefined) return { ok: true, input: { value } };
      return { ok: false, problems: [{ path: ['value'], message: 'expected a text' }] };
    },
    effects: () => noEffects,
    subject: (input) => JSON.stringify(input),
    run: async (input, { signal }) => resultOf(await run(valueOf(input) ?? '', signal)),
  };
}

/** What is no text is handed on as it is, as a faulty tool would. */
function resultOf(returned: unknown): ToolResult {
  if (typeof returned === 'string') return { ok: true, output: { text: returned, bytes: returned.length } };
  return returned as ToolResult;
}

/** A call as the engine takes it. */
export function requestOf({ id, tool, rawInput }: BenchCall): CallRequest {
  return { id, tool, input: inputOf(rawInput) };
}

function inputOf(raw: string): CallInput {
  try {
    return { kind: 'parsed', value: JSON.parse(raw) };
  } catch (error) {
    return { kind: 'unparsable', raw, problem: String(error) };
  }
}
