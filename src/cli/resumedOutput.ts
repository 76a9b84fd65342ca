/** What a person reads of a session that goes on: the same as of one of its kind that was just started. */
import type { SessionState } from '../core/states.ts';
import { AgentOutput } from './agentOutput.ts';
import { agentsOutput } from './agentsOutput.ts';
import { batchOutput } from './batchOutput.ts';
import type { Output } from './output.ts';
import type { ProcessTerminal } from './terminal.ts';

/** Chooses when the session's first event tells its kind. */
export function resumedOutput(terminal: ProcessTerminal): Output {
  let chosen: Output | undefined;
  const of = (state: SessionState | undefined): Output => {
    if (state) chosen ??= outputOf(state, terminal);
    return chosen ?? new AgentOutput(terminal);
  };
  return {
    event: (event, state) => of(state).event(event, state),
    live: (event) => chosen?.live(event),
    end: (result, state) => of(state).end(result, state),
  };
}

function outputOf({ kind }: SessionState, terminal: ProcessTerminal): Output {
  switch (kind) {
    case 'agent':
      return new AgentOutput(terminal, terminal.isWatched);
    case 'agents':
      return agentsOutput(terminal, '');
    case 'batch':
      return batchOutput(terminal, '');
  }
}
