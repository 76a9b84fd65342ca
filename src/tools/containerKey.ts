/** Effects of a call that works through other agents: none that the plan could know, and still no mere reading. */
import { writes, type Effects } from '../core/effects.ts';

let calls = 0;

/**
 * A key that no other call has. So the call never starts before its turn has ended (a discarded turn must leave no agent
 * behind), is never repeated unasked, and stands beside its siblings without waiting for them.
 */
export function containerEffects(): Effects {
  calls += 1;
  return writes(`agents:${calls}`);
}
