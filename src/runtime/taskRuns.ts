/** The parallel agents that a person asked for: checks them, runs each list in a session of its own, and stops them. */
import path from 'node:path';
import type { SessionEvent, SessionId } from '../core/events.ts';
import type { Files, Log } from '../core/ports.ts';
import type { SessionState } from '../core/states.ts';
import type { TaskResult, TaskSessions } from '../core/tasks.ts';
import { formatAgentOutput, isSaveFile } from '../formats/agentOutput.ts';
import { continuationIdOf } from '../formats/continuationId.ts';
import { defaultConcurrency } from '../formats/limits.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { SaveFile, type OpenedSaveFile } from '../store/saveFile.ts';
import { runTasks, type TasksStop } from '../tools/runTasks.ts';
import { taskOutput } from '../tools/taskOutput.ts';
import { taskRequests, type TaskRequest } from '../tools/taskRequests.ts';
import type { LiveSession } from './liveSession.ts';
import type { OpenSessions, SessionAbout } from './openSessions.ts';
import type { RunAgentsOptions, StartedAgents } from './runtime.ts';

export interface TaskRunsPorts {
  readonly files: Files;
  readonly log: Log;
  /** Absolute; nothing writes there. */
  readonly stateDir: string;
  readonly sessions: TaskSessions;
  readonly tools: () => readonly string[];
  readonly start: (about: SessionAbout, isTrusted: boolean) => Promise<LiveSession>;
}

interface UnderWay {
  /** Nothing more starts. */
  readonly stopping: AbortController;
  /** What runs is stopped; also what was about to, when its session was stopped. */
  readonly told: AbortController;
  readonly settled: Promise<unknown>;
}

export class TaskRuns {
  private readonly ports: TaskRunsPorts;
  private readonly underWay = new Map<SessionId, UnderWay>();
  /** The conversations that lists under way go on with; they save these answers themselves. */
  private readonly continued = new Set<string>();
  private readonly saving = new Set<Promise<void>>();

  constructor(ports: TaskRunsPorts) {
    this.ports = ports;
  }

  /** Starts nothing where anything is wrong. */
  async run(options: RunAgentsOptions): Promise<StartedAgents> {
    const { agents, cwd, roots, permission: ceiling, isTrusted = false } = options;
    const { files, sessions, tools } = this.ports;
    const made = await taskRequests(
      { ...agents, cwd, roots, ceiling },
      { files, sessions, isTrusted, tools: tools() },
      new AbortController().signal,
    );
    if (!made.ok) return made;
    const opened = await this.openSaveFile(options);
    if (opened?.ok === false)
      return { ok: false, problems: [{ path: ['saveFile'], message: opened.message }] };
    return this.start(options, made.requests, opened?.file);
  }

  /** Nothing more starts; what runs ends. */
  stop(sessionId: SessionId, why: TasksStop): void {
    const run = this.underWay.get(sessionId);
    run?.stopping.abort(why);
    run?.told.abort({ by: why });
  }

  stopAll(why: TasksStop): void {
    for (const sessionId of this.underWay.keys()) this.stop(sessionId, why);
  }

  /** Settles when every answer of what was under way is saved. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.underWay.values()].map((run) => run.settled));
    await Promise.allSettled(this.saving);
  }

  /** A task that went on later, by a follow-up or because it was resumed, is saved where the others of its list are. */
  afterEvent(event: SessionEvent, state: SessionState | undefined): void {
    if (event.type !== 'run.ended' || !state) return;
    const agent = state.agents.get(event.agentId);
    const saveFile = state.taskLists[0]?.saveFile;
    const isKnown = this.continued.has(continuationIdOf({ sessionId: state.id, agentId: event.agentId }));
    if (!agent?.task || agent.parent || agent.runs.length < 2 || saveFile === undefined || isKnown) return;
    const { ending, agentId } = event;
    const saving = this.saveLater(saveFile, {
      ...agent.task,
      status: ending.status,
      sessionId: state.id,
      agentId,
      ending,
    }).finally(() => this.saving.delete(saving));
    this.saving.add(saving);
  }

  private async saveLater(saveFile: string, result: TaskResult): Promise<void> {
    const output = taskOutput(result, undefined);
    const opened = await SaveFile.open(saveFile, isSaveFile);
    const problem = opened.ok && output ? await opened.file.append(formatAgentOutput(output)) : undefined;
    if (opened.ok) await opened.file.close();
    const why = opened.ok ? problem : opened.message;
    if (why !== undefined) this.ports.log.warn(why);
  }

  private async start(
    options: RunAgentsOptions,
    requests: readonly TaskRequest[],
    saveFile: SaveFile | undefined,
  ): Promise<StartedAgents> {
    const { agents, file, cwd, roots, permission, isTrusted = false } = options;
    const title = file === undefined ? 'Agents' : path.basename(file);
    const session = await this.ports.start({ kind: 'agents', title, roots, cwd }, isTrusted);
    const sessionId = session.log.state.id;
    const stopping = new AbortController();
    const told = new AbortController();
    const notSaved: string[] = [];
    const continued = requests.flatMap((request) =>
      request.kind === 'continue' ? [continuationIdOf(request.continues)] : [],
    );
    for (const id of continued) this.continued.add(id);
    const settled = runTasks(
      {
        requests,
        maxConcurrency: agents.maxConcurrency ?? defaultConcurrency,
        failFast: agents.failFast ?? false,
        debugStatistics: agents.debugStatistics ?? false,
        caller: { permission, cwd, roots },
        told: { by: 'call', signal: told.signal },
        ...(saveFile && { saveFile }),
        stopping: stopping.signal,
        onNotSaved: (problem) => {
          notSaved.push(problem);
          this.ports.log.warn(problem);
        },
      },
      session,
    ).then((results) => {
      for (const id of continued) this.continued.delete(id);
      return this.finish(sessionId, results, saveFile, notSaved);
    });
    this.underWay.set(sessionId, { stopping, told, settled });
    return { ok: true, sessionId, settled };
  }

  private async finish(
    sessionId: SessionId,
    tasks: readonly TaskResult[],
    saveFile: SaveFile | undefined,
    notSaved: readonly string[],
  ): Promise<{ readonly tasks: readonly TaskResult[]; readonly notSaved: readonly string[] }> {
    await saveFile?.close();
    this.underWay.delete(sessionId);
    return { tasks, notSaved };
  }

  /** A person may name any file; what a file names has to lie beside it or in the workspace, and be a save file already. */
  private async openSaveFile(options: RunAgentsOptions): Promise<OpenedSaveFile | undefined> {
    const { agents, file, cwd, roots, saveFile } = options;
    if (saveFile !== undefined) {
      if (saveFile === file)
        return { ok: false, message: `${saveFile} is the agents file itself. Name another file.` };
      return SaveFile.open(saveFile, () => true);
    }
    if (agents.saveFile === undefined) return undefined;
    const folder = file === undefined ? cwd : path.dirname(file);
    const place = { cwd: folder, roots: [...roots, folder] };
    const resolved = await resolveWritable(agents.saveFile, place, this.ports);
    return resolved.ok
      ? SaveFile.open(resolved.path, isSaveFile)
      : { ok: false, message: resolved.error.message };
  }
}

/** The sessions that tasks may go on with. */
export function taskSessions(
  open: OpenSessions,
  reopen: (id: SessionId) => Promise<LiveSession>,
): TaskSessions {
  return {
    find: (id) => {
      const session = open.get(id);
      return session && open.isOurs(id) ? session : undefined;
    },
    open: async (id) => {
      const session = await reopen(id);
      if (open.isOurs(id)) return session;
      throw new Error('another window or terminal has it');
    },
  };
}
