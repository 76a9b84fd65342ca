/** Carries a revert out: journals what it is about to restore, and restores each file whole or not at all. */
import { lastTextBefore } from '../core/checkpoints.ts';
import type { Files } from '../core/filePorts.ts';
import type {
  LeftFile,
  PlannedFile,
  RevertedFile,
  RevertId,
  RevertPlan,
  RevertResult,
} from '../core/reverts.ts';
import type { SessionLog } from '../store/sessionLog.ts';
import { isKept, readKeptText } from '../store/keptTexts.ts';
import { readContent } from '../tools/contentHash.ts';

export interface RevertingPorts {
  readonly files: Files;
  readonly log: SessionLog;
  readonly blobFolder: string;
}

export interface RevertOptions {
  /** Also what somebody else has changed. */
  readonly includesChanged: boolean;
  /** A file is done, of so many. */
  readonly onProgress?: (done: number, of: number) => void;
}

const changedWords = {
  since: 'it has been changed since',
  between: 'somebody else changed it between the edits',
} as const;

/** A file as it is to be restored, and the text that stands there until then. */
interface Step {
  readonly file: RevertedFile;
  readonly planned: PlannedFile;
  /** Absent where there is no file, and for one that moves. */
  readonly text?: string;
}

/**
 * Restores what the plan says, where it is still as the plan found it. The caller holds the files' locks. After an abort
 * what is left stays as it is, and the result says so. Rejects, and nothing was restored, where the session can't be saved.
 */
export async function carryOut(
  plan: RevertPlan,
  { includesChanged, onProgress }: RevertOptions,
  ports: RevertingPorts,
  signal: AbortSignal,
): Promise<RevertResult> {
  const { log } = ports;
  const { steps, leftOut } = await prepare(plan, includesChanged, ports, signal);
  if (steps.length === 0) return { restored: [], unsaved: [], left: leftOut };
  const { target, callIds } = plan;
  const revertId: RevertId = `revert-${log.state.reverts.length + 1}`;
  const files = steps.map(({ file }) => file);
  const texts = steps.flatMap(({ text, file }) => {
    const like = lastTextBefore(log.state, file.path);
    return text === undefined ? [] : [{ text, ...(like !== undefined && { like }) }];
  });
  await log.record({ type: 'revert.started', revertId, target, callIds, files, leftOut }, 'durable', texts);
  if (log.refusesIntents) throw new Error('The session could not be saved, so nothing was reverted.');
  const { notRestored, unsaved } = await restoreAll(steps, ports, onProgress, signal);
  await log.record({ type: 'revert.ended', revertId, notRestored }, 'durable');
  const failed = new Set(notRestored.map(({ path }) => path));
  const restored = files.filter(({ path }) => !failed.has(path));
  return { revertId, restored, unsaved, left: [...leftOut, ...notRestored] };
}

async function prepare(
  plan: RevertPlan,
  includesChanged: boolean,
  { files }: RevertingPorts,
  signal: AbortSignal,
): Promise<{ readonly steps: readonly Step[]; readonly leftOut: readonly LeftFile[] }> {
  const steps: Step[] = [];
  const leftOut: LeftFile[] = [];
  for (const planned of plan.files) {
    signal.throwIfAborted();
    const { path, standing, movesTo } = planned;
    if (standing.kind === 'asBefore' || movesTo !== undefined) continue; // What moves back is a step of its old path.
    if (standing.kind === 'impossible') leftOut.push({ path, why: standing.why });
    else if (standing.kind === 'changed' && !includesChanged)
      leftOut.push({ path, why: changedWords[standing.when] });
    else {
      const step = await stepOf(planned, files, signal);
      if (step) steps.push(step);
      else leftOut.push({ path, why: 'it changed just now' });
    }
  }
  return { steps: steps.toSorted((a, b) => orderOf(a) - orderOf(b)), leftOut };
}

/** Undefined where the file is not as the plan found it. */
async function stepOf(planned: PlannedFile, files: Files, signal: AbortSignal): Promise<Step | undefined> {
  const { path, found, restoreTo, movesFrom } = planned;
  const content = await readContent(movesFrom ?? path, files, signal);
  const now = content.ok ? content.hash : content.error.kind === 'notFound' ? null : undefined;
  if (now === undefined || now !== (movesFrom === undefined ? found : restoreTo)) return undefined;
  if (movesFrom !== undefined)
    return { planned, file: { path, before: null, after: restoreTo, movedFrom: movesFrom } };
  const traits = now === null ? undefined : await files.traits(path);
  const setsTraits = now !== null && restoreTo !== null && planned.traits !== undefined;
  const file = {
    path,
    before: now,
    after: restoreTo,
    ...(traits && { traits }),
    ...(setsTraits && ({ setsTraits } as const)),
  };
  return { planned, file, ...(content.ok && content.text !== undefined && { text: content.text }) };
}

/** What is in the way of others goes first. */
function orderOf({ file }: Step): number {
  if (file.movedFrom !== undefined) return 1;
  return file.after === null ? 0 : 2;
}

async function restoreAll(
  steps: readonly Step[],
  ports: RevertingPorts,
  onProgress: RevertOptions['onProgress'],
  signal: AbortSignal,
): Promise<{ readonly notRestored: readonly LeftFile[]; readonly unsaved: readonly string[] }> {
  const notRestored: LeftFile[] = [];
  const unsaved: string[] = [];
  for (const [index, step] of steps.entries()) {
    const { path } = step.file;
    const end = signal.aborted ? 'it was stopped before' : await restore(step, ports, signal);
    if (typeof end === 'string') notRestored.push({ path, why: end });
    else if (end.isUnsaved) unsaved.push(path);
    onProgress?.(index + 1, steps.length);
  }
  return { notRestored, unsaved };
}

/** Why it was not restored, or whether it stands unsaved in the editor. */
async function restore(
  { file, planned, text }: Step,
  { files, blobFolder }: RevertingPorts,
  signal: AbortSignal,
): Promise<string | { readonly isUnsaved: boolean }> {
  const { path, before, after, movedFrom } = file;
  if (text !== undefined && before !== null && !(await isKept(before, blobFolder)))
    return 'its present text can’t be kept, so this could not be undone';
  const { root, traits } = planned;
  if (movedFrom !== undefined) return ended(await files.move(movedFrom, path, signal, root));
  if (after === null) return ended(await files.remove(path, text ?? '', signal));
  const restored = await readKeptText(after, blobFolder);
  if (restored === undefined) return 'its text from before is lost';
  const written = await files.write(
    {
      path,
      text: restored,
      isExact: true,
      beforeInPlace: () => Promise.resolve(undefined), // Both texts are on disk since the revert was started.
      ...(root !== undefined && { root }),
      ...(traits && { traits }),
      ...(text !== undefined && { replaces: text }),
    },
    signal,
  );
  return written.ok ? { isUnsaved: written.isUnsaved } : written.error.message;
}

function ended(gone: Awaited<ReturnType<Files['move']>>): string | { readonly isUnsaved: false } {
  return gone.ok ? { isUnsaved: false } : gone.error.message;
}
