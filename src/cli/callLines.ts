/** The lines that tell a person of a call that has settled. */
import { isSettled } from '../core/calls.ts';
import { shortenText } from '../core/shorten.ts';
import type { Call } from '../core/states.ts';
import { callArgument } from '../views/callArgument.ts';
import { standingText } from '../views/callStanding.ts';
import { spentText } from '../views/duration.ts';
import { callProblem } from '../views/personText.ts';
import { manyLines, oneLine } from '../views/plainText.ts';
import { joined } from '../views/row.ts';
import { harmless } from './terminalText.ts';

const maxMessage = 1000;
const leftOut = /^\[\.\.\. \d+ bytes \(.*\) left out \.\.\.\]$/m;
/** Of the output of one call; its file holds the rest. */
const keptOutput = { headBytes: 2000, tailBytes: 4000 };

/** `id  tool argument  failed, exit code 3 · 12 ms`, and below it, indented, why it did not succeed. */
export function callLines(call: Call): string {
  if (!isSettled(call.state)) return '';
  const spent = spentText(call.state);
  const line = `${oneLine(call.id, 200)}  ${[oneLine(call.tool), callArgument(call.tool, call.input)].filter(Boolean).join(' ')}  ${joined(standingText(call.state), spent)}\n`;
  const problem = callProblem(call);
  return problem === undefined ? line : `${line}${indented(manyLines(problem.trimEnd(), maxMessage))}`;
}

/** As `callLines`, with what a call that did not succeed had put out. */
export function callLinesWithOutput(call: Call): string {
  const output = outputOf(call);
  if (output === '') return callLines(call);
  // The message of an exit code is the output's own last words, and the line says the code.
  const isInOutput = call.state.status === 'failed' && call.state.error.kind === 'exitCode';
  const [line = '', ...rest] = callLines(call).split(/(?<=\n)/);
  return [line, ...(isInOutput ? [] : rest), indented(output)].join('');
}

function outputOf({ state }: Call): string {
  if (!('output' in state) || state.output === undefined || state.status === 'succeeded') return '';
  const { text, stdout, stderr, file } = state.output;
  const whole = stdout === undefined && stderr === undefined ? text : [stdout, stderr].map(ended).join('');
  // What is counted as left out would be of a text that was shortened before.
  const shown = shortenText(harmless(whole), keptOutput).trimEnd().replace(leftOut, '[...]');
  return shown.length < whole.trimEnd().length && file !== undefined
    ? `${shown}\n[all of it: ${file}]`
    : shown;
}

function ended(text = ''): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function indented(text: string): string {
  return `${text.replace(/^/gm, '    ')}\n`;
}
