import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import type { Diagnostics, FileError } from '../../../src/core/filePorts.ts';
import { createNewErrors, newErrors, newErrorsText } from '../../../src/tools/newErrors.ts';
import { createWriteFile } from '../../../src/tools/writeFile.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { TestMemory, contextIn } from './toolBench.ts';

const never = new AbortController().signal;

function at(line: number, message: string): FileError {
  return { line, message };
}

/** Services that report when the test says so. */
class TestServices implements Diagnostics {
  /** Whoever watches, by path. */
  readonly watching: [string, () => void][] = [];
  private readonly errors = new Map<string, readonly FileError[]>();

  errorsOf(file: string): readonly FileError[] {
    return this.errors.get(file) ?? [];
  }

  watch(file: string, onReport: () => void): { dispose(): void } | undefined {
    if (file.endsWith('.silent')) return undefined;
    const entry: [string, () => void] = [file, onReport];
    this.watching.push(entry);
    return { dispose: () => void this.watching.splice(this.watching.indexOf(entry), 1) };
  }

  report(file: string, ...errors: readonly FileError[]): void {
    this.errors.set(file, errors);
    for (const [watched, onReport] of [...this.watching]) if (watched === file) onReport();
  }
}

function looking(): {
  clock: TestClock;
  services: TestServices;
  tell: (file: string) => Promise<string | undefined>;
} {
  const [clock, services] = [new TestClock(), new TestServices()];
  const errors = createNewErrors({ clock, diagnostics: services });
  const tell = async (file: string): Promise<string | undefined> => errors.watch(file)?.told(never);
  return { clock, services, tell };
}

test('an error is new where its message was not there before, on whatever line', () => {
  const before = [at(1, 'a'), at(5, 'b'), at(6, 'b')];
  assert.deepEqual(newErrors(before, [at(3, 'a'), at(9, 'b')]), []);
  assert.deepEqual(newErrors(before, [at(9, 'c'), at(3, 'a'), at(2, 'd')]), [at(2, 'd'), at(9, 'c')]);
  assert.deepEqual(newErrors(before, [at(1, 'b'), at(2, 'b'), at(3, 'b')]), [at(3, 'b')]);
  assert.deepEqual(newErrors([], []), []);
});

test('ten errors are named, each in one line, and the rest is counted', () => {
  assert.equal(newErrorsText([]), undefined);
  assert.equal(
    newErrorsText([at(2, 'no\n  such\tname')]),
    'The editor now reports 1 error that was not there before the edit:\nline 2: no such name',
  );
  const many = Array.from({ length: 12 }, (_, index) => at(index + 1, `e${index}`));
  const lines = newErrorsText(many)?.split('\n') ?? [];
  assert.equal(lines[0], 'The editor now reports 12 errors that were not there before the edit:');
  assert.equal(lines.length, 12);
  assert.deepEqual(lines.slice(-2), ['line 10: e9', 'and 2 more.']);
  assert.ok((newErrorsText([at(1, 'x'.repeat(10_000))])?.length ?? 0) < 400);
});

test('an edit waits until the services are quiet after a report, and no longer', async () => {
  const { clock, services, tell } = looking();
  services.report('a.ts', at(1, 'old'));
  const told = tell('a.ts');
  services.report('a.ts', at(2, 'old'), at(3, 'syntax'));
  clock.advance(200);
  services.report('a.ts', at(2, 'old'), at(3, 'syntax'), at(4, 'meaning'));
  clock.advance(299);
  assert.equal(clock.waiting, 2);
  clock.advance(1);
  assert.equal(
    await told,
    'The editor now reports 2 errors that were not there before the edit:\nline 3: syntax\nline 4: meaning',
  );
  assert.equal(clock.waiting, 0);
});

test('where nothing is reported the wait ends by itself; a report of another file does not count', async () => {
  const { clock, services, tell } = looking();
  const told = tell('a.ts');
  services.report('b.ts', at(1, 'x'));
  clock.advance(1499);
  assert.equal(clock.waiting, 1);
  clock.advance(1);
  assert.equal(await told, undefined);
});

test('of what nobody reports nothing is awaited', async () => {
  const { clock, tell } = looking();
  assert.equal(await tell('a.silent'), undefined);
  assert.deepEqual(clock.delays, []);
});

test('a stop ends the wait at once', async () => {
  const [clock, services] = [new TestClock(), new TestServices()];
  const watched = createNewErrors({ clock, diagnostics: services }).watch('a.ts');
  const controller = new AbortController();
  const told = watched?.told(controller.signal);
  services.report('a.ts', at(1, 'new'));
  controller.abort();
  assert.match((await told) ?? '', /line 1: new$/);
  assert.equal(clock.waiting, 0);
});

test('edits that wait side by side, or one after the other, are held up by no more than one', async () => {
  const { clock, tell } = looking();
  const together = ['a.ts', 'b.ts', 'c.ts'].map(tell);
  clock.advance(1500);
  assert.deepEqual(await Promise.allSettled(together).then((all) => all.length), 3);
  const startedAt = clock.now();
  for (let edit = 0; edit < 11; edit += 1) await tell('a.ts');
  assert.equal(clock.now(), startedAt);
  assert.equal(clock.waiting, 0);
  clock.advance(2000); // An idle second gives half of it back.
  const later = tell('a.ts');
  assert.equal(clock.delays.at(-1), 1000);
  clock.advance(1000);
  assert.equal(await later, undefined);
});

test('the outcome of an edit names new errors, unless other calls wait for it', async (t) => {
  const root = await temporaryFolder(t);
  const [clock, services] = [new TestClock(), new TestServices()];
  const files = createFiles();
  const reporting = {
    ...files,
    write: async (...args: Parameters<typeof files.write>) => {
      const written = await files.write(...args);
      services.report(args[0].path, at(1, 'bad'));
      return written;
    },
  };
  const tool = createWriteFile({
    files: reporting,
    memory: new TestMemory(),
    stateDir: path.join(root, 'state'),
    newErrors: createNewErrors({ clock, diagnostics: services }),
  });
  const context = contextIn(root, root);
  const write = (name: string, isAwaited: boolean) =>
    tool.run({ path: name, content: 'x\n' }, { ...context, isAwaited });
  const awaited = await write('a.ts', true);
  assert.equal(awaited.ok && awaited.output.text, 'Made a.ts: 1 line added.');
  const stopped = { ...context, signal: AbortSignal.abort() };
  const failed = await tool.run({ path: 'c.ts', content: 'x' }, stopped);
  assert.equal(failed.ok, false);
  clock.after = (_, callback) => {
    callback();
    return { dispose: () => undefined };
  };
  const last = await write('b.ts', false);
  assert.equal(
    last.ok && last.output.text,
    'Made b.ts: 1 line added.\nThe editor now reports 1 error that was not there before the edit:\nline 1: bad',
  );
  assert.equal(await readFile(path.join(root, 'b.ts'), 'utf8'), 'x\n');
  assert.deepEqual(services.watching, []);
});
