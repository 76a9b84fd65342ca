/** A program that is killed at each step of a write into a file that nothing can replace, and what resuming makes of it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../temporaryFolder.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const dyingWrites = new URL('../../fixtures/dyingWrites.ts', import.meta.url).href;

interface Scene {
  readonly file: string;
  readonly cli: (
    dieAt: number,
    ...args: readonly string[]
  ) => { readonly status: number | null; readonly text: string };
  readonly sessionId: () => Promise<string>;
}

async function scene(t: TestContext, text: string, oldText: string, newText: string): Promise<Scene> {
  const folder = await temporaryFolder(t);
  const state = await temporaryFolder(t);
  const file = path.join(folder, 'a.txt');
  const edit = { path: 'a.txt', edits: [{ oldText, newText }] };
  const batch = { version: 1, calls: [{ id: 'e', tool: 'edit_file', input: edit }] };
  await writeFile(file, text);
  await writeFile(path.join(folder, 'b.batch.json'), JSON.stringify(batch));
  return {
    file,
    cli(dieAt, ...args) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', dyingWrites, main, ...args, '--state-dir', state],
        { cwd: folder, env: { ...process.env, DIE_AT_STEP: String(dieAt) }, encoding: 'utf8' },
      );
      return { status, text: stdout + stderr };
    },
    sessionId: async () => (await readdir(path.join(state, 'sessions')))[0] ?? '',
  };
}

const run = ['run', 'b.batch.json', '--permission', 'workspace-write'] as const;

/** What is replaced, by what, and after which steps the file is neither as before nor as after. */
const cases = [
  ['a text that gets longer', 'one two three\n', 'one', 'THE FIRST ONE', [1, 2, 3]],
  ['a text that gets shorter', 'the first one two three\n', 'the first one', 'ONE', [1, 2]],
] as const;

for (const [what, text, oldText, newText, tornAfter] of cases) {
  const after = text.replace(oldText, newText);
  const steps = newText.length > oldText.length ? 6 : 4;
  test(
    `K5: ${what} is written once, whichever of the ${steps} steps the program dies at`,
    { timeout: 240_000 },
    async (t) => {
      for (let dieAt = 1; dieAt <= steps + 1; dieAt += 1) {
        const { file, cli, sessionId } = await scene(t, text, oldText, newText);
        const { ino } = await stat(file);
        const { status } = cli(dieAt, ...run);
        assert.equal(status, dieAt > steps ? 0 : null, `step ${dieAt}`);
        const left = await readFile(file, 'utf8');
        const isTorn = left !== text && left !== after;
        assert.equal(
          isTorn,
          tornAfter.some((step) => step === dieAt),
          `${dieAt}: ${left}`,
        );
        if (status === null) assert.equal(cli(0, 'resume', await sessionId()).status, 0, `step ${dieAt}`);
        assert.equal(await readFile(file, 'utf8'), after);
        assert.equal((await stat(file)).ino, ino);
      }
    },
  );
}

test(
  'K5: a torn file that somebody else has changed since is left alone and named',
  { timeout: 60_000 },
  async (t) => {
    const { file, cli, sessionId } = await scene(t, 'one two three\n', 'one', 'THE FIRST ONE');
    cli(3, ...run);
    await writeFile(file, 'mended by hand\n');
    const { status, text } = cli(0, 'resume', await sessionId());
    assert.equal(status, 3);
    assert.match(text, /wrote into the file, which may hold parts of the old text and the new one\./);
    assert.equal(await readFile(file, 'utf8'), 'mended by hand\n');
  },
);
