/** What stops a run from outside of its conversation, and how the run and its calls end then. */
import type { AgentId } from '../core/agents.ts';
import type { Canceller } from '../core/calls.ts';
import type { SessionState } from '../core/states.ts';
import type { Ending } from './endings.ts';
import { hostExitMessage } from './hostExit.ts';

/** Why a run is stopped; the reason of the run's signal. */
export type RunStop = 'person' | 'parent' | 'host' | 'wallTime';

/** Who cancels the calls of a run that is stopped. */
export const cancellers: Readonly<Record<RunStop, Canceller>> = {
  person: 'person',
  parent: 'parent',
  host: 'host',
  wallTime: 'wallTime',
};

/** How an agent's run that is stopped ends. */
export function stopEnding(why: RunStop, state: SessionState, agentId: AgentId): Ending {
  const ending = stopEndings[why];
  return why === 'host' ? { ...ending, message: hostExitMessage(state, agentId) } : ending;
}

const stopEndings: Readonly<Record<RunStop, Ending>> = {
  person: { status: 'cancelled', terminationReason: 'cancelledByPerson', message: 'Stopped by the person.' },
  parent: {
    status: 'cancelled',
    terminationReason: 'cancelledByParent',
    message: 'Stopped by the parent agent.',
  },
  host: {
    status: 'interrupted',
    terminationReason: 'hostExit',
    message: 'The program was closed while this run was under way.',
  },
  wallTime: {
    status: 'interrupted',
    terminationReason: 'wallTime',
    message: 'The run was stopped at the end of the time that it was given. Send a follow-up to go on.',
  },
};
