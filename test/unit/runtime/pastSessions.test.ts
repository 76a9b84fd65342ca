/** Sessions on disk: listed, deleted, and kept within limits. */
import assert from 'node:assert/strict';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { PastSessions } from '../../../src/runtime/pastSessions.ts';
import { SessionShelf } from '../../../src/store/sessionShelf.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { SessionScript } from '../views/sessionScript.ts';

const day = 24 * 60 * 60 * 1000;
const now = 100 * day;

interface Given {
  readonly ageDays: number;
  readonly bytes?: number;
  readonly isUnresolved?: true;
}

interface Shelf {
  readonly stateDir: string;
  readonly past: PastSessions;
  readonly owned: Set<string>;
  readonly left: () => Promise<readonly string[]>;
}

async function shelfOf(t: TestContext, sessions: Readonly<Record<string, Given>>): Promise<Shelf> {
  const stateDir = await temporaryFolder(t);
  const shelf = new SessionShelf(stateDir);
  for (const [id, { ageDays, bytes = 0, isUnresolved }] of Object.entries(sessions)) {
    const folder = join(stateDir, 'sessions', id);
    await mkdir(join(folder, 'outputs'), { recursive: true });
    await writeFile(join(folder, 'outputs', 'x.txt'), 'x'.repeat(bytes));
    if (isUnresolved) await shelf.mark(id);
    const journal = join(folder, 'journal.ndjson');
    const [first] = new SessionScript('agent', `Title of ${id}`, id).events;
    await writeFile(journal, `${JSON.stringify(first)}\n`);
    const writtenAt = (now - ageDays * day) / 1000;
    await utimes(journal, writtenAt, writtenAt);
  }
  const owned = new Set<string>();
  const isOwned = (id: string): Promise<boolean> => Promise.resolve(owned.has(id));
  const past = new PastSessions({ stateDir, log: strictLog, isOwned });
  return { stateDir, past, owned, left: () => readdir(join(stateDir, 'sessions')) };
}

const unlimited = { maxAgeMs: Infinity, maxBytes: Infinity };

test('the list is the newest first, and says which sessions have no last word', async (t) => {
  const { past } = await shelfOf(t, { s1: { ageDays: 2, isUnresolved: true }, s2: { ageDays: 1 } });
  assert.deepEqual(
    (await past.list()).map(({ id, title, isUnresolved }) => [id, title, isUnresolved]),
    [
      ['s2', 'Title of s2', false],
      ['s1', 'Title of s1', true],
    ],
  );
});

test('interrupted is what has no last word and no owner', async (t) => {
  const { past, owned } = await shelfOf(t, {
    s1: { ageDays: 2, isUnresolved: true },
    s2: { ageDays: 1 },
    s3: { ageDays: 1, isUnresolved: true },
  });
  owned.add('s3');
  assert.deepEqual(
    (await past.interrupted()).map(({ id }) => id),
    ['s1'],
  );
});

test('what is older than the limit is deleted, also where it is unresolved, but never what a program has', async (t) => {
  const { past, owned, left } = await shelfOf(t, {
    old: { ageDays: 31 },
    oldUnresolved: { ageDays: 40, isUnresolved: true },
    oldOpen: { ageDays: 50 },
    young: { ageDays: 29 },
  });
  owned.add('oldOpen');
  assert.deepEqual(await past.prune({ ...unlimited, maxAgeMs: 30 * day }, now), ['oldUnresolved', 'old']);
  assert.deepEqual(await left(), ['oldOpen', 'young']);
});

test('of too much the oldest goes first, until the rest fits; what is unresolved or open stays', async (t) => {
  const { past, owned, left } = await shelfOf(t, {
    a: { ageDays: 9, bytes: 40_000, isUnresolved: true },
    b: { ageDays: 8, bytes: 40_000 },
    c: { ageDays: 7, bytes: 40_000 },
    d: { ageDays: 6, bytes: 40_000 },
    e: { ageDays: 5, bytes: 40_000 },
  });
  owned.add('b');
  assert.deepEqual(await past.prune({ ...unlimited, maxBytes: 130_000 }, now), ['c', 'd']);
  assert.deepEqual(await left(), ['a', 'b', 'e']);
});

test('a session is deleted with all its files; one that a program has, or that is not there, is refused', async (t) => {
  const { past, owned, left, stateDir } = await shelfOf(t, { s1: { ageDays: 1 }, s2: { ageDays: 1 } });
  owned.add('s2');
  await past.delete('s1');
  await assert.rejects(past.delete('s2'), /open in another window or terminal/);
  await assert.rejects(past.delete('../sessions/s2'), /There is no session/);
  assert.deepEqual(await left(), ['s2']);
  assert.deepEqual(await readdir(join(stateDir, 'deleted')), []);
});

test('a deletion that was cut off is ended at the next look', async (t) => {
  const { past, stateDir } = await shelfOf(t, {});
  await mkdir(join(stateDir, 'deleted', 's9', 'outputs'), { recursive: true });
  await past.prune(unlimited, now);
  assert.deepEqual(await readdir(stateDir), []);
});

test('pruning at a start ignores a clock that jumped by more than a day since the last start', async (t) => {
  const { past, left } = await shelfOf(t, { s1: { ageDays: 0 }, s2: { ageDays: 29.5 }, s3: { ageDays: 31 } });
  const limits = { ...unlimited, maxAgeMs: 30 * day };
  const pruneAt = async (clock: number) => past.prune(limits, await past.noteStart(clock));
  // No start is on record, so the clock is taken at its word.
  assert.deepEqual(await pruneAt(now), ['s3']);
  for (const jumped of [now + 31 * day, now - 1000 * day, now]) assert.deepEqual(await pruneAt(jumped), []);
  assert.deepEqual(await left(), ['s1', 's2']);
  assert.deepEqual(await pruneAt(now + 0.9 * day), ['s2']);
});

test('after a pause of weeks the start after the next deletes what became old', async (t) => {
  const { past } = await shelfOf(t, { s1: { ageDays: 20 } });
  const limits = { ...unlimited, maxAgeMs: 30 * day };
  await past.noteStart(now);
  assert.deepEqual(await past.prune(limits, await past.noteStart(now + 14 * day)), []);
  assert.deepEqual(await past.prune(limits, await past.noteStart(now + 14.1 * day)), ['s1']);
});

test('a record of the last start that is damaged is none', async (t) => {
  const { past, stateDir } = await shelfOf(t, {});
  for (const text of ['', 'x', '{}', 'Infinity']) {
    await writeFile(join(stateDir, 'last-start'), text);
    assert.equal(await past.noteStart(now), now, text);
  }
});

test('pruning that is stopped early gets on by one session at least', async (t) => {
  const { past } = await shelfOf(t, { s1: { ageDays: 40 }, s2: { ageDays: 50 } });
  const limits = { maxAgeMs: 30 * day, maxBytes: 1 };
  const stopped = { signal: AbortSignal.abort() };
  assert.deepEqual(await past.prune(limits, now, stopped), ['s2']);
  assert.deepEqual(await past.prune(limits, now, stopped), ['s1']);
});

test('what is spared stays, whatever its age and size', async (t) => {
  const { past } = await shelfOf(t, {
    own: { ageDays: 50, bytes: 1000 },
    unresolved: { ageDays: 40, bytes: 1000, isUnresolved: true },
    old: { ageDays: 31, bytes: 1000 },
    young: { ageDays: 1, bytes: 1000 },
  });
  const options = { spared: new Set(['own']), sparesUnresolved: true } as const;
  assert.deepEqual(await past.prune({ maxAgeMs: 30 * day, maxBytes: 0 }, now, options), ['old', 'young']);
});
