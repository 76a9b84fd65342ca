/** Reads the tokens that a streamed message used. */
import type { MessageDeltaUsage, Usage as ApiUsage } from '@anthropic-ai/sdk/resources/messages';
import type { Usage } from '../core/agents.ts';

/** The API's counts are cumulative: each count that is given takes the place of the one before. */
export function updateUsage(usage: Usage, given: Partial<ApiUsage | MessageDeltaUsage> | undefined): Usage {
  return {
    inputTokens: given?.input_tokens ?? usage.inputTokens,
    outputTokens: given?.output_tokens ?? usage.outputTokens,
    cacheReadTokens: given?.cache_read_input_tokens ?? usage.cacheReadTokens,
    cacheWriteTokens: given?.cache_creation_input_tokens ?? usage.cacheWriteTokens,
  };
}
