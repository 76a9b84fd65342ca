/** Effects of a call that works through other agents: none that the plan could know, and still no mere reading. */
import { writes, type EffectKey, type Effects } from '../core/effects.ts';

let calls = 0;

/**
 * A key that no other call has. So the call never starts before its turn has ended (a discarded turn must leave no agent
 * behind), is never repeated unasked, and stands beside its siblings without waiting for them.
 */
export function containerEffects(): Effects {
  return writes(ownKey());
}

function ownKey(): EffectKey {
  calls += 1;
  return `agents:${calls}`;
}

const started: EffectKey = 'agents:started';

/** Of a call that starts an agent and returns at once: those stand beside each other. */
export function spawnEffects(): Effects {
  return { kind: 'known', reads: [started], writes: [ownKey()] };
}

/** Of a call that is for all agents which calls before it in its turn start in the background. */
export function afterSpawns(): Effects {
  return writes(ownKey(), started);
}
