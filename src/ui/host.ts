/** What the interface is given by extension.ts. */
import type { ApprovalAnswer, ApprovalRequest } from '../core/calls.ts';
import type { Permission } from '../core/agents.ts';
import type { Disposable } from '../core/emitter.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { ParsedTranscript } from '../formats/transcript.ts';
import type { KeepLimits, PastSessions } from '../runtime/pastSessions.ts';
import type { LazyRuntime } from './lazyRuntime.ts';

/** The questions that wait for the person. */
export interface WaitingApprovals {
  waiting(): readonly ApprovalRequest[];
  /** False, after the person was told, where it waits no more. */
  answer(request: ApprovalRequest, answer: ApprovalAnswer): boolean;
}

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
  setModel(model: string): Promise<void>;
  /** How long past sessions are kept, and how much of them. */
  keepSessions(): KeepLimits;
}

export interface Host {
  readonly runtime: LazyRuntime;
  readonly past: PastSessions;
  readonly approvals: WaitingApprovals;
  readonly keys: KeyStore;
  readonly settings: UserSettings;
  readonly clock: Clock;
  readonly log: Log;
  showLog(): void;
  /** Reads a transcript; see formats/transcript.ts. */
  readonly parseTranscript: (text: string) => Promise<ParsedTranscript>;
  /** Absolute path of the extension's folder. */
  readonly extensionPath: string;
}
