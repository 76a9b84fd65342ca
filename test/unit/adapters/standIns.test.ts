/** S1: the folders that stand in for protected places while confined commands run. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, watch, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { StandIns } from '../../../src/adapters/node/standIns.ts';
import { startCli } from '../cli/cliProcess.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

if (process.platform === 'linux') {
  test('a stand-in is there until the last hold is given up', async (t) => {
    const place = path.join(await temporaryFolder(t), '.vscode');
    const standIns = new StandIns();
    assert.deepEqual([standIns.hold(place), standIns.hold(place)], [true, true]);
    await standIns.release(place);
    assert.deepEqual((await readdir(path.dirname(place))).length, 1);
    await standIns.release(place);
    assert.deepEqual(await readdir(path.dirname(place)), []);
  });

  test('what a person made at the place stays, also while it is held', async (t) => {
    const folder = await temporaryFolder(t);
    const [empty, full, file, later] = ['empty', 'full', 'file', 'later'].map((name) =>
      path.join(folder, name),
    ) as [string, string, string, string];
    await mkdir(empty);
    await mkdir(full);
    await writeFile(path.join(full, 'a'), '');
    await writeFile(file, '');
    const standIns = new StandIns();
    const held = [empty, full, file, later].map((place) => standIns.hold(place));
    assert.deepEqual(held, [true, false, false, true]);
    await writeFile(path.join(later, 'a'), '');
    await standIns.releaseAll();
    assert.deepEqual((await readdir(folder)).sort(), ['empty', 'file', 'full', 'later']);
    assert.deepEqual(await readdir(empty), []);
    assert.deepEqual(await readdir(later), ['a']);
  });

  test('S1: what a killed program left is taken away by the next, what a program elsewhere holds is not', async (t) => {
    const folder = await temporaryFolder(t);
    const [left, elsewhere] = [path.join(folder, '.git'), path.join(folder, '.vscode')];
    const standIns = new StandIns();
    standIns.hold(left);
    const own = (await readdir(left)).find((name) => name.includes('hold')) ?? '';
    await standIns.releaseAll();
    const [prefix, machine] = own.split(/-(?=[0-9a-f]{8}-)/) as [string, string];
    await mkdir(path.join(left, '.allsettled-stand-in'), { recursive: true });
    await mkdir(path.join(left, `${prefix}-${machine.slice(0, 8)}-${2 ** 30}-00000000`));
    await mkdir(path.join(elsewhere, '.allsettled-stand-in'), { recursive: true });
    await mkdir(path.join(elsewhere, `${prefix}-00000000-${2 ** 30}-00000000`));
    for (const place of [left, elsewhere]) standIns.hold(place);
    await standIns.releaseAll();
    assert.deepEqual(await readdir(folder), ['.vscode']);
  });

  test('S1: a stand-in that a sandbox has mounted is there until the sandbox has ended', async (t) => {
    const folder = await temporaryFolder(t);
    const place = path.join(folder, 'a place', '.vscode');
    await mkdir(path.dirname(place));
    const standIns = new StandIns();
    standIns.hold(place);
    const mounts = ['--ro-bind', '/', '/', '--bind', folder, folder, '--ro-bind', place, place];
    const sandbox = spawn('bwrap', [
      '--die-with-parent',
      '--unshare-pid',
      ...mounts,
      '--dev',
      '/dev',
      'sh',
      '-c',
      'echo up; exec sleep 60',
    ]);
    t.after(() => sandbox.kill('SIGKILL'));
    const [said] = (await Promise.race([once(sandbox.stdout, 'data'), once(sandbox, 'error')])) as unknown[];
    if (String(said) !== 'up\n') return; // No sandbox can be made here.
    const released = standIns.release(place);
    assert.deepEqual(await readdir(path.dirname(place)), ['.vscode']);
    sandbox.kill('SIGKILL');
    await released;
    assert.deepEqual(await readdir(path.dirname(place)), []);
  });

  test('S1: a program that is killed leaves no stand-in', { timeout: 60_000 }, async (t) => {
    const folder = await temporaryFolder(t);
    const command = 'echo up >up; while :; do mkdir .vscode && echo BREACH >.vscode/x; done 2>/dev/null';
    const calls = [{ id: 'a', tool: 'terminal', input: { command } }];
    await writeFile(path.join(folder, 'a.batch.json'), JSON.stringify({ version: 1, calls }));
    const changes = watch(folder, { signal: AbortSignal.any([t.signal, AbortSignal.timeout(50_000)]) });
    const permission = ['--permission', 'workspace-write', '--sandbox', 'required'];
    const { child, ended } = startCli(folder, 'run', 'a.batch.json', ...permission);
    void ended.then(() => writeFile(path.join(folder, 'ended'), ''));
    let isKilled = false;
    for await (const change of changes) {
      assert.ok(change.eventType);
      const names = await readdir(folder);
      if (names.includes('up') && !isKilled) isKilled = child.kill('SIGKILL');
      if (names.includes('ended') && !names.includes('.git') && !names.includes('.vscode')) break;
    }
    const expected = ['a.batch.json', 'data', 'ended', ...(isKilled ? ['up'] : [])];
    assert.deepEqual((await readdir(folder)).sort(), expected);
  });
}
