/** The way that every edit takes from a new text to the file: what was read is compared, what is intended is journalled. */
import type { IntendedEdit } from '../core/calls.ts';
import type { FileMemory, Files, FileWritten } from '../core/filePorts.ts';
import type { ToolContext, ToolResult } from '../core/tools.ts';
import { textHash } from '../store/textHash.ts';
import { changedLines, changedLinesText } from './changedLines.ts';
import type { NewErrors } from './newErrors.ts';

const editTools: ReadonlySet<string> = new Set(['write_file', 'edit_file', 'delete_file', 'rename_file']);

/** Whether a tool journals what it is about to do to a file, before it does. */
export function isEditTool(name: string): boolean {
  return editTools.has(name);
}

/** What edits need from the outside. */
export interface EditPorts {
  readonly files: Files;
  readonly memory: FileMemory;
  /** Absolute; protected. */
  readonly stateDir: string;
  /** Absent: no language service is there to ask. */
  readonly newErrors?: NewErrors;
}

type ToolFailure = Extract<ToolResult, { readonly ok: false }>;

export interface TextChange {
  /** Canonical. */
  readonly path: string;
  /** The workspace folder that holds it; canonical. */
  readonly root: string;
  /** How the file is called in the result. */
  readonly name: string;
  /** What stands there now; undefined: no file. */
  readonly before: string | undefined;
  /** Without a byte order mark. */
  readonly after: string;
  /** The file is to begin with a byte order mark; else it keeps the one that it has. */
  readonly setsMark: boolean;
  /** What the model is told with the outcome. */
  readonly notes?: readonly string[];
}

/** True if the file already is as the change would leave it. */
export async function isSame(
  { path, before, after, setsMark }: TextChange,
  { files }: Pick<EditPorts, 'files'>,
): Promise<boolean> {
  return before === after && (!setsMark || (await files.traits(path))?.hasMark === true);
}

/** Writes the text, if the file is still as it was read just now. */
export async function writeText(
  change: TextChange,
  { files, memory, newErrors }: EditPorts,
  { sessionId, callId, signal, isAwaited }: ToolContext,
): Promise<ToolResult> {
  const { path, root, before, after, setsMark } = change;
  const edit = intended(change);
  const refused = await memory.intend(sessionId, callId, edit, before);
  if (refused !== undefined) return { ok: false, error: refused };
  const watched = isAwaited ? undefined : newErrors?.watch(path);
  try {
    const write = {
      path,
      root,
      text: after,
      ...(before !== undefined && {
        replaces: before,
        beforeInPlace: () => memory.writesInPlace(sessionId, callId, { before, after }),
      }),
      ...(setsMark && { traits: { hasMark: true } }),
    };
    const written = await files.write(write, signal);
    return written.ok ? done(change, edit, written, await watched?.told(signal)) : written;
  } finally {
    watched?.dispose();
  }
}

function done(
  { path, after }: TextChange,
  { text: told, bytes }: IntendedEdit,
  written: Extract<FileWritten, { readonly ok: true }>,
  errors: string | undefined,
): ToolResult {
  const notes = [
    ...(written.text === after
      ? []
      : ['[the editor changed the text when it saved it, by its own rules; read it before the next edit]']),
    ...(written.isUnsaved
      ? ['[the edit stands in the editor beside unsaved changes there, and not yet on the disk]']
      : []),
  ];
  const text = [told, ...notes, ...(errors === undefined ? [] : [errors])].join('\n');
  return { ok: true, output: { text, bytes, seen: { path, hash: textHash(written.text) } } };
}

/** A file that a call is about to change, with the hash of what stands there. */
export interface KnownFile {
  /** Canonical. */
  readonly path: string;
  readonly name: string;
  readonly hash: string;
}

/** Why the file may not be touched, where the agent read another text of it than stands there. `done`: what was not. */
export function changedSinceRead(
  { path, name, hash }: KnownFile,
  { memory }: Pick<EditPorts, 'memory'>,
  { sessionId, agentId }: ToolContext,
  done = 'written',
): ToolFailure | undefined {
  const seen = memory.lastSeen(sessionId, agentId, path);
  if (seen === undefined || seen === hash) return undefined;
  const message = `${name} has changed since you read it, so nothing was ${done}. Read it again, then decide anew.`;
  return { ok: false, error: { kind: 'changed', message } };
}

/** Whether an agent asks that has never read the file. A person's own batch file needs no reading. */
export function isUnread(
  path: string,
  { memory }: Pick<EditPorts, 'memory'>,
  { sessionId, agentId }: ToolContext,
): boolean {
  return agentId !== undefined && memory.lastSeen(sessionId, agentId, path) === undefined;
}

function intended({ path, name, before, after, setsMark, notes = [] }: TextChange): IntendedEdit {
  const changed =
    before === after ? 'a byte order mark' : changedLinesText(changedLines(before ?? '', after));
  return {
    path,
    before: before === undefined ? null : textHash(before),
    after: textHash(after),
    text: [`${before === undefined ? 'Made' : 'Changed'} ${name}: ${changed}.`, ...notes].join('\n'),
    bytes: Buffer.byteLength(after),
    ...(setsMark && before !== undefined && ({ setsTraits: true } as const)),
  };
}
