/** The lines that tell a person of a call that has settled. */
import { isSettled } from '../core/calls.ts';
import type { Call, SessionState } from '../core/states.ts';
import { callRow } from '../views/callRow.ts';
import { manyLines } from '../views/plainText.ts';

const maxMessage = 1000;

/** `id  tool argument  failed, exit code 3 · 12 ms`, and below it, indented, why it did not succeed. */
export function callLines(state: SessionState, call: Call): string {
  const { label, description } = callRow(state, call);
  const line = `${call.id}  ${label}  ${description}\n`;
  if (!isSettled(call.state) || !('error' in call.state)) return line;
  const message = manyLines(call.state.error.message.trimEnd(), maxMessage);
  return line + message.replace(/^/gm, '    ') + '\n';
}
