/** Says how long a streamed message may be silent: longer where the model works without writing. */
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';

/** In milliseconds. */
export interface QuietLimits {
  /** Before the first block, where the prompt is read, and inside thinking and a call's input, which come in large pieces. */
  readonly longMs: number;
  readonly usualMs: number;
}

/** One for each message. */
export class QuietPhases {
  private readonly limits: QuietLimits;
  private readonly quietBlocks = new Set<number>();
  private hasBegun = false;

  constructor(limits: QuietLimits) {
    this.limits = limits;
  }

  /** How long the next event may take. */
  get limitMs(): number {
    return !this.hasBegun || this.quietBlocks.size > 0 ? this.limits.longMs : this.limits.usualMs;
  }

  /** Takes an event in, and returns how long the next may take. */
  limitAfter(event: RawMessageStreamEvent): number {
    if (event.type === 'content_block_start') {
      this.hasBegun = true;
      if (event.content_block.type !== 'text') this.quietBlocks.add(event.index);
    } else if (event.type === 'content_block_stop') this.quietBlocks.delete(event.index);
    return this.limitMs;
  }
}
