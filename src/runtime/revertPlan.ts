/** Looks at each file that a revert covers, and says what would be done with it; changes nothing. */
import { stat } from 'node:fs/promises';
import { checkpointsOf, coveredCalls, type Checkpoint } from '../core/checkpoints.ts';
import type { Files } from '../core/filePorts.ts';
import type { CallId } from '../core/calls.ts';
import type { ChangedBy, FileStanding, PlannedFile, RevertPlan, RevertTarget } from '../core/reverts.ts';
import type { SessionState } from '../core/states.ts';
import { isInside } from '../safety/containment.ts';
import { isKept } from '../store/keptTexts.ts';
import { readContent } from '../tools/contentHash.ts';
import { sessionRoot } from './sessionRoot.ts';

export interface PlanPorts {
  readonly files: Pick<Files, 'canonical' | 'readText' | 'bytesHash' | 'traits'>;
  /** Where the session keeps texts. */
  readonly blobFolder: string;
}

/** Rejects with the signal's reason alone. */
export async function planRevert(
  state: SessionState,
  target: RevertTarget,
  ports: PlanPorts,
  signal: AbortSignal,
): Promise<RevertPlan> {
  const looked: Looked[] = [];
  for (const checkpoint of checkpointsOf(state, target))
    looked.push(await lookAt(checkpoint, state, ports, signal));
  const moves = movesBack(looked);
  const files: PlannedFile[] = [];
  for (const each of looked) files.push(await planned(each, moves, ports));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { sessionId: state.id, target, callIds: [...coveredCalls(state, target)], files };
}

interface Looked {
  readonly checkpoint: Checkpoint;
  readonly root: string | undefined;
  readonly found: string | null | undefined;
  readonly isText: boolean;
  readonly standing: FileStanding;
}

async function lookAt(
  checkpoint: Checkpoint,
  state: SessionState,
  { files }: PlanPorts,
  signal: AbortSignal,
): Promise<Looked> {
  const { path } = checkpoint;
  const held = await sessionRoot(state, path, files);
  const root = held?.path;
  const unreadable = (why: string): Looked => ({
    checkpoint,
    root,
    found: undefined,
    isText: false,
    standing: { kind: 'impossible', why },
  });
  if (isDiscarded(state, path)) return unreadable('the worktree that it was in is gone');
  // To restore a file there would make the folder anew, with nothing else in it.
  if (root !== undefined && !(await isFolder(root)))
    return unreadable(`the ${held?.kind} that it was in is gone`);
  const canonical = await files.canonical(path).catch(() => undefined);
  if (canonical !== path) return unreadable('its path now leads elsewhere');
  const content = await readContent(path, files, signal);
  if (!content.ok && content.error.kind !== 'notFound') return unreadable('it can’t be read');
  const found = content.ok ? content.hash : null;
  const isText = !content.ok || content.text !== undefined;
  const hasTraits = await hasItsTraits(checkpoint, files);
  return { checkpoint, root, found, isText, standing: standingOf(checkpoint, found, hasTraits) };
}

function isDiscarded({ agents }: SessionState, path: string): boolean {
  return [...agents.values()].some(
    ({ worktree, worktreeFate }) => worktree && worktreeFate === 'discarded' && isInside(worktree.path, path),
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** What a person made of a file that was never gone is theirs. */
async function hasItsTraits(
  { path, traits, hasNewTraits }: Checkpoint,
  files: PlanPorts['files'],
): Promise<boolean> {
  const now = hasNewTraits && traits ? await files.traits(path) : undefined;
  if (now === undefined) return true;
  return now.mode === traits?.mode && now.hasMark === traits.hasMark && now.encoding === traits.encoding;
}

function standingOf(
  { restoreTo, left, between, later }: Checkpoint,
  found: string | null,
  hasTraits: boolean,
): FileStanding {
  const isLeft = left.includes(found);
  if (found === restoreTo && (hasTraits || !isLeft)) return { kind: 'asBefore' };
  if (!isLeft) {
    const by = later.findLast(({ after }) => after === found)?.by;
    return { kind: 'changed', when: 'since', ...callOf(by) };
  }
  return between ? { kind: 'changed', when: 'between', ...callOf(between.by) } : { kind: 'asLeft' };
}

/** What an undone revert brought back is whoever's it was. */
function callOf(by: ChangedBy | undefined): { readonly callId?: CallId } {
  return by?.kind === 'call' ? { callId: by.callId } : {};
}

/** Files that were only moved move back: by their old path, the path that they come from. */
function movesBack(looked: readonly Looked[]): ReadonlyMap<string, string> {
  const byPath = new Map(looked.map((each) => [each.checkpoint.path, each]));
  const moves = new Map<string, string>();
  for (const { checkpoint, found, standing } of looked) {
    if (checkpoint.restoreTo === null || found !== null || standing.kind !== 'asLeft') continue;
    const end = endOfMoves(checkpoint, byPath);
    const isSame = end?.standing.kind === 'asLeft' && end.found === checkpoint.restoreTo;
    if (isSame && end.checkpoint.restoreTo === null) moves.set(checkpoint.path, end.checkpoint.path);
  }
  return moves;
}

function endOfMoves(start: Checkpoint, byPath: ReadonlyMap<string, Looked>): Looked | undefined {
  const passed = new Set<string>([start.path]);
  let at: Looked | undefined;
  for (let next = start.movedTo; next !== undefined && !passed.has(next); next = at?.checkpoint.movedTo) {
    passed.add(next);
    at = byPath.get(next);
  }
  return at;
}

async function planned(
  { checkpoint, root, found, isText, standing }: Looked,
  moves: ReadonlyMap<string, string>,
  { blobFolder }: PlanPorts,
): Promise<PlannedFile> {
  const { path, restoreTo, hasNewTraits } = checkpoint;
  // A file that holds ASCII alone by now no longer tells its encoding.
  const isNamed = hasNewTraits || found === null || checkpoint.traits?.encoding !== undefined;
  const traits = isNamed ? checkpoint.traits : undefined;
  const movesFrom = moves.get(path);
  const movesTo = [...moves].find(([, from]) => from === path)?.[0];
  const file = {
    path,
    found,
    restoreTo,
    ...(root !== undefined && { root }),
    ...(traits && { traits }),
  };
  if (movesFrom !== undefined) return { ...file, movesFrom, standing };
  if (movesTo !== undefined) return { ...file, movesTo, standing };
  if (standing.kind === 'asBefore' || standing.kind === 'impossible') return { ...file, standing };
  if (!isText)
    return { ...file, standing: { kind: 'impossible', why: 'it is no text that could be brought back' } };
  if (restoreTo === null || (await isKept(restoreTo, blobFolder))) return { ...file, standing };
  return { ...file, standing: { kind: 'impossible', why: 'its text from before was not kept' } };
}
