/** What a person reads of a batch: each call as it settles, the tree, and the count. */
import type { Call, SessionState } from '../core/states.ts';
import { innerBatchId } from '../engine/innerCalls.ts';
import { summaryText } from '../views/counts.ts';
import { notOnRecordText } from '../views/notOnRecordText.ts';
import { stateInTerminal } from '../views/terminalWords.ts';
import { treeText } from '../views/treeText.ts';
import { callLines, callLinesWithOutput } from './callLines.ts';
import { harmlessTerminal, type Output } from './output.ts';
import { problemsText } from './problemsText.ts';
import type { Terminal } from './terminal.ts';

const deniedHint =
  'A denied call ran nothing, and nobody can be asked here. If you trust the file: run it with --permission unlimited, or confine its commands with --sandbox on.\n';

/** Everything goes to `out`; why a file was refused, to `err`. */
export function batchOutput(terminal: Terminal, file: string): Output {
  const shown = harmlessTerminal(terminal);
  return {
    event(event, state) {
      const call = event.type === 'call.settled' ? state?.calls.get(event.callId) : undefined;
      if (state && call) shown.out(holdsCalls(state, call) ? callLines(call) : callLinesWithOutput(call));
    },
    live: () => undefined,
    end(result, state) {
      if ('problems' in result) return shown.err(problemsText(result.problems, file));
      if (state) shown.out(`\n${treeText(stateInTerminal(state), state.lastAt)}\n\n`);
      if (result.kind !== 'batch') return;
      shown.out(`${summaryText(result)}\n`);
      if (result.denied > 0) shown.out(deniedHint);
      const notOnRecord = state && notOnRecordText(state);
      if (notOnRecord !== undefined) shown.out(`${notOnRecord}\n`);
    },
  };
}

/** The output of such a call repeats that of the calls in it, which are told before it. */
function holdsCalls(state: SessionState, { id }: Call): boolean {
  return state.batches.has(innerBatchId(id));
}
