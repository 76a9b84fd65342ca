/** A program that dies at every boundary of a revert: each file is as before or as after, and the next program knows which. */
import assert from 'node:assert/strict';
import { chmod, cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import type { Files } from '../../../src/core/filePorts.ts';
import type { Clock } from '../../../src/core/ports.ts';
import type { RevertTarget } from '../../../src/core/reverts.ts';
import type { RuntimePorts } from '../../../src/runtime/createRuntime.ts';
import { openJournalFile } from '../../../src/store/journalFile.ts';
import { asksFor, says } from '../../fixtures/agentScripts.ts';
import { revertBench, snapshot, type Snapshot } from '../../fixtures/revertBench.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const root: RevertTarget = { kind: 'agent', agentId: 'agent-1' };
const { signal } = new AbortController();

/** Changes, makes, deletes and moves a file. */
const parts = [
  asksFor(['r1', 'read_file', { path: 'changed.txt' }], ['r2', 'read_file', { path: 'deleted.txt' }]),
  asksFor(
    ['e1', 'edit_file', { path: 'changed.txt', edits: [{ oldText: 'one', newText: 'two' }] }],
    ['w1', 'write_file', { path: 'made.txt', content: 'made' }],
    ['d1', 'delete_file', { path: 'deleted.txt' }],
    ['m1', 'rename_file', { from: 'old.txt', to: 'new.txt' }],
  ),
  says('Done.'),
];
const files = { 'changed.txt': 'one', 'deleted.txt': 'gone', 'old.txt': 'moved' };

test(
  'whenever a program dies in a revert, the next one knows what is restored',
  { timeout: 120_000 },
  async (t) => {
    const bench = await revertBench(t, { root: parts }, files);
    const before = await snapshot(bench.folder);
    const { id } = await bench.run('root');
    const after = await snapshot(bench.folder);
    await bench.runtime.dispose();
    const died = new Set<string>();
    for (let boundary = 1; ; boundary += 1) {
      const stateDir = await temporaryFolder(t);
      await cp(bench.stateDir, stateDir, { recursive: true });
      const ending = await dieIn(t, stateDir, id, boundary);
      if (ending === 'ended') break;
      died.add(ending);
      await goesOn(t, { stateDir, id, folder: bench.folder, before, after });
      await putBack(bench.folder, after);
    }
    assert.deepEqual(await snapshot(bench.folder), before);
    const places = ['blob', 'append', 'half a line', 'sync', 'write', 'remove', 'move'];
    assert.deepEqual([...died].toSorted(), places.toSorted());
  },
);

/** Where the program died; from then on nothing that it does reaches the disk. */
async function dieIn(t: TestContext, stateDir: string, id: string, atBoundary: number): Promise<string> {
  const dying = dyingPorts(atBoundary);
  const runtime = testRuntime(t, stateDir, undefined, dying.ports);
  const done = (async (): Promise<'ended'> => {
    await runtime.openSession(id);
    dying.begin();
    await runtime.revert(await runtime.planRevert(id, root), { includesChanged: false }, signal);
    return 'ended';
  })();
  const ending = await Promise.race([done, dying.died]);
  dying.end();
  await runtime.dispose();
  return ending;
}

interface Dying {
  readonly ports: Partial<RuntimePorts>;
  readonly died: Promise<string>;
  /** Boundaries count from here. */
  begin(): void;
  /** Nobody waits for it any more. */
  end(): void;
}

function dyingPorts(atBoundary: number): Dying {
  const died = Promise.withResolvers<string>();
  const never = new Promise<never>(() => undefined);
  let count: number | undefined;
  let isOver = false;
  const reach = async (place: string): Promise<void> => {
    if (count !== undefined && (count += 1) === atBoundary) died.resolve(place);
    if ((count ?? 0) >= atBoundary) await never;
  };
  const around = async <T>(place: string, work: () => Promise<T>): Promise<T> => {
    await reach(place);
    const result = await work();
    await reach(place);
    return result;
  };
  const disk = createFiles();
  const dyingFiles: Files = {
    ...disk,
    write: (write, stop) => around('write', () => disk.write(write, stop)),
    remove: (file, text, stop) => around('remove', () => disk.remove(file, text, stop)),
    move: (from, to, stop) => around('move', () => disk.move(from, to, stop)),
  };
  // It waits some seconds for its sessions to close; a dead program waits for nothing.
  const clock: Clock = {
    ...nodeClock,
    after: (delayMs, callback) => nodeClock.after(isOver ? 0 : delayMs, callback),
  };
  const openDying: typeof openJournalFile = async (file, blobFolder) => {
    const journal = await openJournalFile(file, blobFolder);
    return {
      ...journal,
      writeBlob: (blob) => around('blob', () => journal.writeBlob(blob)),
      async append(lines) {
        await reach('append');
        const half = Math.floor(lines.length / 2);
        await journal.append(lines.slice(0, half));
        await reach('half a line');
        await journal.append(lines.slice(half));
      },
      sync: () => around('sync', () => journal.sync()),
      appendNow: (lines) =>
        count === undefined || count < atBoundary ? journal.appendNow(lines) : undefined,
    };
  };
  return {
    ports: { files: dyingFiles, clock, openJournalFile: openDying },
    died: died.promise,
    begin: () => void (count = 0),
    end: () => void (isOver = true),
  };
}

interface Left {
  readonly stateDir: string;
  readonly id: string;
  readonly folder: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** The next program, to which the first one is gone. */
async function goesOn(t: TestContext, { stateDir, id, folder, before, after }: Left): Promise<void> {
  const runtime = testRuntime(t, stateDir, undefined, {
    runningProcesses: { find: () => Promise.resolve(undefined), end: () => Promise.resolve(false) },
    log: { info: () => undefined, warn: () => undefined, error: assert.fail },
  });
  const state = await runtime.openSession(id);
  const found = await snapshot(folder);
  const [revert] = state.reverts;
  const isRestored = (name: string): boolean =>
    revert !== undefined &&
    revert.files.some((file) => [file.path, file.movedFrom].includes(path.join(folder, name))) &&
    !revert.notRestored?.some((left) =>
      revert.files.some(
        (file) => file.path === left.path && [file.path, file.movedFrom].includes(path.join(folder, name)),
      ),
    );
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
    assert.equal(found[name], (isRestored(name) ? before : after)[name], name);
  await runtime.revert(await runtime.planRevert(id, root), { includesChanged: false }, signal);
  assert.deepEqual(await snapshot(folder), before);
  for (const { id: revertId } of state.reverts.toReversed())
    await runtime.revert(
      await runtime.planRevert(id, { kind: 'revert', revertId }),
      { includesChanged: false },
      signal,
    );
  assert.deepEqual(await snapshot(folder), after);
  await runtime.dispose();
}

async function putBack(folder: string, files: Snapshot): Promise<void> {
  for (const name of Object.keys(await snapshot(folder))) await rm(path.join(folder, name));
  for (const [name, entry] of Object.entries(files)) {
    const [mode = '', text = ''] = [entry.slice(0, entry.indexOf(' ')), entry.slice(entry.indexOf(' ') + 1)];
    await writeFile(path.join(folder, name), text, 'latin1');
    await chmod(path.join(folder, name), Number.parseInt(mode, 8));
  }
}
