/** Takes a person's answers to calls that wait, whether what asked goes on or has ended with its host. */
import type { AgentId } from '../core/agents.ts';
import {
  approvalKey,
  type ApprovalAnswer,
  type ApprovalRequest,
  type BatchId,
  type CallId,
} from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import type { Recorder } from '../core/ports.ts';
import {
  agentOfBatch,
  latestRun,
  outermostBatch,
  type Agent,
  type Call,
  type SessionState,
} from '../core/states.ts';
import { interruptedTasks } from '../core/taskLists.ts';
import { isInterrupted } from '../core/unresolved.ts';
import { isLeftBehind, waitingApprovals } from '../core/waitingApprovals.ts';
import { isBelow } from '../agents/familyTree.ts';
import type { Questions } from './questions.ts';
import type { ResumedWork } from './resumeSession.ts';
import type { StartedRun } from './runtime.ts';

/**
 * What became of an answer. `counted`: it is taken; `resumed`: and with it goes on what had ended with its host. `tooLate`:
 * the call waits no more; `counted` is the answer that was first. `changed`: the call waits for an answer to another
 * question by now.
 */
export type AnswerFate =
  | { readonly kind: 'counted'; readonly resumed?: ResumedWork }
  | { readonly kind: 'tooLate'; readonly counted?: ApprovalAnswer }
  | { readonly kind: 'changed'; readonly request: ApprovalRequest };

/** A session as an answer needs it. */
export interface AnswerableSession {
  readonly recorder: Recorder;
  readonly questions: Questions;
  hasRunOf(agentId: AgentId): boolean;
  /** Whether a batch with this call is under way. */
  hasCall(callId: CallId): boolean;
  isResuming(batchId: BatchId): boolean;
  startRun(agentId: AgentId, prompt: string): Promise<StartedRun>;
}

/** Goes on with one agent, or with all of a session that was interrupted. */
export type Resume = (agentId: AgentId | undefined) => Promise<ResumedWork>;

export class ApprovalAnswers {
  private readonly turns = new Map<SessionId, Promise<unknown>>();

  /** Never waits for an earlier answer of the session; what the answers start is started once. */
  async take(
    session: AnswerableSession,
    request: ApprovalRequest,
    answer: ApprovalAnswer,
    resume: Resume,
    reason = '',
  ): Promise<AnswerFate> {
    const { recorder, questions } = session;
    const { callId } = request;
    const early = notAsked(recorder.state, request);
    if (early) return early;
    if (answer === 'deny' && reason.trim() !== '')
      await recorder.record({ type: 'approval.explained', callId, reason: reason.trim() }, 'durable');
    const call = recorder.state.calls.get(callId);
    const late = notAsked(recorder.state, request);
    if (late || !call) return late ?? tooLate(call);
    if (questions.answer(request, answer)) return { kind: 'counted' };
    // Its question may be about to be asked, or asked again by the time that the journal has the answer.
    questions.expect(request, answer);
    if (session.hasCall(callId)) return { kind: 'counted' };
    await recorder.record({ type: 'approval.answered', callId, answer }, 'durable');
    const resumed = await this.inTurn(request.sessionId, () => goOn(session, call.batchId, resume));
    return { kind: 'counted', ...(resumed && { resumed }) };
  }

  private inTurn<T>(sessionId: SessionId, work: () => Promise<T>): Promise<T> {
    const worked = (this.turns.get(sessionId) ?? Promise.resolve()).then(work);
    this.turns.set(
      sessionId,
      worked.catch(() => undefined), // The caller hears of it.
    );
    return worked;
  }
}

/** The fate of an answer to what the call does not wait for now; undefined if it does. */
function notAsked(state: SessionState, request: ApprovalRequest): AnswerFate | undefined {
  const call = state.calls.get(request.callId);
  if (call?.state.status !== 'awaitingApproval') return tooLate(call);
  const asked = call.state.request;
  return approvalKey(asked) === approvalKey(request) ? undefined : { kind: 'changed', request: asked };
}

function tooLate(call: Call | undefined): AnswerFate {
  const counted = call?.approval?.by === 'person' ? call.approval.answer : undefined;
  return { kind: 'tooLate', ...(counted && { counted }) };
}

/** The agent's next run, and when it has ended those of the agents above it; a batch or a list of tasks as a whole. */
async function goOn(
  session: AnswerableSession,
  batchId: BatchId,
  resume: Resume,
): Promise<ResumedWork | undefined> {
  const { state } = session.recorder;
  const agentId = agentOfBatch(state, batchId)?.id;
  const outermost = outermostBatch(state, batchId)?.id ?? batchId;
  const isUnderWay = agentId === undefined ? session.isResuming(outermost) : session.hasRunOf(agentId);
  if (isUnderWay || !isLeftBehind(state, batchId)) return undefined;
  if (agentId === undefined || isTask(state, agentId)) return resume(undefined);
  const work = await resume(agentId);
  for (const { ended } of work.runs) void ended.then(() => goOnAbove(session, agentId)); // Neither rejects.
  return work;
}

/** An agent that the host's end kept from hearing of those below it goes on once the last answered one has ended well. */
async function goOnAbove(session: AnswerableSession, agentId: AgentId): Promise<void> {
  const { state } = session.recorder;
  const agent = state.agents.get(agentId);
  const parent = state.agents.get(agent?.parent?.agentId ?? '');
  if (!agent || !parent || !endedWell(agent) || !isCutOff(parent) || session.hasRunOf(parent.id)) return;
  const waits = waitingApprovals(state).some(
    (waiting) => waiting.agentId !== undefined && isBelow(state, waiting.agentId, parent.id),
  );
  if (waits) return;
  const run = await session.startRun(parent.id, '');
  await run.ended;
  await goOnAbove(session, parent.id);
}

function endedWell(agent: Agent): boolean {
  const status = latestRun(agent)?.state.status;
  return status === 'completed' || status === 'incomplete';
}

function isCutOff(agent: Agent): boolean {
  const ended = latestRun(agent)?.state;
  return isInterrupted(agent) && ended?.status === 'interrupted' && ended.terminationReason === 'hostExit';
}

/** Of an interrupted list that a person asked for: its answers are saved by whoever goes on with all of it. */
function isTask(state: SessionState, agentId: AgentId): boolean {
  const agent = state.agents.get(agentId);
  return interruptedTasks(state) !== undefined && agent?.task !== undefined && !agent.parent;
}
