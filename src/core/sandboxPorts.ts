/** What is needed to confine commands. */
import type { CallError } from './calls.ts';

/**
 * What becomes of terminal commands: `on` confines them where this machine can, `required` refuses them where it can't.
 */
export const sandboxUses = ['off', 'on', 'required'] as const;

export type SandboxUse = (typeof sandboxUses)[number];

/** Whether commands can be confined here; `reason` says for a person why they can't be, and what to do. */
export type SandboxState =
  { readonly kind: 'works' } | { readonly kind: 'unavailable'; readonly reason: string };

/** What a confined command may touch. All paths are canonical. */
export interface ConfinedPlace {
  /** The workspace folders: they can be read, also where they lie in the state folder. */
  readonly roots: readonly string[];
  /** Those of them that can be written to, without what steers git and the editor. */
  readonly writable: readonly string[];
}

/** A command line for the user's shell that runs in the sandbox and nowhere else. */
export interface ConfinedCommand {
  readonly line: string;
  readonly env: Readonly<Record<string, string>>;
  /** Lines for the command's result: limits of the protection that hold here. */
  readonly remarks: readonly string[];
  /** Once the command has ended: takes away what was made for it. Settles with more such lines. Never rejects. */
  release(): Promise<readonly string[]>;
}

export type Confinement =
  | { readonly ok: true; readonly command: ConfinedCommand }
  | { readonly ok: false; readonly error: CallError };

/** Keeps commands from the network, from secrets, and from writing outside of what they are given. Nothing rejects. */
export interface Sandbox {
  /** Found out by trying. */
  state(): Promise<SandboxState>;
  confine(command: string, place: ConfinedPlace): Promise<Confinement>;
}
