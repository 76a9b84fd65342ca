/** What comes back of a journal that was cut or changed, at any byte. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { EventBody, SessionEvent } from '../../../src/core/events.ts';
import { sealed } from '../../../src/store/journalLine.ts';
import { readJournal, type JournalContent } from '../../../src/store/journalReader.ts';
import { endLastLine } from '../../../src/store/journalRepair.ts';
import { JournalWriter } from '../../../src/store/journalWriter.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { SessionLog } from '../../../src/store/sessionLog.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const about = {
  type: 'session.started',
  kind: 'batch',
  title: 'täst',
  roots: ['/w'],
  cwd: '/w',
  host: { name: 'test', version: '1', pid: 1 },
} as const;
const batch: EventBody = {
  type: 'batch.started',
  batchId: 'b',
  source: { kind: 'api' },
  permission: 'read-only',
  cwd: '/w',
  failFast: false,
};

function queued(callId: string, text: string): EventBody {
  const input = { kind: 'parsed', value: { path: text } } as const;
  return { type: 'call.queued', callId, batchId: 'b', index: 0, tool: 'read_file', input };
}

function settled(callId: string, text: string): EventBody {
  const outcome = { status: 'succeeded', output: { text, bytes: text.length } } as const;
  return { type: 'call.settled', callId, outcome, times: { durationMs: 1, attempts: 1 } };
}

interface Written {
  readonly journal: string;
  readonly blobs: string;
  readonly bytes: Buffer;
  readonly events: readonly SessionEvent[];
  /** Where each line ends in the file. */
  readonly lineEnds: readonly number[];
}

const longInput = 'ä'.repeat(20_000);
const longOutput = 'z'.repeat(40_000);

/** A journal of seven lines: the third names a blob of its input, the fifth one of its outcome's text. */
async function written(t: TestContext): Promise<Written> {
  const folders = new SessionFolders(await temporaryFolder(t));
  await folders.create('s');
  const [journal, blobs] = [folders.journal('s'), folders.blobs('s')];
  const events: SessionEvent[] = [];
  const log = await SessionLog.start('s', about, {
    clock: new TestClock(),
    log: strictLog,
    journal: await JournalWriter.open(journal, blobs),
    onEvent: (event) => void events.push(event),
  });
  void log.record(batch, 'buffered');
  void log.record(queued('one', longInput), 'buffered');
  void log.record({ type: 'call.started', callId: 'one', attempt: 1 }, 'buffered');
  await log.record(settled('one', longOutput), 'durable');
  void log.record(queued('two', 'c'), 'buffered');
  await log.record(settled('two', 'done'), 'durable');
  await log.close();
  const bytes = await readFile(journal);
  const lineEnds = [...bytes.entries()].flatMap(([index, byte]) => (byte === 0x0a ? [index + 1] : []));
  assert.deepEqual([events.length, lineEnds.length], [7, 7]);
  return { journal, blobs, bytes, events, lineEnds };
}

/** The first `count` events, nothing else, and a word about the rest. */
function assertPrefix(content: JournalContent, { events, lineEnds, bytes }: Written, count: number): void {
  assert.deepEqual(content.events, events.slice(0, count));
  assert.deepEqual(content.losses, []);
  const wholeBytes = lineEnds[count - 1] ?? 0;
  if (count === events.length || (wholeBytes >= bytes.length && !content.dropped)) return;
  assert.equal(content.dropped?.wholeBytes, wholeBytes);
  assert.match(content.dropped.why, new RegExp(`^Line ${count + 1} and all after it: .*\\d+ bytes`));
}

/** All events, and where the last line's end is missing. */
function assertUnended(content: JournalContent, { events, bytes }: Written): void {
  assert.deepEqual(content, { events, losses: [], endMissingAt: bytes.length - 1 });
}

void suite('a journal', () => {
  test('comes back whole, without its checksums', async (t) => {
    const whole = await written(t);
    const content = await readJournal(whole.journal, whole.blobs);
    assert.deepEqual(content, { events: whole.events, losses: [] });
    assert.match(whole.bytes.toString().split('\n')[0] ?? '', /^\{"v":1,"seq":1,.*,"crc":"[0-9a-f]{8}"\}$/);
  });

  test('that was cut at any byte gives every event before the cut, exactly, and says what was dropped', async (t) => {
    const whole = await written(t);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.bytes.length - 1), async (cut) => {
        await writeFile(whole.journal, whole.bytes.subarray(0, cut));
        // A line is whole without its end.
        const count = whole.lineEnds.filter((end) => end - 1 <= cut).length;
        const content = await readJournal(whole.journal, whole.blobs);
        assertPrefix(content, { ...whole, bytes: whole.bytes.subarray(0, cut) }, count);
        const end = whole.lineEnds[count - 1] ?? 0;
        assert.equal(content.dropped === undefined, cut === end || cut === end - 1);
        assert.equal(content.endMissingAt, cut === end - 1 ? cut : undefined);
      }),
      { numRuns: 300 },
    );
  });

  test('with any one byte changed gives every event before that line, exactly, and says what was dropped', async (t) => {
    const whole = await written(t);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(whole.bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        await writeFile(whole.journal, changed);
        const content = await readJournal(whole.journal, whole.blobs);
        if (at === whole.bytes.length - 1) return assertUnended(content, whole);
        const count = whole.lineEnds.filter((end) => end <= at).length;
        assertPrefix(content, whole, count);
        return assert.ok(content.dropped, 'the change is told');
      }),
      { numRuns: 300, examples: [...versionChanges(whole), [whole.bytes.length - 1, 1]] },
    );
  });

  for (const [how, end] of [
    ['without its last line end', ''],
    ['whose last line end was changed', '\v'],
  ] as const)
    test(`N1: ${how} is whole, and gets that end before it is written on`, async (t) => {
      const whole = await written(t);
      await writeFile(whole.journal, Buffer.concat([whole.bytes.subarray(0, -1), Buffer.from(end)]));
      const content = await readJournal(whole.journal, whole.blobs);
      assertUnended(content, whole);
      await endLastLine(whole.journal, content.endMissingAt ?? 0);
      assert.deepEqual(await readFile(whole.journal), whole.bytes);
    });

  test('N1: half of a last line is none, whatever follows it', async (t) => {
    const whole = await written(t);
    for (const less of [2, 3, 12]) {
      await writeFile(whole.journal, whole.bytes.subarray(0, -less));
      const content = await readJournal(whole.journal, whole.blobs);
      assertPrefix(content, { ...whole, bytes: whole.bytes.subarray(0, -less) }, 6);
      assert.equal(content.dropped?.isTornTail, true);
    }
  });

  test('whose lines are not in order gives those that are', async (t) => {
    const whole = await written(t);
    const lines = whole.bytes.toString().split('\n');
    await writeFile(whole.journal, [lines[0], lines[1], lines[3], lines[2], ''].join('\n'));
    const content = await readJournal(whole.journal, whole.blobs);
    assert.deepEqual(content.events, whole.events.slice(0, 2));
    assert.match(content.dropped?.why ?? '', /its number is 4 where 3 was due/);
  });
});

/** Every change of a line's version into another digit, which looks like another program's journal, and into a line end. */
function versionChanges({ lineEnds }: Written): [number, number][] {
  const starts = [0, ...lineEnds.slice(0, -1)];
  return starts.flatMap((start) =>
    [...'023456789\n'].map((byte): [number, number] => [start + 5, '1'.charCodeAt(0) ^ byte.charCodeAt(0)]),
  );
}

void suite('a blob', () => {
  /** The files of a journal's blobs: the input's and the outcome's. */
  async function files({ blobs }: Written): Promise<{ readonly input: string; readonly outcome: string }> {
    const found = new Map<string, string>();
    for (const name of await readdir(blobs)) found.set(await readFile(join(blobs, name), 'utf8'), name);
    return {
      input: join(blobs, found.get(longInput) ?? ''),
      outcome: join(blobs, found.get(longOutput) ?? ''),
    };
  }

  test('of an input that was cut or changed at any byte ends the prefix before the event that names it', async (t) => {
    const whole = await written(t);
    const file = (await files(whole)).input;
    const bytes = await readFile(file);
    const damage = fc.oneof(
      fc.nat(bytes.length - 1).map((cut) => bytes.subarray(0, cut)),
      fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        return changed;
      }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async (damaged) => {
        await writeFile(file, damaged);
        const content = await readJournal(whole.journal, whole.blobs);
        assertPrefix(content, whole, 2);
        assert.match(content.dropped?.why ?? '', /missing or was changed/);
      }),
      { numRuns: 50 },
    );
    await rm(file);
    assertPrefix(await readJournal(whole.journal, whole.blobs), whole, 2);
  });

  test("of an outcome's text may be lost: the outcome stands, and the loss is named", async (t) => {
    const whole = await written(t);
    await writeFile((await files(whole)).outcome, `${longOutput.slice(1)}y`);
    const { events, dropped, losses } = await readJournal(whole.journal, whole.blobs);
    assert.equal(dropped, undefined);
    assert.deepEqual(losses, ['Line 5: the file of a long text of it is missing or was changed.']);
    const at = 4;
    assert.deepEqual(events.toSpliced(at, 1), whole.events.toSpliced(at, 1));
    const event = events[at];
    assert.ok(event?.type === 'call.settled' && event.outcome.status === 'succeeded');
    assert.match(event.outcome.output.text, /This text was lost/);
  });
});

void suite('a journal of a version that is not known', () => {
  const versions: readonly (readonly [string, (line: string) => string])[] = [
    ['closed as ours is', (line) => sealed(line.replace('"v":1', '"v":2'))],
    ['closed in another way', (line) => line.replace('"v":1', '"v":12')],
  ];
  for (const [how, rewrite] of versions)
    for (const at of [0, 3])
      test(`is refused and left alone: line ${at + 1}, ${how}`, async (t) => {
        const whole = await written(t);
        const lines = whole.bytes.toString().split('\n');
        const json = (lines[at] ?? '').replace(/,"crc":"\w+"\}$/, '}');
        const text = lines.with(at, rewrite(json)).join('\n');
        await writeFile(whole.journal, text);
        await assert.rejects(readJournal(whole.journal, whole.blobs), /version (2|12),.*Update AllSettled/);
        assert.equal(await readFile(whole.journal, 'utf8'), text);
      });
});
