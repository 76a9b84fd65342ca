/** Says what a listing of files left out, and what is there in place of files. */
import path from 'node:path';
import type { InsteadOfFiles, Unlisted, SomePlaces } from '../core/filePorts.ts';
import type { ShownPaths } from './places.ts';

export interface NotesPlace {
  /** Canonical. */
  readonly folder: string;
  readonly shown: ShownPaths;
}

/** A line each for what was left out; none if nothing was but ignored files. */
export function unlistedNotes(unlisted: Unlisted, place: NotesPlace): readonly string[] {
  const { unreadable, folderLinks, outsideLinks, brokenLinks, namedIgnored } = unlisted;
  return [
    namedIgnored &&
      `${show(namedIgnored.path, place)} is ignored by ${showRules(namedIgnored.by, place)}; it is looked into because it was named`,
    some(unreadable, place, 'place', 'may not be read by this user: what is there is missing here'),
    some(folderLinks, place, 'link', 'to a folder, not followed'),
    some(outsideLinks, place, 'link', 'out of the workspace, not followed'),
    some(brokenLinks, place, 'link', 'to nothing'),
  ]
    .filter((note) => note !== undefined)
    .map((note) => `[${note}]`);
}

/** What is there in place of files that match, and what to do next: sentences. */
export function insteadOfFilesText(found: readonly InsteadOfFiles[], place: NotesPlace): string {
  return found.map((each) => ` ${insteadText(each, place)}`).join('');
}

function insteadText(found: InsteadOfFiles, place: NotesPlace): string {
  switch (found.kind) {
    case 'ignored': {
      const by = found.by.map((file) => showRules(file, place)).join(', ');
      return `Ignored by ${by}: ${countOf(found, 'file')} that would match, ${names(found, place)}. Name the folder to list it.`;
    }
    case 'folders': {
      const next = `${found.first[0] ?? ''}/**`;
      return `There ${found.count === 1 ? 'is' : 'are'} ${countOf(found, 'folder')}: ${names(found, place)}. Use ${next} for the files in one.`;
    }
    case 'deeper':
      return `Further below: ${countOf(found, 'file')}, ${names(found, place)}. Use ${found.glob} to find them.`;
    case 'otherCase':
      return `In another case: ${names(found, place)}.`;
    case 'missing':
      return `There is no ${show(found.path, place)}.`;
    case 'emptyFolder':
      return `The folder ${show(found.path, place)} is empty.`;
  }
}

function some(places: SomePlaces, place: NotesPlace, noun: string, what: string): string | undefined {
  if (places.count === 0) return undefined;
  return `${places.count} ${noun}${places.count === 1 ? '' : 's'} ${what}: ${names(places, place)}`;
}

function countOf({ count, isAtLeast }: SomePlaces & { readonly isAtLeast: boolean }, noun: string): string {
  return `${isAtLeast ? 'at least ' : ''}${count} ${noun}${count === 1 ? '' : 's'}`;
}

function names({ count, first }: SomePlaces, place: NotesPlace): string {
  const shown = first.map((each) => show(each, place)).join(', ');
  return count > first.length ? `${shown} and others` : shown;
}

function show(relative: string, { folder, shown }: NotesPlace): string {
  return shown.show(path.join(folder, relative));
}

// The person's own rules lie elsewhere, and a way there from the working directory helps nobody.
function showRules(file: string, { shown }: NotesPlace): string {
  const relative = shown.show(file);
  return relative.startsWith('../') ? file : relative;
}
