/** How a command tells what happens: to a script or to a person. */
import type { LiveEvent, SessionEvent } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { visibleJson } from '../core/visibleText.ts';
import { terminalWords } from '../views/terminalWords.ts';
import type { Result } from './results.ts';
import { harmless } from './terminalText.ts';
import type { Terminal } from './terminal.ts';

export interface Output {
  /** An event that took effect, and the state after it; a session's first event has none yet. */
  event(event: SessionEvent, state: SessionState | undefined): void;
  live(event: LiveEvent): void;
  /** Comes once and last; there is no state where nothing ran. */
  end(result: Result, state: SessionState | undefined): void;
}

/** One line of JSON for each event, and the result as the last line. A terminal that shows it is not driven by it. */
export function jsonOutput(terminal: Terminal): Output {
  const line = (value: unknown) => terminal.out(`${visibleJson(JSON.stringify(value))}\n`);
  return { event: line, live: () => undefined, end: (result) => line(resultInTerminal(result)) };
}

function resultInTerminal(result: Result): Result {
  if ('problems' in result) return result;
  if (result.kind === 'agent') return { ...result, message: terminalWords(result.message) };
  if (result.kind !== 'agents') return result;
  const tasks = result.tasks.map((task) =>
    task.message === undefined ? task : { ...task, message: terminalWords(task.message) },
  );
  return { ...result, tasks };
}

/** Tells nothing after the end, and the end once, whoever comes first to it. */
export function endingOnce(output: Output): Output {
  let hasEnded = false;
  return {
    event: (event, state) => void (hasEnded || output.event(event, state)),
    live: (event) => void (hasEnded || output.live(event)),
    end(result, state) {
      if (hasEnded) return;
      hasEnded = true;
      output.end(result, state);
    },
  };
}

/** Tells a person each message once. */
export function tellOnce(terminal: Terminal): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (!told.has(message)) harmlessTerminal(terminal).err(`allsettled: ${message}\n`);
    told.add(message);
  };
}

/** A terminal whose text can't drive the one that it is shown on. */
export function harmlessTerminal(terminal: Terminal): Terminal {
  return {
    out: (text) => terminal.out(harmless(text)),
    err: (text) => terminal.err(harmless(text)),
  };
}
