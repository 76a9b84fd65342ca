/** Records many events with one sync. */
import type { EventBody } from '../core/events.ts';
import type { Recorder } from '../core/ports.ts';

/** Settles when all of them are on disk. A kill meanwhile leaves the first ones. Never rejects. */
export async function recordAll(recorder: Recorder, events: readonly EventBody[]): Promise<void> {
  for (const recorded of events.map((event) => recorder.record(event, 'durable'))) await recorded;
}
