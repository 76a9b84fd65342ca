/** What a command does when its session can't be saved: it says so and stops, because nobody can be asked. */
import type { UnsavedSessions } from '../core/ports.ts';
import type { Terminal } from './terminal.ts';

export interface ToldUnsaved extends UnsavedSessions {
  /** Whether a session could not be saved. */
  hasTold(): boolean;
}

/** Tells it once on `err`. */
export function tellUnsaved(terminal: Terminal): ToldUnsaved {
  let isTold = false;
  return {
    hasTold: () => isTold,
    ask({ sessionId, problem }) {
      isTold = true;
      terminal.err(
        `allsettled: Session ${sessionId} can't be saved any more, so it is stopped. ${problem} Then start it again.\n`,
      );
      return Promise.resolve('nobodyThere');
    },
  };
}
