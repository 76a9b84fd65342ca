/** A session's recorder that completes events with what only the session knows, and tells when an event took effect. */
import type { EventBody, EventType } from '../core/events.ts';
import type { Recorder } from '../core/ports.ts';

export interface RecorderHooks {
  /** What is recorded in the event's place. */
  readonly completed: (event: EventBody) => EventBody;
  /** The event is in the state. */
  readonly onEffect: (event: EventBody) => void;
}

/** All others go straight through. */
const watched: ReadonlySet<EventType> = new Set(['call.settled', 'message.queued', 'run.ended']);

export function sessionRecorder(recorder: Recorder, { completed, onEffect }: RecorderHooks): Recorder {
  const record: Recorder['record'] = async (event, durability) => {
    await recorder.record(completed(event), durability);
    onEffect(event);
  };
  return {
    get state() {
      return recorder.state;
    },
    get refusesIntents() {
      return recorder.refusesIntents ?? false;
    },
    record: (event, durability, texts) =>
      watched.has(event.type) ? record(event, durability) : recorder.record(event, durability, texts),
  };
}
