/** The transitions of agents: their runs, turns and messages. */
import {
  UnexpectedEventError,
  agentOf,
  mapOf,
  messageOf,
  push,
  runOf,
  turnOf,
  type Draft,
  type EventOf,
} from './drafts.ts';
import type { AgentMessage, Batch, SessionState } from './states.ts';

export function addAgent(state: SessionState, event: EventOf<'agent.created'>): void {
  mapOf(state.agents).set(event.agentId, {
    id: event.agentId,
    label: event.label,
    model: event.model,
    permission: event.permission,
    systemPrompt: event.systemPrompt,
    tools: event.tools,
    ...(event.instructions && { instructions: event.instructions }),
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

export function addRun(state: SessionState, event: EventOf<'run.queued'>): void {
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

export function endRun(state: SessionState, event: EventOf<'run.ended'>): void {
  const run = runOf(state, event);
  if ('endedAt' in run.state) throw new UnexpectedEventError(event, `run ${event.runId} has ended already`);
  run.state = { ...event.ending, endedAt: event.at };
}

export function queueMessage(state: SessionState, event: EventOf<'message.queued'>): void {
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
export function placeMessages(state: SessionState, event: EventOf<'message.placed'>): void {
  for (const id of event.messageIds) {
    const message = messageOf(state, event, id);
    if (message.state.status !== 'queued')
      throw new UnexpectedEventError(event, `message ${id} is ${message.state.status} already`);
    message.state = { status: 'placed', turnId: event.turnId };
  }
}

export function deliverMessages(state: SessionState, event: EventOf<'message.delivered'>): void {
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
export function compactHistory(state: SessionState, event: EventOf<'history.compacted'>): void {
  const { beforeTurnId, summary } = event;
  const agent = agentOf(state, event);
  agent.compacted = { beforeTurnId, summary };
  for (const message of agent.messages as Draft<AgentMessage>[])
    if (message.state.status === 'placed') message.state = { status: 'placed', turnId: beforeTurnId };
}

export function startTurn(state: SessionState, event: EventOf<'turn.started'>): void {
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

export function endTurn(state: SessionState, event: EventOf<'turn.ended'>): void {
  const { stopReason, usage, callCount } = event;
  const turn = turnOf(state, event);
  turn.state = { status: 'ended', stopReason, usage };
  const batch: Draft<Batch> | undefined = state.batches.get(turn.batchId ?? '');
  if (batch && callCount !== undefined) batch.callCount = callCount;
}
