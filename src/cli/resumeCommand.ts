/** `allsettled resume SESSION` */
import { lineOf } from '../agents/familyTree.ts';
import type { AgentId, RunEnding } from '../core/agents.ts';
import type { SessionId } from '../core/events.ts';
import { latestRun, type SessionState } from '../core/states.ts';
import type { ResumedWork } from '../runtime/resumeSession.ts';
import type { StartedRun } from '../runtime/runtime.ts';
import { SessionFolders } from '../store/sessionFolders.ts';
import { agentResult } from '../views/agentResult.ts';
import { agentsResult } from '../views/agentsResult.ts';
import { batchResult } from '../views/batchResult.ts';
import { notOnRecordText } from '../views/notOnRecordText.ts';
import type { ResumeArguments } from './arguments.ts';
import { keyFileProblem } from './apiKey.ts';
import { noApiKey, type CommandContext, type CommandEnd } from './commandContext.ts';
import { agentExitCode, agentsExitCode, batchExitCode, exitCodes } from './exitCodes.ts';
import { causeOf, onceStoppedByPerson } from './interruption.ts';
import { readReplay } from './replayFile.ts';
import { refused } from './results.ts';

/** Goes on with what of a session was interrupted, until it has ended. */
export async function resumeCommand(args: ResumeArguments, context: CommandContext): Promise<CommandEnd> {
  const { runtime, startFolder, stopping } = context;
  const found = await findSession(args.session, context);
  if (!found.ok) return refusal(found.message);
  const replay = args.replay === undefined ? undefined : await readReplay(startFolder, args.replay);
  if (replay?.ok === false) return refusal(replay.message);
  const begun = await begin(found.id, args, context, replay?.events);
  if (begun.kind === 'refused') return refusal(begun.message);
  if (begun.kind === 'notOnRecord') return notOnRecordEnd(begun, context);
  onceStoppedByPerson(stopping, () => runtime.stopSession(found.id));
  const state = runtime.session(found.id);
  await begun.work.settled;
  if (!state) throw new Error(`The session ${found.id} is not in memory.`);
  return endOf(state, begun.work, context);
}

type Found = { readonly ok: true; readonly id: SessionId } | { readonly ok: false; readonly message: string };

/** By its id, or by the beginning of it that no other session has. */
async function findSession(written: string, { runtime, stateDir }: CommandContext): Promise<Found> {
  const folders = new SessionFolders(stateDir);
  const { unreadable } = await folders.firstEvents();
  const ids = [...(await runtime.pastSessions()).map(({ id }) => id), ...unreadable];
  const fitting = ids.includes(written) ? [written] : ids.filter((id) => id.startsWith(written));
  const [id, other] = fitting;
  if (id === undefined) return { ok: false, message: `There is no session ${written} in ${stateDir}.` };
  if (other !== undefined) {
    const named = [...fitting.slice(0, 3), ...(fitting.length > 3 ? ['…'] : [])].join(' or ');
    return { ok: false, message: `${written} can be ${named}: give more of the id.` };
  }
  if (!unreadable.includes(id)) return { ok: true, id };
  const lost = `the first line of ${folders.journal(id)}, which says what it was, can't be read.`;
  return { ok: false, message: `The session ${id} can't be gone on with: ${lost}` };
}

/** `notOnRecord`: it can't be gone on with, because not all that was asked for is known. */
type Begun =
  | { readonly kind: 'begun'; readonly work: ResumedWork }
  | { readonly kind: 'notOnRecord'; readonly state: SessionState; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

/** Resumes the session. Any obstacle but an incomplete record is told as a wrong argument: nothing ran. */
async function begin(
  id: SessionId,
  { permission, sandbox }: ResumeArguments,
  { runtime, hasApiKey, keyFile }: CommandContext,
  replay: Parameters<typeof runtime.openSession>[1],
): Promise<Begun> {
  try {
    const state = await runtime.openSession(id, replay);
    const message = notOnRecordText(state);
    if (message !== undefined) return { kind: 'notOnRecord', state, message };
    const inReach = await keyFileProblem(keyFile, state.roots);
    if (inReach !== undefined) return { kind: 'refused', message: inReach };
    if (state.agents.size > 0 && !replay && !hasApiKey) return { kind: 'refused', message: noApiKey };
    const asked = { ...(permission && { permission }), ...(sandbox && { sandbox }) };
    return { kind: 'begun', work: await runtime.resume(id, undefined, asked) };
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}

function notOnRecordEnd(
  { state, message }: Extract<Begun, { kind: 'notOnRecord' }>,
  { now }: CommandContext,
): CommandEnd {
  const [batch] = state.batches.values();
  const isCounted = batch !== undefined || state.asked !== undefined;
  const result = isCounted ? batchResult(state, batch, now()) : refused(state.kind, [{ message }]);
  return { result, exitCode: exitCodes.unfinished, state };
}

async function endOf(
  state: SessionState,
  { runs, batchIds }: ResumedWork,
  { now, stopping }: CommandContext,
): Promise<CommandEnd> {
  const batch = state.batches.get(batchIds[0] ?? '');
  if (batch) {
    const result = batchResult(state, batch, now());
    return { result, exitCode: batchExitCode(result, causeOf(stopping)?.by), state };
  }
  const [tasks] = state.taskLists;
  if (tasks) {
    const result = agentsResult(state, tasks);
    return { result, exitCode: agentsExitCode(result, causeOf(stopping)?.by), state };
  }
  const [run] = runs;
  if (!run) throw new Error('Nothing was resumed.');
  const { agentId, ending } = wokenRoot(state, run) ?? { ...run, ending: await run.ended };
  return {
    result: agentResult(state.id, agentId, ending),
    exitCode: agentExitCode(ending.status),
    state,
  };
}

/** How the root agent ended, where it has run since: a resumed sub-agent reports to it, and the last word is the root's. */
function wokenRoot(
  state: SessionState,
  { agentId, runId }: StartedRun,
): { readonly agentId: AgentId; readonly ending: RunEnding } | undefined {
  const [root] = lineOf(state, agentId).slice(-1);
  const last = root && latestRun(root);
  const resumed = state.agents.get(agentId)?.runs.find(({ id }) => id === runId);
  if (!root || !last || !resumed || !('endedAt' in last.state)) return undefined;
  return last.startedAt < resumed.startedAt ? undefined : { agentId: root.id, ending: last.state };
}

function refusal(message: string): CommandEnd {
  return { result: refused('unknown', [{ message }]), exitCode: exitCodes.usage };
}
