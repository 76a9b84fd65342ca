/** Puts the rooms together: the one place that names tools and models. */
import { narrower, type AgentId, type Permission, type WorktreeFate } from '../core/agents.ts';
import { Emitter } from '../core/emitter.ts';
import type { LiveEvent, SessionEvent, SessionId } from '../core/events.ts';
import type { Model } from '../core/models.ts';
import type { Diagnostics, Files, TextSearch } from '../core/filePorts.ts';
import type { OutputReader } from '../core/outputPorts.ts';
import type { Approvals, Clock, Log, Secrets, Settings, UnsavedSessions } from '../core/ports.ts';
import type { Processes, RunningProcesses } from '../core/processPorts.ts';
import type { Sandbox } from '../core/sandboxPorts.ts';
import type { AskedBounds } from '../core/sessionBounds.ts';
import type { Shell } from '../core/shell.ts';
import type { EditedFile, Proposal } from '../core/calls.ts';
import type { SessionState } from '../core/states.ts';
import { waitingApprovals } from '../core/waitingApprovals.ts';
import { agentToolNames } from '../core/subAgents.ts';
import type { Tool } from '../core/tools.ts';
import type { WorktreeOwner, Worktrees } from '../core/worktrees.ts';
import { nonceOf } from '../agents/notificationNonce.ts';
import { Lanes } from '../engine/lanes.ts';
import { Locks } from '../engine/locks.ts';
import { createReplayModel } from '../models/replay.ts';
import { isCoveredByPrefix } from '../safety/commandPrefix.ts';
import { openJournalFile } from '../store/journalFile.ts';
import { readKeptText } from '../store/keptTexts.ts';
import { SessionFolders } from '../store/sessionFolders.ts';
import { SessionShelf } from '../store/sessionShelf.ts';
import { ownerOf } from '../store/sessionOwner.ts';
import { createTools } from '../tools/allTools.ts';
import { createNewErrors } from '../tools/newErrors.ts';
import { ApiAccount } from './apiAccount.ts';
import { ApprovalAnswers, type AnswerFate } from './approvalAnswers.ts';
import { createApprovalRules } from './approvalRules.ts';
import { createFileMemory } from './fileMemory.ts';
import { exportSession, type ExportForm } from './exportSession.ts';
import { GivenFolders, withNestedInstructions } from './nestedInstructions.ts';
import { KeyInUse, LiveMask } from './keyInUse.ts';
import type { LiveSession } from './liveSession.ts';
import { OpenSessions, type SessionAbout } from './openSessions.ts';
import { PastSessions } from './pastSessions.ts';
import { BoundsHere, type BoundsNow } from './programBounds.ts';
import { editTexts } from './editTexts.ts';
import { editToolsOn } from './editToolsOn.ts';
import { endedTurns } from './endedTurns.ts';
import { proposalOf } from './proposals.ts';
import { dismissInterruption, resumeSession, type ResumedWork } from './resumeSession.ts';
import { Reverts } from './reverts.ts';
import { firstWords, rootAgent } from './rootAgent.ts';
import { sessionPorts, type SharedPorts } from './sessionPorts.ts';
import { askedBatch, batchCalls, batchRecords, batchRequest } from './requestedBatch.ts';
import type {
  RunAgentsOptions,
  RunBatchOptions,
  Runtime,
  StartAgentOptions,
  StartedAgents,
  StartedBatch,
  StartedRun,
} from './runtime.ts';
import { createWorktrees } from './worktrees.ts';
import { TaskRuns, taskSessions } from './taskRuns.ts';

export interface RuntimePorts {
  readonly host: { readonly name: string; readonly version: string };
  /** Absolute; sessions live below it. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly approvals: Approvals;
  readonly unsaved: UnsavedSessions;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly files: Files;
  /** Absent: there is no editor with language services. */
  readonly diagnostics?: Diagnostics;
  readonly textSearch: TextSearch;
  readonly processes: Processes;
  readonly shell: Shell;
  /** Absent: commands can't be confined. */
  readonly sandbox?: Sandbox;
  readonly runningProcesses: RunningProcesses;
  readonly outputReader: OutputReader;
  /** Opens a session's journal for writing; the disk's own where absent. */
  readonly openJournalFile?: typeof openJournalFile;
  /** A short random text, different each time. */
  newId(): string;
}

/** The caller disposes it, which stops all that is under way. */
export function createRuntime(ports: RuntimePorts): Runtime {
  return new SessionRuntime(ports);
}

class SessionRuntime implements Runtime {
  readonly onEvent: Runtime['onEvent'];
  readonly onLive: Runtime['onLive'];
  readonly tools: readonly Tool[];
  readonly catalog: Runtime['catalog'];
  readonly worktrees: Worktrees;
  private readonly ports: RuntimePorts;
  private readonly open: OpenSessions;
  private readonly live: Emitter<LiveEvent>;
  private readonly lanes: Lanes;
  private readonly locks = new Locks();
  private readonly account: ApiAccount;
  private readonly bounds: BoundsHere;
  private readonly folders: SessionFolders;
  private readonly past: PastSessions;
  private readonly askApi = (): Model => this.account.model;
  private readonly taskRuns: TaskRuns;
  private readonly reverts: Reverts;
  private readonly answers = new ApprovalAnswers();
  private readonly toolsByName: ReadonlyMap<string, Tool>;
  private readonly key: KeyInUse;
  private readonly liveMask: LiveMask;

  constructor(given: RuntimePorts) {
    this.key = new KeyInUse(given.secrets);
    this.liveMask = new LiveMask(this.key.now);
    const ports = { ...given, log: this.key.maskedLog(given.log) };
    const { clock, log, settings } = ports;
    const onError = (error: unknown): void => log.error('A listener failed.', error);
    const events = new Emitter<SessionEvent>(onError);
    this.ports = ports;
    this.bounds = new BoundsHere(ports);
    const boundsNow = (id: SessionId): BoundsNow => this.bounds.now(this.session(id)?.bounds ?? {});
    this.live = new Emitter<LiveEvent>(onError);
    this.onEvent = events.event;
    this.onLive = this.live.event;
    const { files } = ports;
    const nested = { files, stateOf: (id: SessionId) => this.session(id) };
    const givenFolders = new GivenFolders();
    const tools = createTools({
      ...ports,
      calls: { find: (sessionId, callId) => this.session(sessionId)?.calls.get(callId)?.state },
      ...(ports.diagnostics && { newErrors: createNewErrors({ clock, diagnostics: ports.diagnostics }) }),
      memory: createFileMemory((id) => this.open.get(id)?.log, ports.files, this.key.now),
      settings: {
        permission: () => settings.permission?.() ?? 'unlimited',
        sandbox: (id) => boundsNow(id).sandbox,
      },
      reviewsEdits: (id) => boundsNow(id).reviewsEdits,
      subAgents: { find: (sessionId) => this.open.get(sessionId)?.subAgents },
      keyInUse: this.key.now,
      tasks: { find: (sessionId) => sessions.find(sessionId), open: (id) => sessions.open(id) },
    });
    this.tools = tools.map((tool) => withNestedInstructions(tool, nested, givenFolders));
    this.toolsByName = new Map(this.tools.map((tool) => [tool.name, tool]));
    this.catalog = catalogOf(this.toolsByName);
    this.lanes = new Lanes(settings.lanes());
    this.account = new ApiAccount({ clock, settings, lanes: this.lanes, key: this.key });
    this.folders = new SessionFolders(ports.stateDir);
    this.past = new PastSessions({ ...ports, isOwned: (id) => this.open.isOwned(id) });
    this.worktrees = createWorktrees(ports);
    const shared: SharedPorts = {
      ...ports,
      rules: createApprovalRules({ settings, log, isCoveredByPrefix }),
      folders: this.folders,
      tools: this.tools,
      toolsByName: this.toolsByName,
      lanes: this.lanes,
      locks: this.locks,
      account: this.account,
      worktrees: this.worktrees,
      bounds: this.bounds,
      boundsNow,
      show: (event) => {
        const shown = this.liveMask.masked(event);
        if (shown) this.live.fire(shown);
      },
      ceilingOf: (id) => this.session(id)?.bounds?.permission,
      keyInUse: this.key.now,
    };
    this.open = new OpenSessions({
      folders: this.folders,
      shelf: new SessionShelf(ports.stateDir),
      host: { ...ports.host, pid: process.pid },
      clock,
      log,
      newId: () => ports.newId(),
      unsaved: ports.unsaved,
      keyInUse: this.key.now,
      runningProcesses: ports.runningProcesses,
      files: ports.files,
      openJournalFile: ports.openJournalFile ?? openJournalFile,
      killAll: () => ports.processes.killAll(),
      onEvent: (event) => events.fire(event),
      portsOf: (id) => sessionPorts(id, shared),
    });
    this.reverts = new Reverts({ ...ports, folders: this.folders, locks: this.locks });
    const sessions = taskSessions(this.open, (id) => this.open.reopen(id, this.askApi));
    this.taskRuns = new TaskRuns({
      ...ports,
      sessions,
      tools: () => this.catalog.names,
      keyInUse: this.key.now,
      start: (about, permission, isTrusted) => this.startAgents(about, permission, isTrusted),
    });
    this.onEvent((event) => this.liveMask.forget(event));
    this.onEvent((event) => this.taskRuns.afterEvent(event, this.open.get(event.sessionId)));
  }

  sessions(): readonly SessionState[] {
    return this.open.all().map((session) => session.log.state);
  }

  session(id: SessionId): SessionState | undefined {
    return this.open.get(id)?.log.state;
  }

  pastSessions(): ReturnType<Runtime['pastSessions']> {
    return this.past.list();
  }

  async openSession(id: SessionId, replay?: readonly SessionEvent[]): Promise<SessionState> {
    const modelOf = (state: SessionState): Model =>
      replay ? createReplayModel(replay, { playedTurns: endedTurns(state) }) : this.account.model;
    return (await this.open.reopen(id, modelOf)).log.state;
  }

  async resume(sessionId: SessionId, agentId?: AgentId, asked?: AskedBounds): Promise<ResumedWork> {
    const session = await this.continued(sessionId, asked);
    return resumeSession(session, agentId, () => this.taskRuns.resume(session));
  }

  async resumeAll(sessionId: SessionId): Promise<ResumedWork> {
    const session = await this.continued(sessionId);
    return resumeSession(session, undefined, () => this.taskRuns.resume(session), true);
  }

  private async continued(sessionId: SessionId, asked?: AskedBounds): Promise<LiveSession> {
    await this.account.note();
    this.lanes.resize(this.ports.settings.lanes());
    const session = await this.writable(sessionId);
    await session.bind(asked);
    return session;
  }

  async dismiss(sessionId: SessionId, agentId?: AgentId): Promise<void> {
    const session = await this.writable(sessionId);
    // The starter of a dismissed agent is woken only if the session may continue here.
    if (agentId !== undefined) await session.bind().catch(() => undefined);
    await dismissInterruption(session, agentId);
  }

  waitingApprovals(): ReturnType<Runtime['waitingApprovals']> {
    return this.sessions().flatMap((state) => (this.open.isOurs(state.id) ? waitingApprovals(state) : []));
  }

  async answerApproval(
    ...[request, answer, reason]: Parameters<Runtime['answerApproval']>
  ): Promise<AnswerFate> {
    const { sessionId } = request;
    const session = await this.writable(sessionId, 'Answer it there.');
    return this.answers.take(session, request, answer, (agentId) => this.resume(sessionId, agentId), reason);
  }

  proposalOf(...[sessionId, callId, signal]: Parameters<Runtime['proposalOf']>): Promise<Proposal> {
    return proposalOf(this.session(sessionId), callId, this.toolsByName, signal);
  }

  async editTexts(
    ...[sessionId, callId, signal]: Parameters<Runtime['editTexts']>
  ): Promise<readonly EditedFile[]> {
    const state = this.session(sessionId);
    const keptText = (hash: string): Promise<string | undefined> => this.keptText(sessionId, hash);
    const editOf = (before: string | undefined): Promise<Proposal> =>
      proposalOf(state, callId, editToolsOn(before, this.ports), signal);
    const ports = { files: this.ports.files, keptText, editOf };
    return state ? editTexts(state, callId, ports, signal) : [];
  }

  async noteWorktree({ sessionId, agentId }: WorktreeOwner, fate: WorktreeFate): Promise<void> {
    const { recorder } = await this.writable(sessionId);
    await recorder.record({ type: 'worktree.settled', agentId, fate }, 'durable');
  }

  async planRevert(
    ...[sessionId, target]: Parameters<Runtime['planRevert']>
  ): ReturnType<Runtime['planRevert']> {
    return this.reverts.plan(await this.writable(sessionId, 'Revert there.'), target);
  }

  async revert(...[plan, options, signal]: Parameters<Runtime['revert']>): ReturnType<Runtime['revert']> {
    return this.reverts.carryOut(await this.writable(plan.sessionId, 'Revert there.'), plan, options, signal);
  }

  keptText(sessionId: SessionId, hash: string): Promise<string | undefined> {
    return readKeptText(hash, this.folders.blobs(sessionId));
  }

  async exportSession(id: SessionId, form: ExportForm): Promise<string> {
    await this.key.note();
    // What was written before the key was set is in the journal as it came.
    return this.key.mask(await exportSession(id, form, this.folders));
  }

  async deleteSession(id: SessionId): Promise<void> {
    await this.open.forget(id);
    await this.past.delete(id);
  }

  async startAgent(options: StartAgentOptions): Promise<StartedRun> {
    const { prompt, replay, roots, cwd } = options;
    // What is played from a transcript asks for nothing that its caller has not seen.
    const permission = replay ? options.permission : this.allowed(options.permission);
    const label = options.label ?? firstWords(prompt);
    await this.account.note();
    const bounds = await this.bounds.ofNew(permission, replay ? { kind: 'transcript' } : this.bounds.api());
    const session = await this.open.start(
      { kind: 'agent', title: label, roots, cwd, bounds },
      replay ? createReplayModel(replay) : this.account.model,
    );
    if (options.readsInstructions) await session.readInstructions();
    const { instructions } = session;
    const agentId: AgentId = 'agent-1';
    await session.log.record(
      rootAgent(agentId, {
        prompt,
        label,
        model: options.model ?? (replay ? 'replay' : this.ports.settings.model()),
        facts: { roots, cwd, permission, platform: process.platform },
        instructions,
        nonce: nonceOf(session.log.state, agentId),
        tools: this.rootTools(),
      }),
      'durable',
    );
    return this.startRun(session, agentId, prompt);
  }

  async followUp(sessionId: SessionId, agentId: AgentId, prompt: string): Promise<StartedRun> {
    await this.account.note();
    // Read back again where another program had it, which may be gone by now.
    const session = this.open.get(sessionId) && (await this.open.reopen(sessionId, this.askApi));
    const agent = session?.log.state.agents.get(agentId);
    if (!session || !agent) throw new Error('That conversation is not open. Open its session first.');
    if (session.hasRunOf(agentId))
      throw new Error(`${agent.label} is still at work. Stop it first, or wait until it has ended.`);
    if (!this.open.isOurs(sessionId))
      throw new Error('Another window or terminal has this session. Send the follow-up there.');
    await session.bind();
    return this.startRun(session, agentId, prompt);
  }

  async runBatch(asked: RunBatchOptions): Promise<StartedBatch> {
    const options = { ...asked, permission: this.allowed(asked.permission) };
    const { file, cwd, roots } = options;
    await this.key.note();
    const title = file?.split(/[\\/]/).at(-1) ?? 'Batch';
    const bounds = await this.bounds.ofNew(options.permission);
    const about = { kind: 'batch', title, roots, cwd, batch: askedBatch(options), bounds } as const;
    const session = await this.open.start(about, this.account.model);
    this.lanes.resize(this.ports.settings.lanes());
    const sessionId = session.log.state.id;
    const settled = session
      .runBatch(batchRequest(options, sessionId), batchCalls(options))
      .then(() => batchRecords(session.log.state, this.ports.clock.now()));
    return { sessionId, settled };
  }

  async runAgents(options: RunAgentsOptions): Promise<StartedAgents> {
    await this.account.note();
    return this.taskRuns.run({ ...options, permission: this.allowed(options.permission) });
  }

  stopAgent(sessionId: SessionId, agentId: AgentId): void {
    this.open.get(sessionId)?.stopAgent(agentId, 'person');
  }

  stopSession(sessionId: SessionId): void {
    this.open.get(sessionId)?.stopAll('person');
    this.taskRuns.stop(sessionId, 'person');
  }

  stopAll(): void {
    for (const session of this.open.all()) session.stopAll('person');
    this.taskRuns.stopAll('person');
  }

  cancelTurn(sessionId: SessionId, turnId: string): void {
    this.open.get(sessionId)?.cancelTurn(turnId, 'person');
  }

  cancelCall(sessionId: SessionId, callId: string): void {
    this.open.get(sessionId)?.cancelCall(callId, 'person');
  }

  leftoverWorktrees(): ReturnType<Runtime['leftoverWorktrees']> {
    const { runningProcesses } = this.ports;
    return this.worktrees.leftovers(
      async (id) => (await ownerOf(this.folders.owners(id), runningProcesses)) !== undefined,
    );
  }

  listModels(signal: AbortSignal): ReturnType<Runtime['listModels']> {
    return this.account.listModels(signal);
  }

  async dispose(): Promise<void> {
    this.taskRuns.stopAll('host');
    await this.open.close();
    await this.taskRuns.settled();
    this.account.lane.release();
  }

  disposeNow(): void {
    this.open.closeNow();
  }

  /** An open session that this program may go on with. */
  private async writable(
    sessionId: SessionId,
    elsewhere = 'Resume or dismiss it there.',
  ): Promise<LiveSession> {
    const session = await this.open.reopen(sessionId, this.askApi);
    if (this.open.isOurs(sessionId)) return session;
    throw new Error(`Another window or terminal has this session. ${elsewhere}`);
  }

  private async startAgents(
    about: Omit<SessionAbout, 'bounds'>,
    permission: Permission,
    isTrusted: boolean,
  ): Promise<LiveSession> {
    const bounds = await this.bounds.ofNew(permission);
    const session = await this.open.start({ ...about, bounds }, this.account.model);
    if (isTrusted) await session.readInstructions();
    this.lanes.resize(this.ports.settings.lanes());
    return session;
  }

  private startRun(session: LiveSession, agentId: AgentId, prompt: string): Promise<StartedRun> {
    this.lanes.resize(this.ports.settings.lanes());
    return session.startRun(agentId, prompt);
  }

  /** No caller gets more than the user's setting, where there is one. */
  private allowed(permission: Permission): Permission {
    return narrower(permission, this.ports.settings.permission?.() ?? permission);
  }

  /** Those that start agents are not offered where none may be started. */
  private rootTools(): readonly string[] {
    const { names } = this.catalog;
    return this.bounds.now({}).depth > 0 ? names : names.filter((name) => !agentToolNames.includes(name));
  }
}

function catalogOf(byName: ReadonlyMap<string, Tool>): Runtime['catalog'] {
  return {
    names: [...byName.keys()],
    check: (name, input) => {
      const checked = byName.get(name)?.check(input);
      return checked && !checked.ok ? checked.problems : [];
    },
  };
}
