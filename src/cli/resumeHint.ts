/** The last line where something of a session is left to be done: how to go on with it. */
import { isUnresolved } from '../core/unresolved.ts';
import { notOnRecordText } from '../views/notOnRecordText.ts';
import type { Output } from './output.ts';
import type { Terminal } from './terminal.ts';

/** The output, and behind its end on `err` the command that resumes the session. `stateDir` as it was written. */
export function withResumeHint(output: Output, terminal: Terminal, stateDir: string | undefined): Output {
  return {
    event: (event, state) => output.event(event, state),
    live: (event) => output.live(event),
    end(result, state) {
      output.end(result, state);
      if ('problems' in result || !state || !isUnresolved(state)) return;
      if (notOnRecordText(state) !== undefined) return; // It can't be gone on with, and the output says why.
      const folder = stateDir === undefined ? '' : ` --state-dir ${quoted(stateDir)}`;
      terminal.err(`Go on with it: allsettled resume ${state.id}${folder}\n`);
    },
  };
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
