/** Reads the API's stream of one message as the events of a turn. */
import { APIError } from '@anthropic-ai/sdk';
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { noUsage, type Usage } from '../core/agents.ts';
import type { ModelEvent } from '../core/models.ts';
import { StreamBlocks } from './streamBlocks.ts';
import { updateUsage } from './streamUsage.ts';
import { checkShape } from './eventShape.ts';

/** Hears when an event is being read, when the next is waited for, and of what is left after a whole message. */
export interface StreamWatch {
  pause(): void;
  goOn(event: RawMessageStreamEvent): void;
  /** `rest` settles when the response has ended; never rejects. */
  finish(rest: Promise<void>): void;
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
  const events = stream[Symbol.asyncIterator]();
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      watch?.pause();
      const told = reader.take(next.value);
      if (told) yield told;
      if (reader.hasEnded) return;
      watch?.goOn(next.value);
    }
  } catch (error) {
    if (error instanceof APIError || error instanceof SyntaxError) throw error;
  } finally {
    // To leave a response before its end would break the connection, and the next turn would have to make a new one.
    if (reader.hasEnded && watch) watch.finish(untilDrained(events));
    else await leave(events);
  }
}

async function leave(events: AsyncIterator<unknown>): Promise<void> {
  try {
    await events.return?.();
  } catch {
    // A connection that broke can't be closed.
  }
}

async function untilDrained(events: AsyncIterator<unknown>): Promise<void> {
  try {
    while (!(await events.next()).done);
  } catch {
    // The message is whole: nothing that comes after it matters.
  }
}

/** One for each message. */
class MessageReader {
  private readonly blocks = new StreamBlocks();
  private usage: Usage = noUsage;
  private stopReason: string | null = null;
  private hasBegun = false;
  private isOver = false;

  /** Whether `message_stop` has come: nothing after it belongs to the message. */
  get hasEnded(): boolean {
    return this.isOver;
  }

  /**
   * Takes the next event in, and returns what it tells, if anything: `ended` only for a whole message, after
   * `message_stop`, with its `message_start` and with no block left open. Throws SyntaxError where the event is not the Messages API's.
   */
  take(event: RawMessageStreamEvent): ModelEvent | undefined {
    checkShape(event);
    switch (event.type) {
      case 'message_start':
        this.hasBegun = true;
        this.usage = updateUsage(this.usage, event.message.usage);
        return { type: 'usage', usage: this.usage };
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
        return { type: 'usage', usage: this.usage };
      case 'message_stop':
        this.isOver = true;
        return this.blocks.areOpen || !this.hasBegun
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
