/** Reads the API's stream of one message as the events of a turn. */
import { APIError } from '@anthropic-ai/sdk';
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { noUsage, type Usage } from '../core/agents.ts';
import type { ModelEvent } from '../core/models.ts';
import { StreamBlocks } from './streamBlocks.ts';
import { updateUsage } from './streamUsage.ts';
import { checkShape } from './eventShape.ts';

/** Hears when an event is being read, and when the next is waited for. */
export interface StreamWatch {
  pause(): void;
  goOn(event: RawMessageStreamEvent): void;
}

/**
 * Yields what the events of one message tell; `ended` comes for a whole message alone. Ends quietly where the connection
 * broke: the message is cut. Throws what the API sent as an error, and SyntaxError for what is not the Messages API's.
 */
export async function* readMessage(
  stream: AsyncIterable<RawMessageStreamEvent>,
  watch?: StreamWatch,
): AsyncGenerator<ModelEvent, void> {
  const reader = new MessageReader();
  try {
    for await (const event of stream) {
      watch?.pause();
      const told = reader.take(event);
      if (told) yield told;
      if (reader.hasEnded) return;
      watch?.goOn(event);
    }
  } catch (error) {
    if (error instanceof APIError || error instanceof SyntaxError) throw error;
  }
}

/** One for each message. */
class MessageReader {
  private readonly blocks = new StreamBlocks();
  private usage: Usage = noUsage;
  private stopReason: string | null = null;
  private isOver = false;

  /** Whether `message_stop` has come: nothing after it belongs to the message. */
  get hasEnded(): boolean {
    return this.isOver;
  }

  /**
   * Takes the next event in, and returns what it tells, if anything: `ended` only for a whole message, after
   * `message_stop` and with no block left open. Throws SyntaxError where the event is not the Messages API's.
   */
  take(event: RawMessageStreamEvent): ModelEvent | undefined {
    checkShape(event);
    switch (event.type) {
      case 'message_start':
        this.usage = updateUsage(this.usage, event.message.usage);
        return undefined;
      case 'content_block_start':
        this.blocks.start(event.index, event.content_block);
        return undefined;
      case 'content_block_delta':
        return this.blocks.add(event.index, event.delta);
      case 'content_block_stop': {
        const block = this.blocks.end(event.index);
        return block && { type: 'block', index: event.index, block };
      }
      case 'message_delta':
        this.usage = updateUsage(this.usage, event.usage);
        this.stopReason = event.delta.stop_reason;
        return undefined;
      case 'message_stop':
        this.isOver = true;
        return this.blocks.areOpen
          ? undefined
          : { type: 'ended', stopReason: this.stopReason, usage: this.usage };
      default: {
        const unknown: never = event;
        void unknown; // The API adds event types, and asks clients to pass over those they don't know.
        return undefined;
      }
    }
  }
}
