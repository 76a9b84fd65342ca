/** The parallel agents that a person asked for: checks them, runs each list in a session of its own, and stops them. */
import path from 'node:path';
import type { Permission, RunEnding } from '../core/agents.ts';
import type { SessionEvent, SessionId } from '../core/events.ts';
import type { Files } from '../core/filePorts.ts';
import type { Log, Recorder } from '../core/ports.ts';
import type { SessionState } from '../core/states.ts';
import { interruptedTasks, ownTaskList, unsavedText } from '../core/taskLists.ts';
import type { TaskResult, TaskSessions, UnsavedAnswers } from '../core/tasks.ts';
import { formatAgentOutput, isSaveFile } from '../formats/agentOutput.ts';
import { continuationIdOf } from '../formats/continuationId.ts';
import { placedMessage } from '../formats/fileProblem.ts';
import { defaultConcurrency } from '../formats/limits.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { SaveFile, type OpenedSaveFile } from '../store/saveFile.ts';
import { completeSaveFile } from '../tools/completeSaveFile.ts';
import { runTasks, type TaskRun, type TasksStop } from '../tools/runTasks.ts';
import { taskOutput } from '../tools/taskOutput.ts';
import { taskRequests, type TaskRequests } from '../tools/taskRequests.ts';
import type { LiveSession } from './liveSession.ts';
import type { OpenSessions, SessionAbout } from './openSessions.ts';
import { restOfTasks } from './restOfTasks.ts';
import type { EndedAgents, RunAgentsOptions, StartedAgents } from './runtime.ts';

export interface TaskRunsPorts {
  readonly files: Files;
  readonly log: Log;
  /** Absolute; nothing writes there. */
  readonly stateDir: string;
  readonly sessions: TaskSessions;
  readonly tools: () => readonly string[];
  /** Is masked in what is saved. */
  readonly keyInUse: () => string | undefined;
  /** `permission`: the most that its agents may do. */
  readonly start: (
    about: Omit<SessionAbout, 'bounds'>,
    permission: Permission,
    isTrusted: boolean,
  ) => Promise<LiveSession>;
}

interface UnderWay {
  /** Nothing more starts. */
  readonly stopping: AbortController;
  /** What runs is stopped; also what was about to, when its session was stopped. */
  readonly told: AbortController;
  readonly recorder: Recorder;
  readonly saveFile: SaveFile | undefined;
  readonly settled: Promise<unknown>;
}

type ListToRun = Pick<
  TaskRun,
  | 'requests'
  | 'goesOn'
  | 'maxConcurrency'
  | 'failFast'
  | 'debugStatistics'
  | 'readsInstructions'
  | 'warnings'
  | 'caller'
>;

/** The file of a list that is under way, and the tasks whose answers could not be saved when they came. */
interface AnswersToSave {
  readonly saveFile: SaveFile;
  readonly failed: Set<number>;
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
    const { withoutSaveFile } = options;
    const isNamed = options.saveFile !== undefined || agents.saveFile !== undefined;
    if (withoutSaveFile !== undefined && !isNamed) {
      const unnamed = { path: [], message: withoutSaveFile };
      return { ok: false, problems: [...(made.ok ? [] : made.problems), unnamed] };
    }
    if (!made.ok) return made;
    const opened = await this.openSaveFile(options);
    if (opened?.ok === false)
      return { ok: false, problems: [{ path: ['saveFile'], message: opened.message }] };
    return this.start(options, made, opened?.file);
  }

  /** Nothing more starts; what runs ends. */
  stop(sessionId: SessionId, why: TasksStop): void {
    const run = this.underWay.get(sessionId);
    if (!run || run.stopping.signal.aborted) return;
    run.stopping.abort(why);
    run.told.abort({ by: why });
    // Now, because the journal is closed once the last agent has ended. It is told by its next host.
    if (why === 'host') void run.recorder.record({ type: 'tasks.interrupted' }, 'durable');
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
  afterEvent(event: SessionEvent, session: LiveSession | undefined): void {
    if (event.type !== 'run.ended' || !session) return;
    const { state } = session.recorder;
    const agent = state.agents.get(event.agentId);
    const saveFile = ownTaskList(state)?.saveFile;
    const isKnown = this.continued.has(continuationIdOf({ sessionId: state.id, agentId: event.agentId }));
    if (!agent?.task || agent.parent || agent.runs.length < 2 || saveFile === undefined || isKnown) return;
    const { ending, agentId } = event;
    const { index } = agent.task;
    const result = { ...agent.task, status: ending.status, sessionId: state.id, agentId, ending };
    const saving = session
      .during(async () => {
        const problem = await this.saveLater(saveFile, result);
        if (problem !== undefined) await this.noteUnsaved(session, index, problem);
      })
      .finally(() => this.saving.delete(saving));
    this.saving.add(saving);
  }

  private async saveLater(
    saveFile: string,
    result: Extract<TaskResult, { sessionId: string }>,
  ): Promise<string | undefined> {
    const output = taskOutput(result, undefined);
    if (!output) return undefined;
    const live = this.underWay.get(result.sessionId)?.saveFile;
    if (live) return live.append(formatAgentOutput(output));
    const opened = await SaveFile.openAt(saveFile, isSaveFile);
    if (!opened.ok) return opened.message;
    const problem = await opened.file.append(formatAgentOutput(output));
    await opened.file.close();
    return problem;
  }

  /** A list that had ended is interrupted again, so that a resume adds the answer. One under way completes its file itself. */
  private async noteUnsaved({ recorder }: LiveSession, index: number, why: string): Promise<void> {
    this.ports.log.warn(why);
    const list = ownTaskList(recorder.state);
    if (list?.end !== 'ended' && list?.unsaved === undefined) return;
    const indexes = [...new Set([...(list.unsaved?.indexes ?? []), index])].toSorted((a, b) => a - b);
    await recorder.record({ type: 'tasks.interrupted', unsaved: { indexes, why } }, 'durable');
  }

  private async start(
    options: RunAgentsOptions,
    { requests, warnings }: Extract<TaskRequests, { ok: true }>,
    saveFile: SaveFile | undefined,
  ): Promise<StartedAgents> {
    const { agents, file, cwd, roots, permission, isTrusted = false } = options;
    const title = file === undefined ? 'Agents' : path.basename(file);
    const session = await this.ports.start({ kind: 'agents', title, roots, cwd }, permission, isTrusted);
    const list = {
      requests,
      maxConcurrency: agents.maxConcurrency ?? defaultConcurrency,
      failFast: agents.failFast ?? false,
      debugStatistics: agents.debugStatistics ?? false,
      readsInstructions: isTrusted,
      warnings: warnings.map(placedMessage),
      caller: { permission, cwd, roots },
    };
    const { id: sessionId } = session.log.state;
    return { ok: true, sessionId, warnings, settled: this.carryOut(session, list, saveFile) };
  }

  /** Registers the list before anything is awaited, so that a stop finds it. */
  private carryOut(
    session: LiveSession,
    list: ListToRun,
    saveFile: SaveFile | undefined,
  ): Promise<EndedAgents> {
    const stopping = new AbortController();
    const told = new AbortController();
    const failed = new Set<number>();
    const onNotSaved = (problem: string, index: number): void => {
      failed.add(index);
      this.ports.log.warn(problem);
    };
    const continued = list.requests.flatMap((request) =>
      request.kind === 'continue' ? [continuationIdOf(request.continues)] : [],
    );
    for (const id of continued) this.continued.add(id);
    const run = {
      ...list,
      keyInUse: this.ports.keyInUse,
      told: { by: 'call', signal: told.signal } as const,
      ...(saveFile && { saveFile }),
      stopping: stopping.signal,
      onNotSaved,
    };
    const settled = runTasks(run, session).then(async (tasks) => {
      for (const id of continued) this.continued.delete(id);
      await this.finish(session, saveFile && { saveFile, failed }, stopping.signal);
      return { tasks };
    });
    const { recorder } = session;
    this.underWay.set(recorder.state.id, { stopping, told, recorder, saveFile, settled });
    return settled;
  }

  /** The list has ended once all its answers are in the file. Those that it lacks are named, for a resume to add. */
  private async finish(
    { recorder }: LiveSession,
    answers: AnswersToSave | undefined,
    stopping: AbortSignal,
  ): Promise<void> {
    await Promise.allSettled(this.saving);
    const unsaved = answers && (await this.complete(recorder.state, answers));
    await answers?.saveFile.close();
    if (stopping.reason !== ('host' satisfies TasksStop))
      await recorder.record(
        unsaved ? { type: 'tasks.interrupted', unsaved } : { type: 'tasks.ended' },
        'durable',
      );
    this.underWay.delete(recorder.state.id);
  }

  private complete(state: SessionState, answers: AnswersToSave): Promise<UnsavedAnswers | undefined> {
    const list = ownTaskList(state);
    const keyInUse = this.ports.keyInUse();
    return list ? completeSaveFile(state, list, { ...answers, keyInUse }) : Promise.resolve(undefined);
  }

  /**
   * Makes ready what is left of an interrupted list: answers on record that the save file lacks are added. What it returns
   * carries the rest out, beside the runs that go on, and settles when all has ended. Rejects with a message for a person.
   */
  async resume(session: LiveSession): Promise<(underWay: readonly Promise<RunEnding>[]) => Promise<unknown>> {
    const { state } = session.recorder;
    const list = interruptedTasks(state);
    if (!list?.requests) throw new Error('No parallel agents of this session were interrupted.');
    // Whoever began the list named this file, and was allowed to.
    const opened = list.saveFile === undefined ? undefined : await SaveFile.openAt(list.saveFile, () => true);
    if (opened?.ok === false) throw new Error(opened.message);
    const saveFile = opened?.file;
    if (list.readsInstructions) await session.readInstructions();
    const rest = await restOfTasks(session, list, this.ports);
    const unsaved = saveFile && (await this.complete(state, { saveFile, failed: new Set() }));
    if (unsaved) {
      await saveFile.close();
      throw new Error(unsavedText(list, unsaved));
    }
    const { maxConcurrency, failFast, debugStatistics = false } = list;
    const caller = { permission: rest.ceiling, cwd: state.cwd, roots: state.roots };
    return async (underWay) => {
      await session.recorder.record({ type: 'tasks.resumed' }, 'durable');
      const goesOn = { indexes: rest.indexes, underWay };
      const { requests } = rest;
      await this.carryOut(
        session,
        { requests, goesOn, maxConcurrency, failFast, debugStatistics, caller },
        saveFile,
      );
    };
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
    const place = { cwd: folder, roots: roots.includes(folder) ? roots : [...roots, folder] };
    const resolved = await resolveWritable(agents.saveFile, place, this.ports);
    return resolved.ok
      ? SaveFile.openAt(resolved.path, isSaveFile)
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
