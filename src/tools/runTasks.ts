/** Runs the tasks of parallel agents: at most so many at the same time, each to its own ending. */
import PQueue from 'p-queue';
import { runIdOf, type RunEnding } from '../core/agents.ts';
import type { CallId } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';
import { runStatistics, type RunStatistics } from '../core/runStatistics.ts';
import type { AgentCaller, Refused, StartedAgentRun, ToldBy } from '../core/subAgents.ts';
import type { QueuedTask, TaskResult, TaskSession } from '../core/tasks.ts';
import { formatAgentOutput } from '../formats/agentOutput.ts';
import type { SaveFile } from '../store/saveFile.ts';
import { withoutKey } from '../store/withoutKey.ts';
import { taskOutput } from './taskOutput.ts';
import type { TaskRequest } from './taskRequests.ts';

/** Why tasks that have not started never will. `host`: they stay open. */
export type TasksStop = 'person' | 'parent' | 'host';

export interface TaskRun {
  readonly requests: readonly TaskRequest[];
  /** Where a list goes on that another host began. */
  readonly goesOn?: GoingOn;
  readonly maxConcurrency: number;
  readonly failFast: boolean;
  readonly debugStatistics: boolean;
  /** The call that asked for them, where one did. */
  readonly callId?: CallId;
  readonly caller: AgentCaller;
  /** How those of this session are stopped and told of. */
  readonly told: ToldBy;
  readonly saveFile?: Pick<SaveFile, 'path' | 'append'>;
  /** Is masked in what is saved. */
  readonly keyInUse?: () => string | undefined;
  /** Its agents read the workspace's AGENTS.md. */
  readonly readsInstructions?: boolean;
  /** What of the agents' definitions is lost. */
  readonly warnings?: readonly string[];
  /** Aborts with a TasksStop: nothing more starts. What runs is stopped by `told`, or by its session. */
  readonly stopping: AbortSignal;
  /** The answer of a task that could not be saved. */
  readonly onNotSaved: (problem: string, index: number) => unknown;
}

/** The list is on record already; these of its tasks had not begun. */
export interface GoingOn {
  /** The place of each request in the list. */
  readonly indexes: readonly number[];
  /** The tasks that go on with their agents: they come first, and somebody else saves what comes of them. */
  readonly underWay: readonly Promise<RunEnding>[];
}

/** Settles when every task has ended and its answer is saved, or told as not saved; in order. Never rejects. */
export async function runTasks(run: TaskRun, session: TaskSession): Promise<readonly TaskResult[]> {
  const tasks = new Tasks(run, session);
  return tasks.untilEnded();
}

class Tasks {
  private readonly run: TaskRun;
  private readonly session: TaskSession;
  private readonly queue: PQueue;
  private readonly tasks: readonly Task[];
  private readonly results = new Map<number, TaskResult>();
  private readonly started = new Set<number>();
  private stopped: Promise<void> | undefined;

  constructor(run: TaskRun, session: TaskSession) {
    this.run = run;
    this.session = session;
    this.queue = new PQueue({ concurrency: run.maxConcurrency });
    this.tasks = run.requests.map((request, position) => ({
      request,
      index: run.goesOn?.indexes[position] ?? position,
    }));
  }

  async untilEnded(): Promise<readonly TaskResult[]> {
    const { goesOn, stopping } = this.run;
    if (!goesOn) await this.announce();
    const stop = (): void => void this.stop(); // Never rejects; its ends are awaited below.
    stopping.addEventListener('abort', stop, { once: true });
    await Promise.allSettled([
      ...(goesOn?.underWay ?? []).map((ended) => this.queue.add(() => this.follow(ended))),
      ...this.tasks.map(({ request, index }) => this.queue.add(() => this.take(request, index))),
    ]);
    stopping.removeEventListener('abort', stop);
    if (stopping.aborted) await this.stop();
    return this.tasks.map(
      ({ request, index }) => this.results.get(index) ?? { ...placeOf(request, index), status: 'open' },
    );
  }

  private async follow(ended: Promise<RunEnding>): Promise<void> {
    const { status } = await ended;
    if (this.run.failFast && status !== 'completed')
      await this.skipWaiting(`A task that went on ended as ${status}, and failFast is set.`);
  }

  private announce(): Promise<void> {
    const { callId, requests, maxConcurrency, failFast, saveFile, debugStatistics, warnings = [] } = this.run;
    const queued = { requests: requests.map(queuedTask) };
    const isReading = this.run.readsInstructions === true;
    return this.session.recorder.record(
      {
        type: 'tasks.queued',
        ...(callId !== undefined && { callId }),
        notes: requests.map(noteOf),
        maxConcurrency,
        failFast,
        ...(saveFile && { saveFile: saveFile.path }),
        ...(debugStatistics && { debugStatistics }),
        // A call that was cut off is its agent's to repeat.
        ...(callId === undefined && queued),
        ...(isReading && { readsInstructions: true }),
        ...(warnings.length > 0 && { warnings }),
      },
      'durable',
    );
  }

  private async take(request: TaskRequest, index: number): Promise<void> {
    if (this.run.stopping.aborted || this.started.has(index)) return;
    this.started.add(index);
    const result = await this.carryOut(request, index);
    await this.settle(result);
    if (this.run.failFast && result.status !== 'completed') await this.skipWaiting(failFastReason(result));
  }

  private async carryOut(request: TaskRequest, index: number): Promise<TaskResult> {
    const place = placeOf(request, index);
    try {
      const started =
        request.kind === 'spawn' ? await this.spawn(request) : await this.continueRun(request, index);
      if (!started.ok) return await this.skip(request, index, started.error.message);
      const { agentId } = started;
      const sessionId = sessionIdOf(request, this.session);
      const ending = await started.ended;
      if (request.kind === 'continue') await this.recordEnd(index, ending);
      return { ...place, status: ending.status, sessionId, agentId, ending };
    } catch (error) {
      return this.skip(request, index, `AllSettled itself failed: ${String(error)}`);
    }
  }

  private spawn({ request }: Extract<TaskRequest, { kind: 'spawn' }>): Promise<StartedAgentRun | Refused> {
    return this.session.subAgents.spawn(request, this.run.caller, this.run.told);
  }

  private async continueRun(
    request: Extract<TaskRequest, { kind: 'continue' }>,
    index: number,
  ): Promise<StartedAgentRun | Refused> {
    const { caller, told, stopping } = this.run;
    const { continues, session, prompt } = request;
    const isOwn = session === this.session;
    const { state } = session.recorder;
    // In another session nobody else would stop it, and its parent there did not ask for it: this list hears of its ending.
    const place = isOwn
      ? caller
      : {
          callId: `${this.session.recorder.state.id}/tasks/${index}`,
          permission: caller.permission,
          cwd: state.cwd,
          roots: state.roots,
        };
    const toldBy: ToldBy = isOwn ? told : { by: 'call', signal: stopping };
    await session.bind();
    const { agentId } = continues;
    const runs = session.recorder.state.agents.get(agentId)?.runs ?? [];
    const expected = runIdOf(agentId, runs.length + 1);
    // Before it begins, else a resume would give the prompt once more. A run that goes on follows one that is on record.
    if (prompt !== '') await this.recordContinued(index, { ...continues, runId: expected });
    const started = await session.subAgents.resume(agentId, prompt, place, toldBy);
    if (started.ok && (prompt === '' || started.runId !== expected))
      await this.recordContinued(index, { ...continues, runId: started.runId });
    return started;
  }

  private recordContinued(
    index: number,
    continues: Extract<EventBody, { type: 'task.continued' }>['continues'],
  ): Promise<void> {
    return this.session.recorder.record(
      { type: 'task.continued', ...this.callOfTasks(), index, continues },
      'durable',
    );
  }

  private recordEnd(index: number, ending: RunEnding): Promise<void> {
    return this.session.recorder.record(
      { type: 'task.ended', ...this.callOfTasks(), index, ending },
      'durable',
    );
  }

  private async skip(request: TaskRequest, index: number, reason: string): Promise<TaskResult> {
    const place = placeOf(request, index);
    await this.session.recorder.record(
      { type: 'task.skipped', ...this.callOfTasks(), ...place, reason },
      'durable',
    );
    return { ...place, status: 'skipped', reason };
  }

  private callOfTasks(): { readonly callId?: CallId } {
    const { callId } = this.run;
    return callId === undefined ? {} : { callId };
  }

  /** Those that have not begun. */
  private async skipWaiting(reason: string): Promise<void> {
    const waiting = this.tasks.filter(({ index }) => !this.started.has(index));
    for (const { index } of waiting) this.started.add(index);
    for (const { request, index } of waiting) await this.settle(await this.skip(request, index, reason));
  }

  private stop(): Promise<void> {
    const why = this.run.stopping.reason as TasksStop;
    this.stopped ??= why === 'host' ? Promise.resolve() : this.skipWaiting(stopTexts[why]);
    return this.stopped;
  }

  private async settle(result: TaskResult): Promise<void> {
    const problem = await this.save(result);
    if (problem !== undefined) this.run.onNotSaved(problem, result.index);
    this.results.set(result.index, result);
  }

  private save(result: TaskResult): Promise<string | undefined> {
    const output = taskOutput(result, this.statisticsOf(result));
    return this.run.saveFile && output
      ? this.run.saveFile.append(formatAgentOutput(withoutKey(output, this.run.keyInUse?.())))
      : Promise.resolve(undefined);
  }

  private statisticsOf(result: TaskResult): RunStatistics | undefined {
    if (!this.run.debugStatistics || !('agentId' in result)) return undefined;
    const request = this.tasks.find(({ index }) => index === result.index)?.request;
    const { state } = (request?.kind === 'continue' ? request.session : this.session).recorder;
    const run = state.agents.get(result.agentId)?.runs.at(-1);
    return run && runStatistics(state, run);
  }
}

/** The reason why a task never began, where another one ended so and the list is to stop then. */
export function failFastReason(failed: {
  readonly index: number;
  readonly note: string;
  readonly status: string;
}): string {
  return `tasks[${failed.index}] (${failed.note}) ended as ${failed.status}, and failFast is set.`;
}

interface Task {
  readonly request: TaskRequest;
  readonly index: number;
}

const stopTexts: Readonly<Record<Exclude<TasksStop, 'host'>, string>> = {
  person: 'The run was stopped before this task began.',
  parent: 'The parent agent was stopped before this task began.',
};

function queuedTask(request: TaskRequest): QueuedTask {
  if (request.kind === 'spawn') return request;
  const { kind, note, prompt, continues } = request;
  return { kind, note, prompt, continues };
}

function noteOf(request: TaskRequest): string {
  return request.kind === 'spawn' ? request.request.label : request.note;
}

function placeOf(request: TaskRequest, index: number): { readonly index: number; readonly note: string } {
  return { index, note: noteOf(request) };
}

function sessionIdOf(request: TaskRequest, session: TaskSession): string {
  return request.kind === 'continue' ? request.continues.sessionId : session.recorder.state.id;
}
