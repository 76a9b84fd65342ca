/** What a person reads of a batch: each call as it settles, the tree, and the count. */
import { summaryText } from '../views/counts.ts';
import { treeText } from '../views/treeText.ts';
import { callLines } from './callLines.ts';
import { harmlessTerminal, type Output } from './output.ts';
import { problemsText } from './problemsText.ts';
import type { Terminal } from './terminal.ts';

/** Everything goes to `out`; why a file was refused, to `err`. */
export function batchOutput(terminal: Terminal, file: string): Output {
  const shown = harmlessTerminal(terminal);
  return {
    event(event, state) {
      const call = event.type === 'call.settled' && state.calls.get(event.callId);
      if (call) shown.out(callLines(state, call));
    },
    live: () => undefined,
    end(result, state) {
      if ('problems' in result) return shown.err(problemsText(result.problems, file));
      if (state) shown.out(`\n${treeText(state, state.lastAt)}\n\n`);
      if (result.kind === 'batch') shown.out(`${summaryText(result)}\n`);
    },
  };
}
