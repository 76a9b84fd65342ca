/**
 * The form in which an outcome or an ending is told that could not be saved: no later program knows of it.
 */
import type { RunEnding } from '../core/agents.ts';
import type { Outcome } from '../core/calls.ts';
import type { SessionEvent } from '../core/events.ts';

/** The event as it takes effect. A call that never started, and what a person stopped, are what they were. */
export function unsavedEvent(event: SessionEvent): SessionEvent {
  switch (event.type) {
    case 'call.settled':
      return event.times.attempts === 0 ? event : { ...event, outcome: unsavedOutcome(event.outcome) };
    case 'run.ended':
    case 'task.ended':
      return { ...event, ending: unsavedEnding(event.ending) };
    default:
      return event;
  }
}

function unsavedOutcome(outcome: Outcome): Outcome {
  if (outcome.status === 'interrupted') return outcome;
  const output = 'output' in outcome ? outcome.output : undefined;
  const message = `This call ${words[outcome.status]}, which could not be saved and is not on record. Check what it did before you repeat it.`;
  return { status: 'interrupted', error: { kind: 'io', message }, ...(output && { output }) };
}

const words: Readonly<Record<Exclude<Outcome['status'], 'interrupted'>, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  timedOut: 'timed out',
  denied: 'was denied',
  skipped: 'was skipped',
  cancelled: 'was cancelled',
};

function unsavedEnding(ending: RunEnding): RunEnding {
  if (ending.status === 'interrupted' || ending.status === 'cancelled') return ending;
  return {
    ...ending,
    status: 'interrupted',
    terminationReason: 'notSaved',
    message: `This run ended (${ending.status}), which could not be saved and is not on record. Free some space, then resume it.`,
  };
}
