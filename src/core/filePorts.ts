/** What is needed of files: reading, writing, searching, and what is known of them. */
import type { AgentId } from './agents.ts';
import type { CallError, CallId, FileTraits, IntendedEdit } from './calls.ts';
import type { Disposable } from './emitter.ts';
import type { SessionId } from './events.ts';
import type { ReadForm, TextForm } from './textForm.ts';

/** `at` is where the file was while it was open, with all links resolved; absent where the text did not come from the disk. */
export type FileRead =
  | {
      readonly ok: true;
      readonly text: string;
      readonly bytes: number;
      readonly isUnsaved: boolean;
      readonly form?: ReadForm;
      readonly at?: string;
    }
  | { readonly ok: false; readonly error: CallError };

/** The lines of a text, counted from 1. */
export interface FileLines {
  readonly total: number;
  /** Lines that end with carriage return and line feed. */
  readonly crlfEnds: number;
  /** Carriage returns that no line feed follows. */
  readonly loneReturns: number;
  /** True if the last line ends as the others do. */
  readonly endsClosed: boolean;
  /** SHA-256 of the text in hex. */
  readonly hash: string;
  /** Size of the text from the first line to the last, without the last line feed. Both lines exist. */
  bytesOf(first: number, last: number): number;
  /** The lines from an existing one on, without their ends. */
  from(first: number): Iterable<string>;
}

/** As `FileRead`, with the lines in place of the text. */
export type FileLinesRead =
  | {
      readonly ok: true;
      readonly lines: FileLines;
      readonly bytes: number;
      readonly isUnsaved: boolean;
      readonly form?: ReadForm;
      readonly at?: string;
    }
  | { readonly ok: false; readonly error: CallError };

/** The traits that a file is to have; its mode stays where none is named. */
export type WantedTraits = Partial<FileTraits> & Pick<FileTraits, 'hasMark'>;

/** A whole text for a file. */
export interface FileWrite {
  /** Canonical. */
  readonly path: string;
  readonly text: string;
  /** The text that must stand there now, as `readText` gives it. Absent: no file may be there. */
  readonly replaces?: string;
  /** What the file is to have; where absent, what it has. */
  readonly traits?: WantedTraits;
  /** Canonical: missing folders are made below it alone, and nothing is written where it is gone. Absent: any folder is made. */
  readonly root?: string;
  /** This text and no other may come of it: what an editor does to a text when it saves it is taken back. */
  readonly isExact?: true;
  /**
   * Settles once this text and the one that it replaces are on disk elsewhere, or with why they can't be. Asked for where no
   * new file could take the place of this one with all that it has. Absent: a new file takes its place nevertheless.
   */
  readonly beforeInPlace?: () => Promise<CallError | undefined>;
}

/** A file into which a text was being written when the program ended. */
export interface TornFile {
  /** Canonical. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** Of the file before. */
  readonly form: TextForm;
}

/** `text` is what stands there now: an editor may have formatted it. `isUnsaved`: in the editor, not on the disk. */
export type FileWritten =
  | { readonly ok: true; readonly text: string; readonly isUnsaved: boolean }
  | { readonly ok: false; readonly error: CallError };

/** A file that is no longer where it was. */
export type FileGone = { readonly ok: true } | { readonly ok: false; readonly error: CallError };

export type FileListing =
  | {
      readonly ok: true;
      readonly paths: readonly string[];
      readonly isCut: boolean;
      readonly unlisted: Unlisted;
      /** If no file matched: what is there instead, so that nothing is called absent that was only left out. */
      readonly insteadOfFiles: readonly InsteadOfFiles[];
    }
  | { readonly ok: false; readonly error: CallError };

/** What a listing left out. Paths are relative to its folder. */
export interface Unlisted {
  /** Files and folders that ignore rules name, without what is in these folders. `by` are the absolute files of the rules. */
  readonly ignored: { readonly count: number; readonly by: readonly string[] };
  /** Folders, and files with ignore rules, that may not be read. */
  readonly unreadable: SomePlaces;
  /** Links to folders of the workspace. */
  readonly folderLinks: SomePlaces;
  /** Links that lead out of the workspace. */
  readonly outsideLinks: SomePlaces;
  /** Links that lead to nothing. */
  readonly brokenLinks: SomePlaces;
  /** The rules that ignore the folder that was named itself. They don't count in it. */
  readonly namedIgnored?: { readonly path: string; readonly by: string };
}

/** `first` are the first few of them. */
export interface SomePlaces {
  readonly count: number;
  readonly first: readonly string[];
}

/** `isAtLeast`: the look ended before all was seen. */
export type InsteadOfFiles =
  /** Files that match and are ignored. */
  | (SomePlaces & { readonly kind: 'ignored'; readonly isAtLeast: boolean; readonly by: readonly string[] })
  /** Folders that match. */
  | (SomePlaces & { readonly kind: 'folders'; readonly isAtLeast: boolean })
  /** Files further below. `glob` finds them. */
  | (SomePlaces & { readonly kind: 'deeper'; readonly isAtLeast: boolean; readonly glob: string })
  /** Files that would match in another case. */
  | (SomePlaces & { readonly kind: 'otherCase'; readonly isAtLeast: boolean })
  /** The first name of the glob's fixed beginning that isn't there. */
  | { readonly kind: 'missing'; readonly path: string }
  /** The folder has nothing in it. */
  | { readonly kind: 'emptyFolder'; readonly path: string };

export interface ListOptions {
  /** Canonical folders that links may lead to. Absent: the folder itself. */
  readonly roots?: readonly string[];
  /** A glob without a slash is for names at any depth. */
  readonly isForNames?: boolean;
}

/** The files of the workspace. All paths are absolute. */
export interface Files {
  /** The path with every link resolved; of a path that does not exist, its nearest existing folder's. */
  canonical(path: string): Promise<string>;
  /**
   * The whole text of a regular file of at most `maxBytes`, as the editor shows it where it is open.
   * Folders, devices, FIFOs, binary and larger files are errors; nothing blocks on them. A file in another encoding than UTF-8
   * is decoded, which `form` says.
   */
  readText(path: string, maxBytes: number, signal: AbortSignal): Promise<FileRead>;
  /** As `readText`, for a part of the text: reads of one large file share the look for its lines, and block nothing. */
  readLines(path: string, maxBytes: number, signal: AbortSignal): Promise<FileLinesRead>;
  /** SHA-256 of a regular file's bytes in hex; undefined where there is none, or it can't be read. Rejects when it is stopped. */
  bytesHash(path: string, signal: AbortSignal): Promise<string | undefined>;
  /** Of a regular file on the disk; undefined where there is none. Never rejects. */
  traits(path: string): Promise<FileTraits | undefined>;
  /**
   * Writes a regular file whole or not at all, through the editor where there is one. The file keeps its mode, its encoding and
   * its byte order mark; missing folders are made. Where something else stands there than was expected, nothing is overwritten.
   */
  write(write: FileWrite, signal: AbortSignal): Promise<FileWritten>;
  /** As `write`, on the disk alone: for what no person edits. */
  writeToDisk(write: FileWrite, signal: AbortSignal): Promise<FileWritten>;
  /** Gives a file on the disk its text from before, if it holds parts of both; true if so. Never rejects. */
  restoreTorn(torn: TornFile, signal: AbortSignal): Promise<boolean>;
  /** The names of what is in a folder; none where there is no such folder, or it can't be listed. Never rejects. */
  names(folder: string): Promise<readonly string[]>;
  /** Whether the last part of a path is a link itself, wherever it leads. */
  isLink(path: string): Promise<boolean>;
  /** The links in a folder and in those below it that `isEntered` allows, relative with forward slashes. Never rejects. */
  links(folder: string, isEntered: (relative: string) => boolean): Promise<readonly string[]>;
  /**
   * Deletes a regular file in which the text `replaces` stands: through the editor, with its trash, or for good.
   * One with unsaved changes is not deleted.
   */
  remove(path: string, replaces: string, signal: AbortSignal): Promise<FileGone>;
  /**
   * Moves a regular file to where none is; missing folders are made. Nothing is overwritten. Both paths are canonical.
   * Through the editor, where there is one: unsaved changes go with the file. `root` is that of a `FileWrite`, for `to`.
   */
  move(from: string, to: string, signal: AbortSignal, root?: string): Promise<FileGone>;
  /**
   * Files below a canonical folder that match a glob, relative with forward slashes, in order. Git's ignore rules apply, but
   * to no place that the glob names in full. Links to files are among them, links to folders are not followed.
   */
  list(
    folder: string,
    glob: string,
    limit: number,
    signal: AbortSignal,
    options?: ListOptions,
  ): Promise<FileListing>;
}

/** What stands under a virtual path. `other`: a link, or what is no file. */
export interface VirtualEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** The files of a workspace that is not on a disk, as the editor has them. Paths are those of `virtualPath`. */
export interface VirtualDisk {
  /** Rejects where nothing is there. */
  stat(path: string): Promise<{ readonly kind: VirtualEntry['kind']; readonly bytes: number }>;
  /** Rejects where no folder is there. */
  readFolder(path: string): Promise<readonly VirtualEntry[]>;
  /** Rejects where no file is there. */
  readFile(path: string): Promise<Uint8Array>;
  /** Of a document that is open and has unsaved changes. */
  unsavedText(path: string): string | undefined;
}

/** An error in a file, as a language service tells it. `line` counts from 1. */
export interface FileError {
  readonly line: number;
  readonly message: string;
}

/** What the editor's language services report of files. Paths are canonical. */
export interface Diagnostics {
  /** The errors that are known of a file now, unsaved changes included. */
  errorsOf(path: string): readonly FileError[];
  /** Calls back each time a service has reported on the file; the caller disposes. Undefined: none is expected to. */
  watch(path: string, onReport: () => void): Disposable | undefined;
}

export interface TextQuery {
  readonly pattern: string;
  readonly isRegex: boolean;
  /** A glob that limits the files; relative to `path`. */
  readonly glob?: string;
  /** Absolute file or folder. */
  readonly path: string;
  readonly maxMatches: number;
  /** Folders from which no program is taken for the search: it could be anybody's. */
  readonly notFrom?: readonly string[];
}

export interface TextMatch {
  /** Absolute. */
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
}

export type UnsearchedReason =
  /** May not be read by this user. */
  | 'unreadable'
  /** A NUL makes it binary; it was searched up to there at most. */
  | 'binary'
  /** Has more bytes than an editor hands out. */
  | 'tooLarge'
  /** The line that matches is too long to show. */
  | 'longLine'
  /** The pattern took too long with it. */
  | 'slow'
  /** There are more files than are looked at, or too many took too long. */
  | 'tooMany'
  /** Ignore rules or a NUL kept it out, but it holds a match, and nothing else does. */
  | 'leftOut'
  /** Ignore rules kept it out, and it is not known what is in it. */
  | 'ignored';

/** Places that a search did not look at, or not whole. `examples` are absolute, the first few of `count`. */
export interface Unsearched {
  readonly why: UnsearchedReason;
  readonly count: number;
  readonly examples: readonly string[];
}

export type TextSearchResult =
  | {
      readonly ok: true;
      readonly matches: readonly TextMatch[];
      /** There are more matches than were asked for. */
      readonly isCut: boolean;
      readonly unsearched: readonly Unsearched[];
      /** The pattern has look-around or back-references, which JavaScript's engine matched. */
      readonly isBeyondRipgrep: boolean;
    }
  | { readonly ok: false; readonly error: CallError };

/** Searches text in files; ignore rules apply. */
export interface TextSearch {
  search(query: TextQuery, signal: AbortSignal): Promise<TextSearchResult>;
}

/** What sessions know of the files that their agents read and write; it is in their journals. */
export interface FileMemory {
  /** The hash of the text of a file that an agent knows; undefined where it knows none, and outside of agents. */
  lastSeen(sessionId: SessionId, agentId: AgentId | undefined, path: string): string | undefined;
  /**
   * Journals what a running call is about to write, and keeps the text that stands there before, so that it can be restored.
   * Settles when both are on disk, or with why the write must not be made.
   */
  intend(
    sessionId: SessionId,
    callId: CallId,
    edit: IntendedEdit,
    textBefore: string | undefined,
  ): Promise<CallError | undefined>;
  /**
   * Journals that the edit which the call intends is about to be written into its file, and keeps the new text: a program that
   * dies meanwhile leaves parts of both. Settles as `intend` does.
   */
  writesInPlace(
    sessionId: SessionId,
    callId: CallId,
    texts: { readonly before: string; readonly after: string },
  ): Promise<CallError | undefined>;
}
