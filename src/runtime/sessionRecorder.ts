/** A session's recorder that adds what must follow an event in the same breath, and tells when an event took effect. */
import type { EventBody, EventType } from '../core/events.ts';
import type { Recorder } from '../core/ports.ts';

export interface RecorderHooks {
  /** Recorded right behind the event; who recorded it waits for these too. */
  readonly behind: (event: EventBody) => readonly EventBody[];
  /** The event is in the state. */
  readonly onEffect: (event: EventBody) => void;
}

/** All others go straight through. */
const watched: ReadonlySet<EventType> = new Set(['call.settled', 'message.queued', 'run.ended']);

export function sessionRecorder(recorder: Recorder, { behind, onEffect }: RecorderHooks): Recorder {
  const record: Recorder['record'] = async (event, durability) => {
    const recorded = recorder.record(event, durability);
    const followers = behind(event).map((follower) => recorder.record(follower, durability));
    await recorded;
    onEffect(event);
    for (const follower of followers) await follower;
  };
  return {
    get state() {
      return recorder.state;
    },
    get refusesIntents() {
      return recorder.refusesIntents ?? false;
    },
    record: (event, durability) =>
      watched.has(event.type) ? record(event, durability) : recorder.record(event, durability),
  };
}
