/** An edit that was made as the diffs that a person looks at. */
import type { EditedFile, SideOfEdit } from '../core/calls.ts';
import { exactLine } from './plainText.ts';

/** One diff editor. A side that no longer exists as text says why. */
export interface EditDiff {
  readonly title: string;
  readonly beforeName: string;
  readonly afterName: string;
  readonly before: string;
  readonly after: string;
  /** The file itself can be shown on the side of after. */
  readonly isAsLeft: boolean;
  /** Canonical. */
  readonly path: string;
}

/** In the order of the edits; `by` names who made them. */
export function editDiffs(files: readonly EditedFile[], by: string): readonly EditDiff[] {
  return files.map((file) => {
    const { path, movedFrom = path, before, after, isAsLeft } = file;
    const names = movedFrom === path ? nameOf(path) : `${nameOf(movedFrom)} → ${nameOf(path)}`;
    return {
      title: `${names} (${deedOf(file)} by ${by}${hasChangedSince(file) ? '; changed since' : ''})`,
      beforeName: nameOf(movedFrom),
      afterName: nameOf(path),
      before: textOf(before),
      after: textOf(after),
      isAsLeft,
      path,
    };
  });
}

/** Finds edits of which no side is left to show. */
export function isNothingKept(files: readonly EditedFile[]): boolean {
  return files.every(({ before, after }) => before.kind === 'notKept' && after.kind === 'notKept');
}

function deedOf({ movedFrom, before, after }: EditedFile): string {
  if (movedFrom !== undefined) return 'renamed';
  if (before.kind === 'noFile') return 'new file';
  return after.kind === 'noFile' ? 'deleted' : 'edited';
}

function hasChangedSince({ after, isAsLeft }: EditedFile): boolean {
  return !isAsLeft && after.kind !== 'noFile';
}

function textOf(side: SideOfEdit): string {
  switch (side.kind) {
    case 'text':
      return side.text;
    case 'noFile':
      return '';
    case 'notKept':
      return 'This side of the edit is not kept: the file was too large, no text, or held the API key.\n';
  }
}

/** Paths come from either kind of system. */
function nameOf(path: string): string {
  return exactLine(path.split(/[/\\]/).at(-1) || path, 200);
}
