/** Asks the model once: streams a reply into the session's events and says how it ended. */
import { noUsage, type AgentId, type RunId, type TurnId, type Usage } from '../core/agents.ts';
import type { Model, ModelErrorKind, ModelEvent, ModelRequest } from '../core/models.ts';
import { ModelError } from '../core/models.ts';
import type { SessionId } from '../core/events.ts';
import type { LiveChannel, Recorder } from '../core/ports.ts';
import type { IndexedCall } from '../engine/batch.ts';
import { judgeError, judgeTurn, streamCut, type Verdict } from './endings.ts';

export interface Reply {
  readonly verdict: Verdict;
  readonly stopReason: string | null;
  readonly usage: Usage;
  /** The text of the reply, or as much as arrived. */
  readonly text: string;
  /** Whether the message came to the API's own end of it. */
  readonly isWhole: boolean;
  /** Why the request failed, where it did. */
  readonly error?: ModelErrorKind;
  /** What the API asks to wait before the turn is asked again. */
  readonly retryAfterMs?: number;
}

export interface TurnPlace {
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly turnId: TurnId;
  readonly attempt: number;
  /** What the model had written when it paused, where this turn goes on from there. */
  readonly textBefore: string;
}

export interface TurnPorts {
  readonly recorder: Recorder;
  readonly live: LiveChannel;
  readonly model: Model;
  /** Gets each call when its block is complete; what it may do before the turn has ended is not this room's affair. */
  readonly takeCall: (call: IndexedCall) => void;
  /** The request was accepted: its reply has begun. Called once. */
  readonly onAccepted: () => void;
}

function failure({ kind, retryAfterMs }: ModelError): Pick<Reply, 'error' | 'retryAfterMs'> {
  return { error: kind, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** The usual guess for English prose. */
const charsPerToken = 4;

/** One request to the model. What has arrived can be read at any time, also after an abort. */
export class TurnInProgress {
  private readonly place: TurnPlace;
  private readonly ports: TurnPorts;
  private callCount = 0;
  private readonly texts = new Map<number, string>();
  private end: Extract<ModelEvent, { type: 'ended' }> | undefined;
  private isAccepted = false;
  private usageSoFar: Usage = noUsage;
  /** Of all blocks, thinking and inputs of calls included. */
  private writtenCharacters = 0;

  constructor(place: TurnPlace, ports: TurnPorts) {
    this.place = place;
    this.ports = ports;
    if (place.textBefore !== '') this.texts.set(-1, place.textBefore);
  }

  /** Asks, once. Rejects with the signal's reason after an abort, or with what is no failure of the model. */
  async ask(request: ModelRequest, signal: AbortSignal): Promise<Reply> {
    const { agentId, runId, turnId, attempt } = this.place;
    const { recorder, model } = this.ports;
    const started = { agentId, runId, turnId, attempt, model: request.model };
    void recorder.record({ type: 'turn.started', ...started }, 'buffered'); // Never rejects.
    try {
      for await (const event of model.turn(request, signal)) {
        signal.throwIfAborted();
        this.take(event);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ModelError)) throw error;
      return { ...this.reply(judgeError(error.kind, error.message)), ...failure(error) };
    }
    signal.throwIfAborted();
    return this.reply();
  }

  /** The text so far, whole blocks and the one that grows. */
  get text(): string {
    return [...this.texts.values()].join('\n\n').trim();
  }

  /** The tokens so far: as the API counted them, and what it has not counted yet by its length. */
  get usage(): Usage {
    if (this.end) return this.end.usage;
    const outputTokens = Math.ceil(this.writtenCharacters / charsPerToken);
    const counted = this.usageSoFar;
    return outputTokens <= counted.outputTokens ? counted : { ...counted, outputTokens, isEstimated: true };
  }

  private take(event: ModelEvent): void {
    if (!this.isAccepted) this.ports.onAccepted();
    this.isAccepted = true;
    switch (event.type) {
      case 'usage':
        this.usageSoFar = event.usage;
        return;
      case 'delta':
        this.showDelta(event);
        return;
      case 'block':
        this.takeBlock(event);
        return;
      case 'ended':
        this.end = event;
        return;
    }
  }

  private reply(verdict?: Verdict): Reply {
    const { text } = this;
    const stopReason = this.end?.stopReason ?? null;
    return {
      verdict: verdict ?? (this.end ? judgeTurn(stopReason, text !== '', this.callCount > 0) : streamCut),
      stopReason,
      usage: this.usage,
      text,
      isWhole: this.end !== undefined,
    };
  }

  private showDelta({ index, block, delta }: Extract<ModelEvent, { type: 'delta' }>): void {
    this.writtenCharacters += delta.length;
    if (block === 'text') this.texts.set(index, (this.texts.get(index) ?? '') + delta);
    const { sessionId, agentId, turnId } = this.place;
    this.ports.live.show({ type: 'live.text', sessionId, agentId, turnId, index, block, delta });
  }

  private takeBlock({ index, block }: Extract<ModelEvent, { type: 'block' }>): void {
    if (block.type === 'tool_use') {
      this.callCount += 1;
      this.writtenCharacters += JSON.stringify(block.input).length;
      this.ports.takeCall({ id: block.id, tool: block.name, input: block.input, index });
      return;
    }
    if (block.type === 'text') this.texts.set(index, block.text);
    const { agentId, turnId } = this.place;
    void this.ports.recorder.record({ type: 'block.received', agentId, turnId, index, block }, 'buffered'); // Never rejects.
  }
}
