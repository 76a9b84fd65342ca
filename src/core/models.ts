/** What a model is to the agent loop: a request in, a stream of events out. */
import type { TurnBlock, Usage } from './agents.ts';
import type { CallId, CallInput } from './calls.ts';
import type { ToolDescription } from './tools.ts';

export interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: CallId;
  readonly name: string;
  readonly input: CallInput;
}

export interface ToolResultBlock {
  readonly type: 'tool_result';
  readonly toolUseId: CallId;
  readonly text: string;
  readonly isError: boolean;
}

export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

export type Message =
  | { readonly role: 'user'; readonly content: readonly (TextBlock | ToolResultBlock)[] }
  | { readonly role: 'assistant'; readonly content: readonly (TurnBlock | ToolUseBlock)[] };

export interface ModelRequest {
  /** Which agent of the session asks; the replay model plays that agent's turns. */
  readonly agentId: string;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDescription[];
  /** The most tokens that the turn may produce, where that is not the setting's number. */
  readonly maxTokens?: number;
}

/** One step of a turn; the first says that the request was accepted. A stream that ends without `ended` was cut. */
export type ModelEvent =
  /** The tokens of the turn so far: what a turn has cost that is cut later. */
  | { readonly type: 'usage'; readonly usage: Usage }
  | {
      readonly type: 'delta';
      readonly index: number;
      readonly block: 'text' | 'thinking';
      readonly delta: string;
    }
  /** A block is complete; the call's input is strictly parsed. */
  | { readonly type: 'block'; readonly index: number; readonly block: TurnBlock | ToolUseBlock }
  /** Comes once, last, and only with the API's own end of the message. */
  | { readonly type: 'ended'; readonly stopReason: string | null; readonly usage: Usage };

/** Why a request to the model failed. */
export type ModelErrorKind =
  | 'authentication'
  | 'noKey'
  | 'invalidRequest'
  | 'unusableModel'
  | 'rateLimit'
  | 'overloaded'
  | 'server'
  | 'connection'
  | 'stalled'
  | 'contextWindow'
  | 'transcriptEnded';

/** A model's failure. `message` is for a person and says what to do next; `cause` is for the log. */
export class ModelError extends Error {
  readonly kind: ModelErrorKind;
  /** What the API asks to wait before the next request. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ModelErrorKind,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ModelError';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export interface Model {
  /** It answers without the API, so no rate limit holds for it. */
  readonly isLocal?: true;
  /** Asks once. The iteration throws ModelError, or the signal's reason after an abort. */
  turn(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}
