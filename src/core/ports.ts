/** What the engine, tools and agents need from the outside; adapters implement these and the other ports beside this file. */
import type { Permission } from './agents.ts';
import type { ApprovalAnswer, ApprovalRequest } from './calls.ts';
import type { Disposable } from './emitter.ts';
import type { EventBody, LiveEvent, SessionId } from './events.ts';
import type { SandboxUse } from './sandboxPorts.ts';
import type { SessionState } from './states.ts';
import type { Lane } from './tools.ts';

/** The one source of time. */
export interface Clock {
  /** Epoch milliseconds, for journals and people. */
  now(): number;
  /** Milliseconds that never jump, for durations and deadlines. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; disposing cancels. */
  after(delayMs: number, callback: () => void): Disposable;
}

/** The log channel; for causes, never for secrets. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, cause?: unknown): void;
}

/** A text of a file that is to be kept. */
export interface TextToKeep {
  readonly text: string;
  /** The hash of an earlier text of the same file that was kept: what both have in common is not kept twice. */
  readonly like?: string;
}

/** The one writer of a session: takes its events in order. */
export interface Recorder {
  /** The fold of all that took effect so far. */
  readonly state: SessionState;
  /**
   * Journals an event, then applies it to the state and tells everyone. With `durable` it settles when
   * the event is on disk; otherwise the event may be buffered. Events take effect in the order of the calls.
   * Never rejects: a journal that can't be written is told to the person by its owner.
   * `texts` of files are kept by their hash, exactly as they are, and are on disk before the event.
   */
  record(event: EventBody, durability: 'durable' | 'buffered', texts?: readonly TextToKeep[]): Promise<void>;
  /**
   * True while the journal can't be written and nobody has agreed to go on without: a call with effects must not start.
   * Its intent settles at once then; all else that is durable waits for the person's answer.
   */
  readonly refusesIntents?: boolean;
}

/** A session that can't be saved. */
export interface UnsavedSession {
  readonly sessionId: SessionId;
  readonly title: string;
  /** What happened, in a sentence for the person. */
  readonly problem: string;
}

/** `nobodyThere`: nobody can be asked, as in a script; the session is stopped. */
export type UnsavedAnswer = 'goOn' | 'stop' | 'nobodyThere';

/** Tells the person that a session can't be saved, once a session, and asks whether it goes on in memory alone. */
export interface UnsavedSessions {
  ask(session: UnsavedSession): Promise<UnsavedAnswer>;
}

/** Shows what grows; see LiveEvent. */
export interface LiveChannel {
  show(event: LiveEvent): void;
}

/** Asks a person. */
export interface Approvals {
  /** Settles with the answer, or rejects with the signal's reason. */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
  /** Answers a question that waits; false where it waits no more. */
  answer?(request: ApprovalRequest, answer: ApprovalAnswer): boolean;
}

/** What a person allowed for good, in settings that no repository can change. */
export interface ApprovalRules {
  /** Whether a rule covers the call, so that nobody has to be asked. Never throws. */
  allows(request: ApprovalRequest): Promise<boolean>;
}

/** How often and how patiently something that failed is tried again. */
export interface RetrySettings {
  /** How often one turn is asked again. */
  readonly turn: number;
  /** The longest wait that the API may ask for, in milliseconds. */
  readonly longestWaitMs: number;
}

/** What a user's settings say; read each time, because they change. */
export interface Settings {
  lanes(): Readonly<Record<Lane, number>>;
  /** The deadline of a tool in milliseconds, where the user set one. */
  timeoutMs(tool: string): number | undefined;
  model(): string;
  maxTokens(): number;
  retries(): RetrySettings;
  /** The most that is kept of one call's output in a file. */
  maxOutputFileBytes(): number;
  baseUrl(): string | undefined;
  /** How deep agents may be nested, and how many a session may have; 2 and 200 where absent. */
  agentLimits?(): { readonly depth: number; readonly agents: number };
  /** The most that agents may do now, where a setting says so: what was started under a wider one gets no more than this. */
  permission?(): Permission;
  /** `off` where absent. */
  sandbox?(): SandboxUse;
  /** Whether a person is asked about each edit under `workspace-write`; false where absent. */
  reviewsEdits?(): boolean;
  /** What the user wrote as rules of approval, unchecked; none where absent. */
  approvalRules?(): unknown;
}

/** Where the API key is kept. */
export interface Secrets {
  apiKey(): Promise<string | undefined>;
}
