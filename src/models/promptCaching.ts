/** Places the cache breakpoints of a request, so that a long session doesn't pay for its prefix again. */
import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages';

/** A message in the API's format, always as a list of blocks. */
export interface BlockMessage {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlockParam[];
}

/** The API takes four in a request; one stands at the end of the system prompt and tools. */
export const messageBreakpoints = 3;

/** The API looks back 20 blocks from a breakpoint for an older entry; less, to be on the safe side. */
export const breakpointGap = 15;

const ephemeral = { type: 'ephemeral' } as const;

/** The messages with their breakpoints; the argument stays as it is. */
export function withCacheBreakpoints(messages: readonly BlockMessage[]): BlockMessage[] {
  const blocks = messages.flatMap((message) => message.content);
  const places = new Set(breakpointPlaces(blocks.map(isCacheable), previousEnd(messages)));
  let place = -1;
  return messages.map((message) => ({
    ...message,
    content: message.content.map((block) => {
      place += 1;
      return places.has(place) ? ({ ...block, cache_control: ephemeral } as ContentBlockParam) : block;
    }),
  }));
}

/**
 * Places in the list of all blocks, from the end: the last cacheable block, then one at most every 15 blocks.
 * `previousEnd` is the number of blocks of the previous request: where the turn since then was so wide that the
 * look-back would not reach it, the last breakpoint goes there, because what it wrote is found at the exact place.
 */
export function breakpointPlaces(cacheable: readonly boolean[], previousEnd = 0): number[] {
  const places: number[] = [];
  let place = cacheable.lastIndexOf(true);
  while (place >= 0 && places.length < messageBreakpoints) {
    places.push(place);
    place = nextPlace(cacheable, place);
  }
  const older = previousEnd > 0 ? cacheable.lastIndexOf(true, previousEnd - 1) : -1;
  const oldest = places.at(-1);
  if (older >= 0 && oldest !== undefined && older < oldest - breakpointGap) places[places.length - 1] = older;
  return places;
}

/** The farthest cacheable block within the gap; where the gap has none, the nearest one beyond. */
function nextPlace(cacheable: readonly boolean[], from: number): number {
  if (from < breakpointGap) return -1;
  const within = cacheable.indexOf(true, from - breakpointGap);
  return within < from ? within : cacheable.lastIndexOf(true, from - breakpointGap);
}

/** How many blocks the request before this one had: it asked for the last message of the assistant. */
function previousEnd(messages: readonly BlockMessage[]): number {
  const asked = messages.findLastIndex((message) => message.role === 'assistant');
  return messages.slice(0, Math.max(asked, 0)).flatMap((message) => message.content).length;
}

/** Whether the API takes a breakpoint on the block. */
function isCacheable(block: ContentBlockParam): boolean {
  switch (block.type) {
    case 'thinking':
    case 'redacted_thinking':
      return false;
    case 'text':
      return block.text.trim() !== '';
    default:
      return true;
  }
}
