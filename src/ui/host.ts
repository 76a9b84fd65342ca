/** What the interface is given by extension.ts. */
import type { Permission } from '../core/agents.ts';
import type { Disposable } from '../core/emitter.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { ParsedTranscript } from '../formats/transcript.ts';
import type { KeepLimits, PastSessions } from '../runtime/pastSessions.ts';
import type { LazyRuntime } from './lazyRuntime.ts';

/** Where the API key is kept. */
export interface KeyStore {
  apiKey(): Promise<string | undefined>;
  setApiKey(key: string): Promise<void>;
  clearApiKey(): Promise<void>;
  readonly onApiKeyChange: (listener: () => void) => Disposable;
}

/** The settings that the interface reads and writes. */
export interface UserSettings {
  permission(): Permission;
  model(): string;
  /** The address of the API, undefined for Anthropic's own. */
  baseUrl(): string | undefined;
  setModel(model: string): Promise<void>;
  /** How long past sessions are kept, and how much of them. */
  keepSessions(): KeepLimits;
  /** A message tells of each agent that completed unseen. */
  tellsCompletions(): boolean;
  /** What the user allowed for good, as it is written: not checked. */
  approvalRules(): unknown;
  setApprovalRules(rules: readonly unknown[]): Promise<void>;
}

export interface Host {
  readonly runtime: LazyRuntime;
  readonly past: PastSessions;
  readonly keys: KeyStore;
  readonly settings: UserSettings;
  readonly clock: Clock;
  readonly log: Log;
  showLog(): void;
  /** The words that a rule for commands like this one would begin with; undefined where none would be safe. */
  readonly suggestPrefix: (command: string) => Promise<string | undefined>;
  /** Returns the most that a rule for a suggested beginning allows. */
  readonly prefixBounds: (prefix: string) => Promise<string | undefined>;
  /** Reads a transcript; see formats/transcript.ts. */
  readonly parseTranscript: (text: string) => Promise<ParsedTranscript>;
  /** The git of the machine, never one of a workspace folder, and the environment to run it in. */
  readonly findGit: () => Promise<
    { readonly file: string; readonly environment: Readonly<Record<string, string>> } | undefined
  >;
  /** Absolute path of the extension's folder. */
  readonly extensionPath: string;
}
