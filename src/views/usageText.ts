/** What a run has used, in words. */
import type { Usage } from '../core/agents.ts';

/** `5635 tokens in, 90 out`; empty if no usage is known, as of a reply that was stopped. */
export function tokensText({
  inputTokens,
  cacheReadTokens,
  cacheWriteTokens,
  outputTokens,
  isEstimated,
}: Usage): string {
  const tokensIn = inputTokens + cacheReadTokens + cacheWriteTokens;
  return tokensIn + outputTokens === 0
    ? ''
    : `${tokensIn} tokens in, ${isEstimated ? 'about ' : ''}${outputTokens} out`;
}
