/** A proposed edit as the diffs that a person looks at: which files, which titles, which texts. */
import type { Proposal, ProposedEdit } from '../core/calls.ts';
import { visibleText } from '../core/visibleText.ts';
import { exactLine, manyLines } from './plainText.ts';

/** One diff editor. The names tell VS Code the languages; a side without a file is empty. */
export interface ProposalDiff {
  readonly title: string;
  readonly beforeName: string;
  readonly afterName: string;
  readonly before: string;
  readonly after: string;
  /** The canonical paths that the diff is true of, as they stand now. */
  readonly paths: readonly string[];
}

/** One diff for each file; a file that is only renamed is one. An edit that can't be made now has one that says why. */
export function proposalDiffs(proposal: Proposal, asker: string): readonly ProposalDiff[] {
  if (!proposal.ok) return [impossible(proposal.error.message, asker)];
  const { edits } = proposal;
  const [from, to] = edits[0]?.after === undefined ? edits : edits.toReversed();
  if (edits.length === 2 && from && to && isRename(from, to)) return [renamed(from, to, asker)];
  return edits.map((edit) => diffOf(edit, asker));
}

function isRename(from: ProposedEdit, to: ProposedEdit): boolean {
  return (
    from.after === undefined && to.before === undefined && from.before !== undefined && to.after !== undefined
  );
}

function renamed(from: ProposedEdit, to: ProposedEdit, asker: string): ProposalDiff {
  return {
    title: `${shown(from.path)} → ${shown(to.path)} (rename proposed by ${asker})`,
    beforeName: nameOf(from.path),
    afterName: nameOf(to.path),
    before: visibleSide(from.before),
    after: visibleSide(to.after),
    paths: [from.path, to.path],
  };
}

function diffOf({ path, before, after }: ProposedEdit, asker: string): ProposalDiff {
  const name = nameOf(path);
  return {
    title: `${shown(path)} (${deedOf(before, after)} by ${asker})`,
    beforeName: name,
    afterName: name,
    before: visibleSide(before),
    after: visibleSide(after),
    paths: [path],
  };
}

/** What is shown of a file is not what is written from: nothing in it is hidden, and line ends stay as they are. */
function visibleSide(text = ''): string {
  return text.split('\r\n').map(visibleText).join('\r\n');
}

/** A diff editor leaves out what only blanks and line ends change, so its title has to tell. */
function deedOf(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return 'new file, proposed';
  if (after === undefined) return 'deletion proposed';
  return bare(before) === bare(after) ? 'only blanks and line ends, proposed' : 'proposed';
}

function bare(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/^[ \t]+/gm, '')
    .replace(/\r\n?/g, '\n');
}

function impossible(message: string, asker: string): ProposalDiff {
  // Half an editor is narrow, and a diff is not wrapped.
  const why = manyLines(message, 4000).replaceAll('. ', '.\n');
  const text = `This edit can not be made now.\nAccepted, it would fail:\n\n${why}\n`;
  const name = 'edit.txt';
  return {
    title: `An edit that can't be made (proposed by ${asker})`,
    beforeName: name,
    afterName: name,
    before: text,
    after: text,
    paths: [],
  };
}

function shown(path: string): string {
  return exactLine(nameOf(path), 80);
}

/** Paths come from either kind of system. */
function nameOf(path: string): string {
  return exactLine(path.split(/[/\\]/).at(-1) || path, 200);
}
