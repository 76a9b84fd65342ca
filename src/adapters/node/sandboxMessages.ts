/** What the host and its sandbox helper say to one another. */

/** What a confined command may read and write; canonical paths, each a name and never a pattern. */
export interface SandboxProfile {
  readonly unreadable: readonly string[];
  /** Exceptions inside of these. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** Exceptions inside of these, also where nothing is there yet. */
  readonly unwritable: readonly string[];
  /** Workspace folders in which what steers git and the editor is looked for, to be unwritable too. */
  readonly guarded: readonly string[];
}

export interface ConfineRequest {
  readonly kind: 'confine';
  readonly id: number;
  readonly command: string;
  readonly shell: string;
  /** Absolute; bubblewrap on Linux. */
  readonly bubblewrap: string;
  /** Where the programs that the package brings along are unpacked; absolute, and no command can write there. */
  readonly programs: string;
  /** The command's own folder for temporary files. */
  readonly temporary: string;
  readonly profile: SandboxProfile;
}

/** `release`: the command of an earlier request has ended, or will never be started. */
export type HelperRequest =
  ConfineRequest | { readonly kind: 'release'; readonly id: number; readonly confined: number };

/** A shell line that runs in the sandbox, and what its result should say of the limits of the protection. */
export interface ConfinedLine {
  readonly line: string;
  readonly remarks: readonly string[];
}

export type HelperReply =
  /** The line is empty for a release. */
  | ({ readonly id: number; readonly ok: true } & ConfinedLine)
  | { readonly id: number; readonly ok: false; readonly problem: string };
