/** Gives a new agent its worktree, and says of an ended one what is in it. */
import type { AgentId } from '../core/agents.ts';
import type { SessionId } from '../core/events.ts';
import type { Agent } from '../core/states.ts';
import type { AgentCaller, Refused, SpawnRequest } from '../core/subAgents.ts';
import type { MadeWorktree, Worktrees } from '../core/worktrees.ts';
import { deliverablesIn, type SpawnCheckPorts } from './checkSpawn.ts';

/** A caller as the new agent sees it: its folders are those of the worktree. */
export interface IsolatedPlace {
  readonly ok: true;
  readonly made: MadeWorktree;
  readonly caller: AgentCaller;
  readonly deliverables: readonly string[];
}

/** Long enough for a checkout of a large repository. */
const longestMs = 10 * 60_000;

/** Makes the worktree; where the promised files can't be in it, it is removed again. */
export async function isolate(
  about: { readonly sessionId: SessionId; readonly agentId: AgentId },
  request: SpawnRequest,
  caller: AgentCaller,
  worktrees: Worktrees,
  ports: Pick<SpawnCheckPorts, 'files' | 'stateDir'>,
): Promise<IsolatedPlace | Refused> {
  const { cwd, roots } = caller;
  const signal = AbortSignal.timeout(longestMs);
  const made = await worktrees.create({ ...about, label: request.label, cwd, roots, signal });
  if (!made.ok) return { ok: false, error: { ...made.error, message: `isolation: ${made.error.message}` } };
  const inside: AgentCaller = { ...caller, cwd: made.cwd, roots: [made.worktree.path] };
  const deliverables = await deliverablesIn(request, inside, ports);
  if (!('kind' in deliverables)) return { ok: true, made, caller: inside, deliverables };
  const known = await worktrees.find(about);
  if (known) await worktrees.discard(known, false, signal);
  return { ok: false, error: deliverables };
}

/** False for an agent without a worktree. Never rejects. */
export async function isWorktreeGone(
  sessionId: SessionId,
  { id: agentId, worktree }: Agent,
  worktrees: Worktrees,
): Promise<boolean> {
  return worktree !== undefined && (await worktrees.find({ sessionId, agentId })) === undefined;
}

/** Undefined for an agent without a worktree. Never rejects. */
export async function changesOf(
  sessionId: SessionId,
  { id: agentId, worktree }: Agent,
  worktrees: Worktrees,
): Promise<string | undefined> {
  if (!worktree) return undefined;
  const known = await worktrees.find({ sessionId, agentId });
  if (!known) return `Its worktree, on branch ${worktree.branch}, is gone.`;
  const summary = await worktrees.summary(known, AbortSignal.timeout(longestMs));
  const what = summary.ok ? summary.text : `what is in it could not be told (${summary.error.message})`;
  const next = 'A person can view, apply, merge or discard them.';
  return `In its worktree ${worktree.path}, on branch ${worktree.branch}: ${what}. ${next}`;
}
