/** Refuses stream events that lack what their type promises: the sender is not the Messages API. */
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';

/** Throws SyntaxError for such an event; event types that we don't know pass. */
export function checkShape(event: RawMessageStreamEvent): void {
  const missing = missingPart(event);
  if (missing !== undefined) throw new SyntaxError(`A ${event.type} event came without ${missing}.`);
}

function missingPart(event: RawMessageStreamEvent): string | undefined {
  switch (event.type) {
    case 'message_start':
      return isObject(event.message) ? undefined : 'its message';
    case 'content_block_start':
      return isObject(event.content_block) ? undefined : 'its block';
    case 'content_block_delta':
    case 'message_delta':
      return isObject(event.delta) ? undefined : 'its delta';
    default:
      return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
