/** The one transition function: a session's state is the fold of its events. */
import { UnexpectedEventError, agentOf, batchOf, mapOf, push, runOf, turnOf, type Draft } from './drafts.ts';
import type { SessionEvent } from './events.ts';
import {
  addAgent,
  addRun,
  compactHistory,
  deliverMessages,
  endRun,
  endTurn,
  placeMessages,
  queueMessage,
  startTurn,
} from './reduceAgents.ts';
import {
  answerApproval,
  editInPlace,
  intendEdit,
  moveCall,
  queueCall,
  requeueCall,
  settleCall,
  startBatch,
  startCall,
} from './reduceCalls.ts';
import { endRevert, startRevert } from './reduceReverts.ts';
import { continueTask, endTask, endTasks, queueTasks, resumeTasks, skipTask } from './reduceTasks.ts';
import type { SessionState } from './states.ts';

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
    ...(event.batch && { asked: event.batch }),
    nonce: event.nonce ?? '',
    ...(event.bounds && { bounds: event.bounds }),
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
    case 'session.interrupted':
      draft.cutOff = 'interrupted';
      return;
    case 'session.dismissed':
      draft.cutOff = 'dismissed';
      return;
    case 'session.bounded':
      draft.bounds = event.bounds;
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
        ...(event.waitMs !== undefined && { waitMs: event.waitMs }),
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
      resumeTasks(state, event);
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
      endTurn(state, event);
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
    case 'approval.explained':
      moveCall(state, event).denialReason = event.reason;
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
    case 'edit.inPlace':
      editInPlace(state, event);
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
