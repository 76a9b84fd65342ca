/** The last bound on what a model is given: tools shorten with more sense, but none can be relied on to. */
import type { CallId, CallOutput, Outcome } from '../core/calls.ts';
import { shortenText } from '../core/shorten.ts';

/** Above the 256 KB that a tool may show of its own; in characters. */
const longestText = 300_000;
const kept = { headBytes: 200_000, tailBytes: 50_000 } as const;

/** The outcome of a call, its text shortened where it is too long; `keep` saves the whole and names the file. */
export async function withinBounds(
  callId: CallId,
  outcome: Outcome,
  keep: (text: string) => Promise<string>,
): Promise<Outcome> {
  if (!('output' in outcome) || !outcome.output || outcome.output.text.length <= longestText) return outcome;
  return { ...outcome, output: await shortened(callId, outcome.output, keep) };
}

async function shortened(
  callId: CallId,
  output: CallOutput,
  keep: (text: string) => Promise<string>,
): Promise<CallOutput> {
  const file = output.file ?? (await keep(output.text).catch(() => undefined));
  const whole = file === undefined ? undefined : { callId, firstLine: 1 };
  return { ...output, text: shortenText(output.text, kept, whole), ...(file !== undefined && { file }) };
}
