/** Who gets a session, and who does not. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { findProcess } from '../../../src/adapters/node/processIdentity.ts';
import type { ProcessIdentity } from '../../../src/core/processPorts.ts';
import { ownerOf, takeSession } from '../../../src/store/sessionOwner.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** A machine on which these processes run. */
function machine(...running: readonly ProcessIdentity[]) {
  const processes = new Map(running.map((one) => [one.pid, one]));
  return { find: (pid: number) => Promise.resolve(processes.get(pid)) };
}

const a = { pid: 10, start: 'monday' };
const b = { pid: 20, start: 'monday' };

async function ownersFolder(t: TestContext): Promise<string> {
  return path.join(await temporaryFolder(t), 'owners');
}

void suite('a session', () => {
  test('goes to the first who takes it, and to nobody else while its owner lives', async (t) => {
    const folder = await ownersFolder(t);
    assert.equal((await takeSession(folder, a, machine(a, b))).kind, 'ours');
    assert.deepEqual(await takeSession(folder, b, machine(a, b)), { kind: 'theirs', owner: a });
    assert.deepEqual(await takeSession(folder, a, machine(a, b)), { kind: 'theirs', owner: a });
    assert.deepEqual(await ownerOf(folder, machine(a)), a);
  });

  test('of a dead owner is taken over, also where another process has its id now', async (t) => {
    const folder = await ownersFolder(t);
    await takeSession(folder, a, machine(a));
    assert.equal(await ownerOf(folder, machine(b)), undefined);
    assert.equal((await takeSession(folder, b, machine(b))).kind, 'ours');
    const again = { pid: b.pid, start: 'tuesday' };
    assert.equal((await takeSession(folder, again, machine(again))).kind, 'ours');
  });

  test('that was given up can be taken, also by who had it', async (t) => {
    const folder = await ownersFolder(t);
    const first = await takeSession(folder, a, machine(a));
    if (first.kind === 'ours') first.release();
    assert.equal(await ownerOf(folder, machine(a)), undefined);
    assert.equal((await takeSession(folder, a, machine(a))).kind, 'ours');
  });

  test('of a dead owner goes to exactly one of many who take it at once', async (t) => {
    const folder = await ownersFolder(t);
    await takeSession(folder, a, machine());
    const many = Array.from({ length: 30 }, (_, index) => ({ pid: 100 + index, start: 'monday' }));
    const taken = await Promise.allSettled(many.map((one) => takeSession(folder, one, machine(...many))));
    const kinds = taken.map((one) => (one.status === 'fulfilled' ? one.value.kind : 'rejected'));
    assert.equal(kinds.filter((kind) => kind === 'ours').length, 1);
    assert.equal(kinds.filter((kind) => kind === 'theirs').length, 29);
    const files = await readdir(folder);
    assert.deepEqual(files.sort(), ['1', '2'], 'nothing else is left behind');
    assert.equal((await stat(path.join(folder, '2'))).mode & 0o777, 0o600);
  });

  test('whose owner has no start stays with whoever has its id', async (t) => {
    const folder = await ownersFolder(t);
    await takeSession(folder, { pid: 10 }, machine());
    assert.equal((await takeSession(folder, b, machine(a, b))).kind, 'theirs');
    assert.equal((await takeSession(folder, b, machine(b))).kind, 'ours');
  });

  test('whose owner is just being written is not taken', async (t) => {
    const folder = await ownersFolder(t);
    await takeSession(folder, a, machine());
    await writeFile(path.join(folder, '2'), '{"pid":');
    assert.equal((await takeSession(folder, b, { find: findProcess })).kind, 'theirs');
  });
});

test(
  'a session is taken over by exactly one of several real processes when its owner is killed',
  { timeout: 60_000 },
  async (t) => {
    const folder = await ownersFolder(t);
    const source = path.resolve(import.meta.dirname, '../../../src');
    const script = `
    const { findProcess } = await import(${JSON.stringify(path.join(source, 'adapters/node/processIdentity.ts'))});
    const { takeSession } = await import(${JSON.stringify(path.join(source, 'store/sessionOwner.ts'))});
    const us = await findProcess(process.pid);
    process.stdout.write('ready\\n');
    process.stdin.once('data', async () => {
      const { kind } = await takeSession(${JSON.stringify(folder)}, us, { find: findProcess });
      process.stdout.write(kind + '\\n');
    });
  `;
    const start = () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      t.after(() => child.kill('SIGKILL'));
      const lines: string[] = [];
      let changed = Promise.withResolvers<void>();
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        lines.push(...text.trim().split('\n'));
        changed.resolve();
        changed = Promise.withResolvers();
      });
      const line = async (index: number): Promise<string | undefined> => {
        while (lines.length <= index) await changed.promise;
        return lines[index];
      };
      const take = async (): Promise<string | undefined> => {
        await line(0);
        child.stdin.write('take\n');
        return line(1);
      };
      return { child, line, take };
    };
    const owner = start();
    assert.equal(await owner.take(), 'ours');
    const others = [start(), start(), start()];
    const first = others[0];
    assert.equal(await first?.take(), 'theirs', 'a live owner keeps it');
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    const [, second, third] = others;
    const taken = await Promise.allSettled([second?.take(), third?.take()]);
    const kinds = taken.map((one) => (one.status === 'fulfilled' ? one.value : 'rejected'));
    assert.deepEqual(kinds.sort(), ['ours', 'theirs']);
  },
);
