/** A reporter for `node --test`: its `spec` report, then the counts as every runner of this project says them. */
import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';
import type { TestEvent } from 'node:test/reporters';
import { countsText, noCounts } from './counts.ts';

export default async function* unitReporter(events: AsyncIterable<TestEvent>): AsyncIterable<string> {
  let counts = noCounts;
  const watched = async function* () {
    for await (const event of events) {
      // A file's own summary comes before that of the whole run.
      if (event.type === 'test:summary' && event.data.file === undefined) {
        const { tests, passed, skipped, todo } = event.data.counts;
        counts = { passed, failed: tests - passed - skipped - todo };
      }
      yield event;
    }
  };
  for await (const chunk of Readable.from(watched()).pipe(new spec())) yield String(chunk as Buffer);
  yield `${countsText(counts)}\n`;
}
