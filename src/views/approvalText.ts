/** The words in which a person is asked about calls; what would run stands in them exactly, or not at all. */
import type { ApprovalRequest, BoundFile } from '../core/calls.ts';
import { withoutLinks } from '../core/visibleText.ts';
import { exactLine, exactLines } from './plainText.ts';
import type { WaitingCall } from './waitingCalls.ts';

/** A row and a list entry show so much for sure. */
const lengthOfRow = 28;
/** A notification is one line, of which as much is seen for sure, with what can be done about it. */
const lengthOfNotice = 36;
/** A dialog does not scroll everywhere. */
const dialogLines = 15;
const dialogLength = 1200;
const lengthOfNotHeld = 300;
/** So many files leave what would run in sight. */
const mostFilesNamed = 6;

/** `“Lookout” wants to run a command in /w`. */
export function askText(call: WaitingCall): string {
  const { kind, request } = call;
  return kind === 'edit' ? deedText(call) : `${deedText(call)} in ${exactLine(request.cwd, 300)}`;
}

function deedText(call: WaitingCall): string {
  return `“${withoutLinks(call.asker)}” wants to ${deedOf(call)}`;
}

function deedOf({ kind, request: { tool } }: WaitingCall): string {
  if (kind === 'edit') return edits[tool] ?? 'change a file';
  return tool === 'terminal' ? 'run a command' : `use ${exactLine(tool)}`;
}

const edits: Readonly<Record<string, string>> = {
  write_file: 'write a file',
  delete_file: 'delete a file',
  rename_file: 'rename a file',
};

/** What it asks for, in one line of at most `maxLength` characters: the command, or the file that would be changed. */
export function subjectLine({ kind, request: { subject } }: WaitingCall, maxLength: number): string {
  const [first = ''] = subject.split('\n', 1);
  return exactLine(kind === 'edit' ? first : subject, maxLength);
}

/**
 * True if the call's row shows all there is to know. This holds for a short command without anything hidden,
 * in the session's own folder, if all that the command names is held.
 */
export function isShownInRow(call: WaitingCall): boolean {
  const { kind, home, request } = call;
  const isWhole = !request.changed && !request.notHeld;
  return kind === 'command' && request.cwd === home && isWhole && isExact(call, lengthOfRow);
}

/** Whether a notification shows all there is to know. VS Code makes links of `[text](target)`, which hide the target. */
export function fitsInNotice(call: WaitingCall): boolean {
  return isShownInRow(call) && !call.request.subject.includes('](');
}

/** Whether a dialog can show all of it; what is longer is shown in a document. */
export function fitsInDialog({ request: { subject } }: WaitingCall): boolean {
  return subject.length <= dialogLength && subject.split('\n').length <= dialogLines;
}

/** The subject in lines, nothing of it hidden, and what else decides. */
export function dialogDetail(call: WaitingCall): string {
  const { request } = call;
  return [exactLines(request.subject, Infinity), ...notesOf(call)].join('\n\n');
}

/** The one notification for all that wait: what it asks, short enough to be seen whole. */
export function noticeText(calls: readonly WaitingCall[]): string {
  const [call, ...others] = calls;
  if (!call || others.length > 0) return `${calls.length} calls wait for your answer.`;
  const again = call.request.changed ? 'Asked again: ' : '';
  return withoutLinks(`${again}${verbOf(call)} ${subjectLine(call, lengthOfNotice)}?`);
}

/** Who asks for what, where it is one call alone. */
export function noticeDetail([call, ...others]: readonly WaitingCall[]): string {
  if (!call || others.length > 0) return '';
  return withoutLinks([`${askText(call)}.`, notHeldLine(call.request)].filter(Boolean).join(' '));
}

/** Lists in one line the things that the answer does not hold; empty if it holds all that is named. */
export function notHeldLine({ notHeld = [] }: ApprovalRequest): string {
  return notHeld.length > 0 ? `Not held: ${exactLine(notHeld.join('; '), lengthOfNotHeld)}.` : '';
}

function verbOf({ kind, request: { tool } }: WaitingCall): string {
  if (kind === 'edit') return verbs[tool] ?? 'Change';
  return tool === 'terminal' ? 'Run' : `Use ${exactLine(tool, 20)}:`;
}

const verbs: Readonly<Record<string, string>> = {
  write_file: 'Write',
  delete_file: 'Delete',
  rename_file: 'Rename',
};

/** The document for what is too long for anything else. */
export function approvalDocument(call: WaitingCall): string {
  const { request } = call;
  const title = call.kind === 'edit' ? 'What would be written' : 'Exactly this would run';
  const head = [
    `${deedText(call)}.`,
    'Answer with the buttons in the title of this editor.',
    `Folder:  ${exactLine(request.cwd, 1000)}`,
    `Call id: ${exactLine(request.callId, 200)}`,
    ...notesOf(call),
  ];
  return `${head.join('\n')}\n\n--- ${title} ---\n${exactLines(request.subject, Infinity)}\n`;
}

/** What was allowed is bound to the bytes of files. */
export const askedAgain = 'You are asked again, because what you allowed has changed.';

/** Whoever does not expect codes in a command should know what they stand for. */
const hidden =
  'It holds characters that can’t be seen, or that reorder others: they are shown by their codes, ⟨U+…⟩.';

function notesOf({ request }: WaitingCall): readonly string[] {
  const { subject, changed, bound = [], notHeld = [] } = request;
  const missing = bound.filter(({ hash, path }) => hash === null && isNamedIn(subject, path, bound));
  return [
    holdsHidden(subject) ? hidden : '',
    changed ? named(askedAgain, changed) : '',
    named('Your answer counts only while these files stay as they are:', pathsOf(bound.filter(isThere))),
    named('Nothing is there yet; your answer counts only while that stays so:', pathsOf(missing)),
    named('Not held: your answer counts whatever these hold by the time it runs:', notHeld),
    bound.some(isThere) || notHeld.length > 0 ? alsoNotHeld : '',
  ].filter(Boolean);
}

/** The things that no look at a command can tell. */
const alsoNotHeld =
  'Installed programs, and what these files load or run in their turn, are not held either.';

function isThere({ hash }: BoundFile): boolean {
  return hash !== null;
}

function pathsOf(files: readonly BoundFile[]): readonly string[] {
  return files.map(({ path }) => path);
}

/** Not where a program would look besides, or where another folder has the file. */
function isNamedIn(subject: string, path: string, bound: readonly BoundFile[]): boolean {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const isElsewhere = bound.some((other) => isThere(other) && other.path.split(/[\\/]/).at(-1) === name);
  return !isElsewhere && subject.includes(name);
}

function named(heading: string, paths: readonly string[]): string {
  if (paths.length === 0) return '';
  const files = paths.slice(0, mostFilesNamed).map((path) => `  ${exactLine(path, 300)}`);
  const others = paths.length - files.length;
  return [heading, ...files, ...(others > 0 ? [`  and ${others} more`] : [])].join('\n');
}

/** A code of the text's own stands in both. */
function holdsHidden(subject: string): boolean {
  const codes = (text: string): number => text.split('⟨U+').length;
  return codes(exactLines(subject, Infinity)) > codes(subject);
}

function isExact({ request: { subject } }: WaitingCall, maxLength: number): boolean {
  return subject.length <= maxLength && exactLine(subject, maxLength) === subject;
}
