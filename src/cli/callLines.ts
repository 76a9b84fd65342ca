/** The lines that tell a person of a call that has settled. */
import { isSettled } from '../core/calls.ts';
import type { Call } from '../core/states.ts';
import { callArgument } from '../views/callArgument.ts';
import { standingText } from '../views/callStanding.ts';
import { spentText } from '../views/duration.ts';
import { callProblem } from '../views/personText.ts';
import { manyLines, oneLine } from '../views/plainText.ts';
import { joined } from '../views/row.ts';

const maxMessage = 1000;

/** `id  tool argument  failed, exit code 3 · 12 ms`, and below it, indented, why it did not succeed. */
export function callLines(call: Call): string {
  if (!isSettled(call.state)) return '';
  const spent = spentText(call.state);
  const line = `${oneLine(call.id, 200)}  ${[oneLine(call.tool), callArgument(call.tool, call.input)].filter(Boolean).join(' ')}  ${joined(standingText(call.state), spent)}\n`;
  const problem = callProblem(call);
  if (problem === undefined) return line;
  const message = manyLines(problem.trimEnd(), maxMessage);
  return `${line}${message.replace(/^/gm, '    ')}\n`;
}
