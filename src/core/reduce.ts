/** The one transition function: a session's state is the fold of its events. */
import { fileChangesOf, type Revert } from './reverts.ts';
import { agentOfBatch, outermostBatch } from './states.ts';
import type {
  Agent,
  AgentMessage,
  Batch,
  Call,
  Run,
  ContinuedTask,
  SessionState,
  TaskList,
  Turn,
} from './states.ts';
import { approvalKey, type CallOutput } from './calls.ts';
import type { EventBody, SessionEvent } from './events.ts';

type Draft<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, V>
    : T extends readonly (infer E)[]
      ? E[]
      : T extends object
        ? { -readonly [P in keyof T]: T[P] }
        : T;
type EventOf<T extends EventBody['type']> = Extract<SessionEvent, { readonly type: T }>;

/** An event that contradicts what came before it: the journal is damaged, or a writer is wrong. */
export class UnexpectedEventError extends Error {
  constructor(event: SessionEvent, why: string) {
    super(`Event ${event.seq} (${event.type}) of session ${event.sessionId} does not fit: ${why}`);
    this.name = 'UnexpectedEventError';
  }
}

/** The state after `session.started`, which is every journal's first event. */
export function startSession(event: SessionEvent): SessionState {
  if (event.type !== 'session.started')
    throw new UnexpectedEventError(event, 'a journal starts with session.started');
  return {
    id: event.sessionId,
    kind: event.kind,
    title: event.title,
    roots: event.roots,
    cwd: event.cwd,
    host: event.host,
    nonce: event.nonce ?? '',
    startedAt: event.at,
    lastAt: event.at,
    lastSeq: event.seq,
    agents: new Map(),
    turns: new Map(),
    batches: new Map(),
    calls: new Map(),
    allowed: new Set(),
    skippedTasks: [],
    taskLists: [],
    fileChanges: [],
    reverts: [],
    toolSets: new Map(),
  };
}

/**
 * Applies one event to the state, in place: a copy per event would make a batch of n calls cost n².
 * Call it only as the session's one writer. Events of unknown type are passed over.
 */
export function reduce(state: SessionState, event: SessionEvent): void {
  const draft = state as Draft<SessionState>;
  draft.lastSeq = event.seq;
  draft.lastAt = event.at;
  switch (event.type) {
    case 'session.started':
      throw new UnexpectedEventError(event, 'the session has started already');
    case 'session.reopened':
      draft.host = event.host;
      return;
    case 'agent.created':
      addAgent(state, event);
      return;
    case 'tools.described':
      agentOf(state, event).toolsHash = event.toolsHash;
      if (event.tools) mapOf(state.toolSets).set(event.toolsHash, event.tools);
      return;
    case 'run.queued':
      addRun(state, event);
      return;
    case 'run.started':
    case 'run.continued':
      runOf(state, event).state = { status: 'running' };
      return;
    case 'run.waiting':
      runOf(state, event).state = {
        status: 'waiting',
        waitingFor: event.waitingFor,
        ...(event.until !== undefined && { until: event.until }),
      };
      return;
    case 'run.ended':
      endRun(state, event);
      return;
    case 'run.dismissed':
      runOf(state, event).isDismissed = true;
      return;
    case 'worktree.settled':
      agentOf(state, event).worktreeFate = event.fate;
      return;
    case 'message.queued':
      queueMessage(state, event);
      return;
    case 'message.placed':
      placeMessages(state, event);
      return;
    case 'message.delivered':
      deliverMessages(state, event);
      return;
    case 'history.compacted':
      compactHistory(state, event);
      return;
    case 'task.skipped':
      skipTask(state, event);
      return;
    case 'tasks.queued':
      queueTasks(state, event);
      return;
    case 'tasks.interrupted':
    case 'tasks.dismissed':
    case 'tasks.ended':
      endTasks(state, event);
      return;
    case 'tasks.resumed':
      delete ownTasksOf(state, event).end;
      return;
    case 'task.continued':
      continueTask(state, event);
      return;
    case 'task.ended':
      endTask(state, event);
      return;
    case 'turn.started':
      startTurn(state, event);
      return;
    case 'block.received':
      push(turnOf(state, event).blocks, { index: event.index, block: event.block });
      return;
    case 'turn.ended':
      turnOf(state, event).state = { status: 'ended', stopReason: event.stopReason, usage: event.usage };
      return;
    case 'turn.discarded':
      turnOf(state, event).state = {
        status: 'discarded',
        reason: event.reason,
        ...(event.usage && { usage: event.usage }),
      };
      return;
    case 'batch.started':
      startBatch(state, event);
      return;
    case 'batch.interrupted':
      batchOf(state, event).cutOff = 'interrupted';
      return;
    case 'batch.resumed':
      delete batchOf(state, event).cutOff;
      return;
    case 'batch.dismissed':
      batchOf(state, event).cutOff = 'dismissed';
      return;
    case 'call.queued':
      queueCall(state, event);
      return;
    case 'call.blocked':
      moveCall(state, event).state = { status: 'blocked', waitsFor: event.waitsFor };
      return;
    case 'approval.requested':
      moveCall(state, event).state = { status: 'awaitingApproval', request: event.request };
      return;
    case 'approval.answered':
      answerApproval(state, event);
      return;
    case 'approval.given':
      moveCall(state, event).approval = { by: event.by, request: event.request };
      return;
    case 'call.started':
      startCall(state, event);
      return;
    case 'edit.intended':
      intendEdit(state, event);
      return;
    case 'revert.started':
      startRevert(state, event);
      return;
    case 'revert.ended':
      endRevert(state, event);
      return;
    case 'call.attemptFailed':
      push(moveCall(state, event).failedAttempts, { attempt: event.attempt, error: event.error });
      return;
    case 'call.requeued':
      requeueCall(state, event);
      return;
    case 'call.settled':
      settleCall(state, event);
      return;
    default: {
      const unknown: never = event;
      void unknown; // A newer writer's event: design.md asks readers to pass over types they don't know.
    }
  }
}

/** Folds a whole journal. Throws UnexpectedEventError where an event does not fit. */
export function fold(events: Iterable<SessionEvent>): SessionState | undefined {
  let state: SessionState | undefined;
  for (const event of events) {
    if (state === undefined) state = startSession(event);
    else reduce(state, event);
  }
  return state;
}

function addAgent(state: SessionState, event: EventOf<'agent.created'>): void {
  mapOf(state.agents).set(event.agentId, {
    id: event.agentId,
    label: event.label,
    model: event.model,
    permission: event.permission,
    systemPrompt: event.systemPrompt,
    tools: event.tools,
    ...(event.parent && { parent: event.parent }),
    ...(event.isBackground && { isBackground: event.isBackground }),
    ...(event.cwd !== undefined && { cwd: event.cwd }),
    ...(event.worktree && { worktree: event.worktree }),
    ...(event.deliverables && { deliverables: event.deliverables }),
    ...(event.saveFile !== undefined && { saveFile: event.saveFile }),
    ...(event.reportMode && { reportMode: event.reportMode }),
    ...(event.task && { task: event.task }),
    ...(event.limits && { limits: event.limits }),
    ...(event.firstRun && { firstRun: event.firstRun }),
    runs: [],
    seenFiles: new Map(),
    messages: [],
  });
}

function addRun(state: SessionState, event: EventOf<'run.queued'>): void {
  const agent = agentOf(state, event);
  if (agent.worktreeFate !== 'discarded') delete agent.worktreeFate;
  push(agent.runs, {
    id: event.runId,
    agentId: event.agentId,
    prompt: event.prompt,
    ...(event.follows !== undefined && { follows: event.follows }),
    ...(event.awaitedBy !== undefined && { awaitedBy: event.awaitedBy }),
    startedAt: event.at,
    turnIds: [],
    state: { status: 'queued' },
  });
}

function endRun(state: SessionState, event: EventOf<'run.ended'>): void {
  const run = runOf(state, event);
  if ('endedAt' in run.state) throw new UnexpectedEventError(event, `run ${event.runId} has ended already`);
  run.state = { ...event.ending, endedAt: event.at };
}

function skipTask(state: SessionState, event: EventOf<'task.skipped'>): void {
  const { callId, index, note, reason } = event;
  push(state.skippedTasks, { index, note, reason, ...(callId !== undefined && { callId }) });
}

function queueTasks(state: SessionState, event: EventOf<'tasks.queued'>): void {
  const { callId, saveFile, debugStatistics, requests, readsInstructions } = event;
  push(state.taskLists, {
    ...(callId !== undefined && { callId }),
    notes: event.notes,
    maxConcurrency: event.maxConcurrency,
    failFast: event.failFast,
    ...(saveFile !== undefined && { saveFile }),
    ...(debugStatistics && { debugStatistics }),
    ...(requests && { requests }),
    ...(readsInstructions && { readsInstructions }),
    continued: new Map(),
  });
}

function continueTask(state: SessionState, event: EventOf<'task.continued'>): void {
  mapOf(tasksOf(state, event).continued).set(event.index, { ...event.continues });
}

function endTask(state: SessionState, event: EventOf<'task.ended'>): void {
  const task: Draft<ContinuedTask> | undefined = tasksOf(state, event).continued.get(event.index);
  if (!task) throw new UnexpectedEventError(event, `task ${event.index} continues nothing`);
  task.ending = event.ending;
}

const listEnds = {
  'tasks.interrupted': 'interrupted',
  'tasks.dismissed': 'dismissed',
  'tasks.ended': 'ended',
} as const;

function endTasks(state: SessionState, event: EventOf<keyof typeof listEnds>): void {
  ownTasksOf(state, event).end = listEnds[event.type];
}

/** The list that no call asked for; a session has one at most. */
function ownTasksOf(state: SessionState, event: SessionEvent): Draft<TaskList> {
  const list = state.taskLists.find(({ callId }) => callId === undefined);
  if (!list) throw new UnexpectedEventError(event, 'no such tasks');
  return list;
}

function tasksOf(state: SessionState, event: SessionEvent & { readonly callId?: string }): TaskList {
  const list = state.taskLists.find(({ callId }) => callId === event.callId);
  if (!list) throw new UnexpectedEventError(event, 'no such tasks');
  return list;
}

function queueMessage(state: SessionState, event: EventOf<'message.queued'>): void {
  const { messages } = agentOf(state, event);
  if (messages.some(({ id }) => id === event.messageId))
    throw new UnexpectedEventError(event, `message ${event.messageId} exists already`);
  push(messages, {
    id: event.messageId,
    kind: event.kind,
    text: event.text,
    ...(event.about && { about: event.about }),
    queuedAt: event.at,
    state: { status: 'queued' },
  });
}

/** A message is placed once: twice would put it into the history twice. */
function placeMessages(state: SessionState, event: EventOf<'message.placed'>): void {
  for (const id of event.messageIds) {
    const message = messageOf(state, event, id);
    if (message.state.status !== 'queued')
      throw new UnexpectedEventError(event, `message ${id} is ${message.state.status} already`);
    message.state = { status: 'placed', turnId: event.turnId };
  }
}

function deliverMessages(state: SessionState, event: EventOf<'message.delivered'>): void {
  const from = event.how === 'accepted' ? 'placed' : 'queued';
  for (const id of event.messageIds) {
    const message = messageOf(state, event, id);
    if (message.state.status !== from)
      throw new UnexpectedEventError(event, `message ${id} is ${message.state.status}, not ${from}`);
    message.state =
      message.state.status === 'placed'
        ? { status: 'accepted', turnId: message.state.turnId }
        : { status: 'waited' };
  }
}

/** What no accepted request has brought yet stands after the summary, word for word. */
function compactHistory(state: SessionState, event: EventOf<'history.compacted'>): void {
  const { beforeTurnId, summary } = event;
  const agent = agentOf(state, event);
  agent.compacted = { beforeTurnId, summary };
  for (const message of agent.messages as Draft<AgentMessage>[])
    if (message.state.status === 'placed') message.state = { status: 'placed', turnId: beforeTurnId };
}

function startTurn(state: SessionState, event: EventOf<'turn.started'>): void {
  if (event.attempt === 1) push(runOf(state, event).turnIds, event.turnId);
  mapOf(state.turns).set(event.turnId, {
    id: event.turnId,
    agentId: event.agentId,
    runId: event.runId,
    attempt: event.attempt,
    model: event.model,
    startedAt: event.at,
    blocks: [],
    state: { status: 'streaming' },
  });
}

function startBatch(state: SessionState, event: EventOf<'batch.started'>): void {
  mapOf(state.batches).set(event.batchId, {
    id: event.batchId,
    source: event.source,
    permission: event.permission,
    cwd: event.cwd,
    failFast: event.failFast,
    callIds: [],
  });
  if (event.source.kind !== 'turn') return;
  turnOf(state, { ...event, turnId: event.source.turnId }).batchId = event.batchId;
}

function queueCall(state: SessionState, event: EventOf<'call.queued'>): void {
  const batch = batchOf(state, event);
  if (state.calls.has(event.callId))
    throw new UnexpectedEventError(event, `call ${event.callId} exists already`);
  push(batch.callIds, event.callId);
  mapOf(state.calls).set(event.callId, {
    id: event.callId,
    batchId: event.batchId,
    index: event.index,
    tool: event.tool,
    input: event.input,
    policy: event.policy ?? {},
    ...(event.renamedFrom !== undefined && { renamedFrom: event.renamedFrom }),
    state: { status: 'queued' },
    failedAttempts: [],
  });
}

function answerApproval(state: SessionState, event: EventOf<'approval.answered'>): void {
  const call = moveCall(state, event);
  if (call.state.status === 'awaitingApproval') {
    const { request } = call.state;
    call.approval = { by: 'person', request, answer: event.answer };
    if (event.answer === 'allowForSession') (state.allowed as Set<string>).add(approvalKey(request));
  }
  call.state = { status: 'queued' };
}

function startCall(state: SessionState, event: EventOf<'call.started'>): void {
  const call = moveCall(state, event);
  const startedAt = call.state.status === 'running' ? call.state.startedAt : event.at;
  call.state = { status: 'running', attempt: event.attempt, startedAt };
  if (call.intendedEdit) delete call.intendedEdit; // An earlier attempt's.
}

function intendEdit(state: SessionState, event: EventOf<'edit.intended'>): void {
  const call = moveCall(state, event);
  const { callId, edit } = event;
  const attempt = call.state.status === 'running' ? call.state.attempt : 1;
  call.intendedEdit = edit;
  for (const change of fileChangesOf(edit, { kind: 'call', callId, attempt }))
    push(state.fileChanges, change);
  markEdited(state, call);
}

/** So that no row has to look for edits whenever it is drawn. */
function markEdited(state: SessionState, call: Call): void {
  const source = outermostBatch(state, call.batchId)?.source;
  if (source?.kind !== 'turn') return;
  const turn: Draft<Turn> | undefined = state.turns.get(source.turnId);
  const agent: Draft<Agent> | undefined = state.agents.get(source.agentId);
  if (turn) turn.hasEdits = true;
  if (agent) agent.hasEdits = true;
  const above = agent?.parent && state.calls.get(agent.parent.callId);
  if (above) markEdited(state, above);
}

function startRevert(state: SessionState, event: EventOf<'revert.started'>): void {
  const { revertId, target, callIds, files, leftOut } = event;
  push(state.reverts, { id: revertId, target, callIds, files, leftOut });
  for (const file of files)
    for (const change of fileChangesOf(file, { kind: 'revert', revertId })) push(state.fileChanges, change);
}

function endRevert(state: SessionState, event: EventOf<'revert.ended'>): void {
  const revert: Draft<Revert> | undefined = state.reverts.find(({ id }) => id === event.revertId);
  if (!revert) throw new UnexpectedEventError(event, `no revert ${event.revertId}`);
  revert.notRestored = event.notRestored;
}

function settleCall(state: SessionState, event: EventOf<'call.settled'>): void {
  const call = moveCall(state, event);
  call.state = { ...event.outcome, ...event.times };
  if (event.delivered) tellByCall(state, event.delivered);
  const output = 'output' in event.outcome ? event.outcome.output : undefined;
  if (output?.seen || output?.gone) noteFiles(agentOfBatch(state, call.batchId), output);
}

function noteFiles(agent: Agent | undefined, { seen, gone }: CallOutput): void {
  if (!agent) return;
  const seenFiles = mapOf(agent.seenFiles);
  const known = gone && seenFiles.get(gone.path);
  if (gone) seenFiles.delete(gone.path);
  if (gone?.movedTo !== undefined && known !== undefined) seenFiles.set(gone.movedTo, known);
  if (seen) seenFiles.set(seen.path, seen.hash);
}

/** Two calls of a turn may tell the same. */
function tellByCall(
  state: SessionState,
  { agentId, messageIds }: NonNullable<EventOf<'call.settled'>['delivered']>,
): void {
  for (const message of (state.agents.get(agentId)?.messages ?? []) as Draft<AgentMessage>[])
    if (messageIds.includes(message.id) && message.state.status === 'queued')
      message.state = { status: 'waited' };
}

function requeueCall(state: SessionState, event: EventOf<'call.requeued'>): void {
  const call: Draft<Call> | undefined = state.calls.get(event.callId);
  if (call?.state.status !== 'interrupted')
    throw new UnexpectedEventError(event, `call ${event.callId} is not interrupted`);
  const { attempts: attempt, error } = call.state;
  if (attempt > 0) push(call.failedAttempts, { attempt, error });
  call.state = { status: 'queued' };
}

/** The call of an event, unless it has settled: an outcome is final. */
function moveCall(state: SessionState, event: SessionEvent & { readonly callId: string }): Draft<Call> {
  const call = state.calls.get(event.callId);
  if (!call) throw new UnexpectedEventError(event, `no call ${event.callId}`);
  if ('attempts' in call.state)
    throw new UnexpectedEventError(event, `call ${event.callId} has settled already`);
  return call;
}

function agentOf(state: SessionState, event: SessionEvent & { readonly agentId: string }): Draft<Agent> {
  const agent = state.agents.get(event.agentId);
  if (!agent) throw new UnexpectedEventError(event, `no agent ${event.agentId}`);
  return agent;
}

function runOf(
  state: SessionState,
  event: SessionEvent & { readonly agentId: string; readonly runId: string },
): Draft<Run> {
  const run = agentOf(state, event).runs.find((candidate) => candidate.id === event.runId);
  if (!run) throw new UnexpectedEventError(event, `no run ${event.runId}`);
  return run;
}

function messageOf(
  state: SessionState,
  event: SessionEvent & { readonly agentId: string },
  id: string,
): Draft<AgentMessage> {
  const message = agentOf(state, event).messages.find((candidate) => candidate.id === id);
  if (!message) throw new UnexpectedEventError(event, `no message ${id}`);
  return message;
}

function batchOf(state: SessionState, event: SessionEvent & { readonly batchId: string }): Draft<Batch> {
  const batch = state.batches.get(event.batchId);
  if (!batch) throw new UnexpectedEventError(event, `no batch ${event.batchId}`);
  return batch;
}

function turnOf(state: SessionState, event: SessionEvent & { readonly turnId: string }): Draft<Turn> {
  const turn = state.turns.get(event.turnId);
  if (!turn) throw new UnexpectedEventError(event, `no turn ${event.turnId}`);
  return turn;
}

function mapOf<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  return map as Map<K, V>;
}

function push<T>(list: readonly T[], item: T): void {
  (list as T[]).push(item);
}
