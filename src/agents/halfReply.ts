/** The words to the model on its own reply that was cut off, once a person goes on in other words. */
import type { RunEnding } from '../core/agents.ts';
import { isSettled } from '../core/calls.ts';
import type { Message } from '../core/models.ts';
import { callsOfTurn, type Run, type SessionState, type Turn } from '../core/states.ts';
import { endingInTurn, textsOf, unfinishedText } from '../core/unfinishedReply.ts';

/**
 * The text of the reply that a run ended in the middle of, and that it was cut off; nothing where the last reply is
 * whole, or nothing of one had come and the person did not stop it.
 */
export function halfReply(state: SessionState, run: Run): readonly Message[] {
  const turn = state.turns.get(run.turnIds.at(-1) ?? '');
  const ending = turn && endingInTurn(state, turn);
  if (!ending) return [];
  const said = [...textsOf(turn), unfinishedText(state, turn)]
    .filter((text) => text.trim() !== '')
    .join('\n\n');
  const begun = begunCalls(state, turn);
  if (said === '' && begun === '' && !wasStopped(ending)) return [];
  const note = `[${wasStopped(ending) ? 'The person stopped' : 'Something cut off'} ${said === '' ? 'you before you had written anything' : 'this reply before its end'}.${begun}]`;
  const told: Message = { role: 'user', content: [{ type: 'text', text: note }] };
  return said === '' ? [told] : [{ role: 'assistant', content: [{ type: 'text', text: said.trim() }] }, told];
}

function wasStopped({ terminationReason }: RunEnding): boolean {
  return terminationReason === 'cancelledByPerson';
}

/** Calls that only read can start before their reply has ended. */
function begunCalls(state: SessionState, turn: Turn): string {
  const begun = callsOfTurn(state, turn).filter(
    (call) => isSettled(call.state) && call.state.status !== 'cancelled',
  );
  if (begun.length === 0) return '';
  const tools = begun.map(({ tool }) => tool).join(', ');
  return ` Of the calls that were asked for ${begun.length} had ended (${tools}); their results are not here, so ask again for what you need.`;
}
