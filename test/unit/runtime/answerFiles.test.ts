/** The save file of an agent's answer never takes the place of a file that its caller does not know. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { SessionState } from '../../../src/core/states.ts';
import { agentScripts, asksFor, newTexts, says, spawns, type Part } from '../../fixtures/agentScripts.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

interface Played {
  readonly folder: string;
  readonly state: SessionState;
  /** What the root was told of its last calls. */
  readonly results: readonly string[];
  readonly saved: string;
}

async function play(
  t: TestContext,
  parts: (folder: string) => Readonly<Record<string, readonly Part[]>>,
): Promise<Played> {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'precious.txt');
  await writeFile(file, 'A person wrote this.');
  const scripts = await agentScripts(t, parts(folder));
  const runtime = testRuntime(t, await temporaryFolder(t), scripts.server.url, { clock: fastClock() });
  const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
  const run = await runtime.startAgent({ prompt: 'Lead root', ...about });
  await run.ended;
  const state = runtime.session(run.sessionId);
  assert.ok(state);
  const results = newTexts(scripts.requestsOf('root').at(-1));
  return { folder, state, results, saved: await readFile(file, 'utf8') };
}

const reads = asksFor(['r', 'read_file', { path: 'precious.txt' }]);

test('a save file that the caller has not read is refused, and nothing starts', async (t) => {
  const { state, results, saved } = await play(t, () => ({
    root: [asksFor(spawns('c1', 'kid', { saveFile: 'precious.txt' })), says('Done.')],
  }));
  assert.match(results[0] ?? '', /^failed: saveFile: .*precious\.txt .*read it/i);
  assert.equal(state.agents.size, 1);
  assert.equal(saved, 'A person wrote this.');
});

test('one that it has read is replaced', async (t) => {
  const { saved } = await play(t, () => ({
    root: [reads, asksFor(spawns('c1', 'kid', { saveFile: 'precious.txt' })), says('Done.')],
    kid: [says('Answer.')],
  }));
  assert.equal(saved, 'Answer.');
});

test('one that changed while its agent was at work is left as it is, and the answer is kept elsewhere', async (t) => {
  const { state, results, saved } = await play(t, (folder) => ({
    root: [reads, asksFor(spawns('c1', 'kid', { saveFile: 'precious.txt' })), says('Done.')],
    kid: [() => writeFile(join(folder, 'precious.txt'), 'A newer text.').then(() => says('Answer.'))],
  }));
  assert.equal(saved, 'A newer text.');
  assert.match(results[0] ?? '', /has changed/);
  const ending = state.agents.get('agent-2')?.runs[0]?.state;
  const kept = ending && 'outputFile' in ending ? ending.outputFile : undefined;
  assert.equal(await readFile(kept ?? '', 'utf8'), 'Answer.');
});

test('one that came to be while its agent was at work is left as it is', async (t) => {
  const { folder } = await play(t, (inside) => ({
    root: [asksFor(spawns('c1', 'kid', { saveFile: 'new.txt' })), says('Done.')],
    kid: [() => writeFile(join(inside, 'new.txt'), 'Not the agent’s.').then(() => says('Answer.'))],
  }));
  assert.equal(await readFile(join(folder, 'new.txt'), 'utf8'), 'Not the agent’s.');
});

test('one whose folder has become a link is not written where that leads, and the answer is kept elsewhere', async (t) => {
  const outside = await temporaryFolder(t);
  const { results, state } = await play(t, (folder) => ({
    root: [asksFor(spawns('c1', 'kid', { saveFile: 'out/deep/answer.txt' })), says('Done.')],
    kid: [
      async () => {
        await mkdir(join(folder, 'out'));
        await rm(join(folder, 'out'), { recursive: true });
        await symlink(outside, join(folder, 'out'));
        return says('Answer.');
      },
    ],
  }));
  assert.deepEqual(await readdir(outside), []);
  assert.match(results[0] ?? '', /could not be saved to .*leads elsewhere/);
  const ending = state.agents.get('agent-2')?.runs[0]?.state;
  const kept = ending && 'outputFile' in ending ? ending.outputFile : undefined;
  assert.equal(await readFile(kept ?? '', 'utf8'), 'Answer.');
});

test(
  'one that is a FIFO by now keeps no run from ending, and the answer is kept elsewhere',
  { timeout: 20_000 },
  async (t) => {
    const { results } = await play(t, (folder) => ({
      root: [asksFor(spawns('c1', 'kid', { saveFile: 'answer.txt' })), says('Done.')],
      kid: [
        () => {
          execFileSync('mkfifo', [join(folder, 'answer.txt')]);
          return Promise.resolve(says('Answer.'));
        },
      ],
    }));
    assert.match(results[0] ?? '', /could not be saved to .*no regular file/);
  },
);
