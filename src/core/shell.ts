/** What judging a command line needs from the outside. */

/** The language in which the system's terminal reads a command line. */
export type ShellLanguage = 'bash' | 'powershell';

/** A node of a parsed command line. Offsets count UTF-16 units. */
export interface ShellNode {
  /** The grammar's name of it: `command`, `word`, or the text itself of an operator. */
  readonly type: string;
  /** Whether the grammar names it; operators and quotes are not named. */
  readonly isNamed: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: readonly ShellNode[];
}

export interface ShellGrammar {
  /**
   * The tree of a command line; undefined where it can't be told: anything in it is no shell, there is too much of it, or
   * the grammar can't be loaded. Never rejects.
   */
  parse(line: string): Promise<ShellNode | undefined>;
}

export interface Programs {
  /**
   * The PATH on which each of the programs is found outside of these folders, without the folders of PATH that a
   * repository could have filled; undefined where one isn't. Never rejects.
   */
  searchPath(names: readonly string[], outside: readonly string[]): Promise<string | undefined>;
}

/** What is at a path. The hash is of its bytes. */
export type HashedFile =
  | { readonly kind: 'file'; readonly hash: string }
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'other' };

/** The disk itself, whatever an editor shows of it. Nothing rejects. */
export interface Disk {
  /** Looks at a canonical path; blocks on nothing. */
  look(file: string): Promise<HashedFile>;
  /** The names in a canonical folder; none where there is no such folder, undefined where they can't all be told. */
  names(folder: string): Promise<readonly string[] | undefined>;
  /** The text of a regular file of ordinary size; undefined where there is none. */
  text(file: string): Promise<string | undefined>;
  /**
   * True if opening the canonical path could wait for another process or reach a machine: a FIFO, a device or
   * a socket.
   */
  isSpecial(file: string): Promise<boolean>;
  /** The last bytes of a regular file, the whole of a shorter one; undefined where there is none. */
  tail(file: string, bytes: number): Promise<Uint8Array | undefined>;
  /**
   * Copies files into a new folder, each with the time of the original in whole seconds. Undefined where one can't be read; else
   * the caller disposes the copies.
   */
  copy(files: readonly string[], folder: string): Promise<Copies | undefined>;
}

/** Files of our own, for a program that would write to those of others. */
export interface Copies {
  /** The bytes of a copy. */
  read(name: string): Promise<Uint8Array>;
  /** Gives a copy other bytes and leaves it its time. */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  /** Deletes them. Never rejects. */
  dispose(): Promise<void>;
}

/** The ports of the shell's tool beside files and processes. */
export interface Shell {
  /** What the terminal speaks; grammar and environment are for that. */
  readonly language: ShellLanguage;
  /**
   * All the variables for a command that nobody was asked about: variables can name programs, options, start-up files and
   * whole functions. `searchPath` where programs run.
   */
  environment(searchPath: string | undefined): Readonly<Record<string, string>>;
  readonly grammar: ShellGrammar;
  readonly programs: Programs;
  readonly disk: Disk;
}
