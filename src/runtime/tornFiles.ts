/** Puts the old text back into files into which a dead host was writing, so that each holds one text or the other. */
import { readKeptText } from '../store/keptTexts.ts';
import type { FileTraits } from '../core/calls.ts';
import type { Files, TornFile } from '../core/filePorts.ts';
import type { SessionState } from '../core/states.ts';
import type { TextForm } from '../core/textForm.ts';
import { cutOffReverts } from './interruptedReverts.ts';

type RestoringFiles = Pick<Files, 'restoreTorn'>;

/** Never rejects. A file that holds anything else than parts of the two texts stays as it is. */
export async function restoreTornFiles(
  state: SessionState,
  files: RestoringFiles,
  blobFolder: string,
): Promise<void> {
  for (const { path, before, after, form } of mayBeTorn(state)) {
    const [old, now] = [await readKeptText(before, blobFolder), await readKeptText(after, blobFolder)];
    if (old === undefined || now === undefined) continue;
    const torn: TornFile = { path, before: old, after: now, form };
    await files.restoreTorn(torn, new AbortController().signal);
  }
}

interface Hashed {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly form: TextForm;
}

function mayBeTorn(state: SessionState): readonly Hashed[] {
  const edits = [...state.calls.values()].flatMap(({ isInPlace, intendedEdit, state: call }) =>
    isInPlace && intendedEdit && call.status === 'running' ? [intendedEdit] : [],
  );
  const reverted = cutOffReverts(state).flatMap(({ files }) => files);
  return [...edits, ...reverted].flatMap(({ path, before, after, movedFrom, traits }) =>
    before === null || after === null || movedFrom !== undefined
      ? []
      : [{ path, before, after, form: formOf(traits) }],
  );
}

function formOf(traits: FileTraits | undefined): TextForm {
  return { encoding: traits?.encoding ?? 'UTF-8', hasMark: traits?.hasMark ?? false };
}
