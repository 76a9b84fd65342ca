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
import { revertedOf } from '../../../src/core/standingReverts.ts';
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

for (const what of ['a revert', 'the undoing of one'] as const)
  test(
    `J1: whenever a program dies in ${what}, the next one knows what is restored`,
    { timeout: 240_000 },
    async (t) => {
      const bench = await revertBench(t, { root: parts }, files);
      const before = await snapshot(bench.folder);
      const { id } = await bench.run('root');
      const after = await snapshot(bench.folder);
      const isUndoing = what !== 'a revert';
      if (isUndoing) await bench.revert(id, root);
      await bench.runtime.dispose();
      const target: RevertTarget = isUndoing ? { kind: 'revert', revertId: 'revert-1' } : root;
      const [from, to] = isUndoing ? [before, after] : [after, before];
      const died = new Set<string>();
      for (let boundary = 1; ; boundary += 1) {
        const stateDir = await temporaryFolder(t);
        await cp(bench.stateDir, stateDir, { recursive: true });
        const ending = await dieIn(t, { stateDir, id, target }, boundary);
        if (ending === 'ended') break;
        died.add(ending);
        await goesOn(t, { stateDir, id, folder: bench.folder, target, from, to });
        await putBack(bench.folder, from);
      }
      assert.deepEqual(await snapshot(bench.folder), to);
      const places = ['blob', 'append', 'half a line', 'sync', 'write', 'remove', 'move'];
      const wanted = isUndoing ? places.filter((place) => place !== 'blob' || died.has('blob')) : places;
      assert.deepEqual([...died].toSorted(), wanted.toSorted());
    },
  );

/** Where the program died; from then on nothing that it does reaches the disk. */
async function dieIn(
  t: TestContext,
  { stateDir, id, target }: Pick<Left, 'stateDir' | 'id' | 'target'>,
  atBoundary: number,
): Promise<string> {
  const dying = dyingPorts(atBoundary);
  const runtime = testRuntime(t, stateDir, undefined, dying.ports);
  const done = (async (): Promise<'ended'> => {
    await runtime.openSession(id);
    dying.begin();
    await runtime.revert(await runtime.planRevert(id, target), { includesChanged: false }, signal);
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
  readonly target: RevertTarget;
  /** The files before it, and after it. */
  readonly from: Snapshot;
  readonly to: Snapshot;
}

/** The next program, to which the first one is gone. */
async function goesOn(t: TestContext, { stateDir, id, folder, target, from, to }: Left): Promise<void> {
  const runtime = testRuntime(t, stateDir, undefined, {
    runningProcesses: { find: () => Promise.resolve(undefined), end: () => Promise.resolve(false) },
    log: { info: () => undefined, warn: () => undefined, error: assert.fail },
  });
  const state = await runtime.openSession(id);
  const found = await snapshot(folder);
  const revert = state.reverts.findLast((each) => each.target.kind === target.kind);
  const left = new Set(revert?.notRestored?.map((each) => each.path));
  const restored = new Set(
    revert?.files.flatMap((file) => (left.has(file.path) ? [] : [file.path, file.movedFrom])),
  );
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)]))
    assert.equal(found[name], (restored.has(path.join(folder, name)) ? to : from)[name], name);
  const isWhole = revert !== undefined && left.size === 0;
  const said = revertedOf(state, root);
  const words = target.kind === 'revert' ? ['no', 'whole'] : ['whole', 'no'];
  assert.ok(isWhole ? said === words[0] : said !== words[0], `${said}, with ${left.size} files left`);
  const again = (each: RevertTarget) =>
    runtime.planRevert(id, each).then((plan) => runtime.revert(plan, { includesChanged: false }, signal));
  await again(target);
  assert.deepEqual(await snapshot(folder), to);
  const since = target.kind === 'revert' ? state.reverts.slice(1) : state.reverts;
  for (const { id: revertId } of since.toReversed()) await again({ kind: 'revert', revertId });
  assert.deepEqual(await snapshot(folder), from);
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
