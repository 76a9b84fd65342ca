/** Reads the API's stream of one message as the events of a turn. */
import { APIError } from '@anthropic-ai/sdk';
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { noUsage } from '../core/agents.ts';
import type { ModelEvent } from '../core/models.ts';
import { StreamBlocks } from './streamBlocks.ts';
import { updateUsage } from './streamUsage.ts';
import { checkShape } from './eventShape.ts';

/**
 * Yields `ended` only for a whole message: after `message_stop`, and with no block left open. Throws SyntaxError
 * where an event is not the Messages API's.
 */
export async function* readMessage(
  stream: AsyncIterable<RawMessageStreamEvent>,
): AsyncGenerator<ModelEvent, void> {
  const blocks = new StreamBlocks();
  let usage = noUsage;
  let stopReason: string | null = null;
  for await (const event of stream) {
    checkShape(event);
    switch (event.type) {
      case 'message_start':
        usage = updateUsage(usage, event.message.usage);
        yield { type: 'usage', usage };
        break;
      case 'content_block_start':
        blocks.start(event.index, event.content_block);
        break;
      case 'content_block_delta': {
        const delta = blocks.add(event.index, event.delta);
        if (delta) yield delta;
        break;
      }
      case 'content_block_stop': {
        const block = blocks.end(event.index);
        if (block) yield { type: 'block', index: event.index, block };
        break;
      }
      case 'message_delta':
        usage = updateUsage(usage, event.usage);
        stopReason = event.delta.stop_reason;
        yield { type: 'usage', usage };
        break;
      case 'message_stop':
        if (!blocks.areOpen) yield { type: 'ended', stopReason, usage };
        return;
      default: {
        const unknown: never = event;
        void unknown; // The API adds event types, and asks clients to pass over those they don't know.
      }
    }
  }
}

/** Ends where the connection broke, so that the message is cut; errors that the API sent are thrown. */
export async function* untilCut<T>(stream: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* stream;
  } catch (error) {
    if (error instanceof APIError || error instanceof SyntaxError) throw error;
  }
}
