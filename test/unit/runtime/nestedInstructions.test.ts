/** The instructions of folders below the working directory, as the model gets them: in its calls' results. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

interface Asked {
  readonly tool: string;
  readonly input: object;
}

const read = (path: string): Asked => ({ tool: 'read_file', input: { path } });

async function workspace(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'pkg/src'), { recursive: true });
  await writeFile(join(folder, 'AGENTS.md'), 'root rules');
  await writeFile(join(folder, 'pkg/AGENTS.md'), 'pkg rules, see @more.md');
  await writeFile(join(folder, 'pkg/more.md'), 'more rules');
  for (const name of ['a.txt', 'pkg/b.txt', 'pkg/src/c.txt']) await writeFile(join(folder, name), 'text');
  return folder;
}

/** Runs an agent that asks for the calls of one turn after the other; returns the results of each turn. */
async function resultsOf(
  t: TestContext,
  folder: string,
  turns: readonly (readonly Asked[])[],
  readsInstructions = true,
): Promise<readonly (readonly string[])[]> {
  const server = await startMessagesServer((body) => {
    const turn = (body.messages.length - 1) / 2;
    const calls = turns[turn] ?? [];
    const blocks = calls.flatMap(({ tool, input }, index) =>
      sse.toolUseBlock(index, `t${turn}c${index}`, tool, JSON.stringify(input)),
    );
    const reply = calls.length > 0 ? blocks : sse.textBlock(0, 'Done.');
    return {
      events: [sse.messageStart(), ...reply, ...sse.messageEnd(calls.length > 0 ? 'tool_use' : 'end_turn')],
    };
  });
  t.after(() => server.close());
  const runtime = testRuntime(t, await temporaryFolder(t), server.url);
  const place = { cwd: folder, roots: [folder] };
  const run = await runtime.startAgent({
    prompt: 'Go',
    permission: 'unlimited',
    ...place,
    readsInstructions,
  });
  assert.equal((await run.ended).status, 'completed');
  return turns.map((_, turn) =>
    (server.requests[turn + 1]?.body.messages.at(-1)?.content ?? []).map((block) => JSON.stringify(block)),
  );
}

const carrying = (results: readonly (readonly string[])[]): readonly (readonly boolean[])[] =>
  results.map((turn) => turn.map((text) => text.includes('pkg rules')));

test('K15 15e: nested instructions come with the first call that works in their folder, and once', async (t) => {
  const turns = [[read('a.txt')], [read('pkg/src/c.txt')], [read('pkg/b.txt'), read('pkg/src/c.txt')]];
  const results = await resultsOf(t, await workspace(t), turns);
  assert.deepEqual(carrying(results), [[false], [true], [false, false]]);
  assert.match(results[1]?.[0] ?? '', /Instructions of the folder .*--- pkg\/AGENTS\.md ---.*more rules/);
  assert.doesNotMatch(results[1]?.[0] ?? '', /root rules/);
});

test('of calls that work in a folder at once, one carries its instructions', async (t) => {
  const turns = [
    [read('pkg/b.txt'), read('pkg/src/c.txt'), { tool: 'list_files', input: { pattern: '*', path: 'pkg' } }],
  ];
  const [results = []] = carrying(await resultsOf(t, await workspace(t), turns));
  assert.equal(results.filter(Boolean).length, 1);
});

test('a call that failed carries none, so that the next one does', async (t) => {
  const results = await resultsOf(t, await workspace(t), [[read('pkg/gone.txt')], [read('pkg/b.txt')]]);
  assert.deepEqual(carrying(results), [[false], [true]]);
});

test('nothing nested is given if the instructions of the workspace are not to be read', async (t) => {
  const results = await resultsOf(t, await workspace(t), [[read('pkg/b.txt')]], false);
  assert.deepEqual(carrying(results), [[false]]);
});
