/** 6: all that two programs write to one file at once is in it. A dead program keeps no other one waiting. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createFileLocks, type FileLocks } from '../../../src/adapters/node/fileLocks.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { findProcess } from '../../../src/adapters/node/processIdentity.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();
const program = fileURLToPath(new URL('../../fixtures/editingProgram.ts', import.meta.url));
const run = promisify(execFile);
const lines = 40;

test(
  '6: of the edits of two programs all that succeeded are in the file',
  { timeout: 120_000 },
  async (t) => {
    const folder = await temporaryFolder(t);
    const file = path.join(folder, 'f.txt');
    for (let round = 0; round < 3; round += 1) {
      await writeFile(file, Array.from({ length: 2 * lines }, (_, line) => `line${line}_\n`).join(''));
      const both = await Promise.allSettled(
        [0, lines].map((first) =>
          run(process.execPath, [program, file, path.join(folder, 'locks'), String(first), String(lines)]),
        ),
      );
      const told = both.flatMap((each) => {
        if (each.status === 'rejected') throw each.reason;
        return JSON.parse(each.value.stdout) as readonly number[];
      });
      const text = await readFile(file, 'utf8');
      const found = [...text.matchAll(/done(\d+)_/g)].map(([, line]) => Number(line));
      assert.deepEqual(
        found,
        told.toSorted((a, b) => a - b),
      );
      assert.deepEqual(await readdir(path.join(folder, 'locks')), [], 'no lock is left');
    }
  },
);

function locksIn(folder: string): FileLocks {
  return createFileLocks({ folder, clock: nodeClock, findProcess });
}

test('6: work on one file is done one after the other, in two programs as in one', async (t) => {
  const folder = await temporaryFolder(t);
  let atWork = 0;
  const work = async (): Promise<'done'> => {
    assert.equal((atWork += 1), 1);
    await new Promise(setImmediate);
    atWork -= 1;
    return 'done';
  };
  const [one, other] = [locksIn(folder), locksIn(folder)];
  const all = Array.from({ length: 24 }, (_, index) =>
    (index % 2 === 0 ? one : other).during(index % 3 === 0 ? ['/b', '/a'] : ['/a'], signal, work),
  );
  const ended = await Promise.allSettled(all);
  assert.ok(ended.every((each) => each.status === 'fulfilled' && each.value === 'done'));
  assert.deepEqual(await readdir(folder), []);
});

test('6: a dead program’s lock is taken over, also where its id belongs to another program by now', async (t) => {
  const folder = await temporaryFolder(t);
  const locks = locksIn(folder);
  await locks.during(['/a'], signal, async () => {
    const [name = ''] = await readdir(folder);
    const [ticket = ''] = await readdir(path.join(folder, name));
    const [at = '', pid = '', start = '', id = ''] = ticket.split('.');
    await mkdir(path.join(folder, name), { recursive: true });
    const dead = [`${at}.4194304.${start}.${id}`, `${at}.${pid}.0000000000000000.${id}`, 'no ticket at all'];
    for (const each of dead) await writeFile(path.join(folder, name, each), '');
  });
  assert.equal((await readdir(folder)).length, 1);
  assert.equal(await locks.during(['/a'], signal, () => Promise.resolve('done')), 'done');
  assert.deepEqual(await readdir(folder), []);
});

test('6: nobody waits for ever: a file that stays taken is told, and a stop ends the waiting', async (t) => {
  const folder = await temporaryFolder(t);
  const hurried = createFileLocks({ folder, clock: fastClock(), findProcess });
  const file = path.join(folder, 'f.txt');
  const held = Promise.withResolvers<void>();
  const isHeld = Promise.withResolvers<void>();
  const holding = locksIn(folder).during([file], signal, () => {
    isHeld.resolve();
    return held.promise;
  });
  await isHeld.promise;
  const files = createFiles(undefined, hurried);
  const written = await files.write({ path: file, text: 'x' }, signal);
  assert.ok(!written.ok);
  assert.equal(written.error.kind, 'busy');
  assert.match(written.error.message, /f\.txt is being written by another window or terminal/);
  const stopping = new AbortController();
  const stopped = createFiles(undefined, locksIn(folder)).write({ path: file, text: 'x' }, stopping.signal);
  stopping.abort();
  const end = await stopped;
  assert.equal(end.ok ? 'ok' : end.error.kind, 'cancelled');
  held.resolve();
  await holding;
  assert.equal((await files.write({ path: file, text: 'x' }, signal)).ok, true);
});

test('6: where no lock can be made, files are written all the same', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'locks'), 'no folder');
  const files = createFiles(undefined, locksIn(path.join(folder, 'locks')));
  assert.equal((await files.write({ path: path.join(folder, 'a'), text: 'x' }, signal)).ok, true);
});
