/** A list of parallel agents whose program was killed. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesBody, type ServerReply } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { startCliWithKey } from './cliProcess.ts';

function promptOf({ messages }: MessagesBody): string {
  return String(messages[0]?.content[0]?.['text']);
}

/** Kills the program once an answer to each of `stalls` is awaited; from then on everything is answered. */
async function killed(t: TestContext, tasks: number, stalls: readonly string[], more: object = {}) {
  const folder = await temporaryFolder(t);
  const stateDir = join(folder, 'state');
  const awaited = Promise.withResolvers<undefined>();
  const left = new Set(stalls);
  let isKilled = false;
  const prompts: string[] = [];
  const server = await startMessagesServer((body): ServerReply => {
    const prompt = promptOf(body);
    prompts.push(prompt);
    const answered = {
      events: sse.wholeMessage('end_turn', sse.textBlock(0, `answer to ${prompt}`)),
    };
    if (isKilled || !stalls.includes(prompt)) return answered;
    left.delete(prompt);
    if (left.size === 0) awaited.resolve(undefined);
    return { events: [], then: 'stall' };
  });
  t.after(() => server.close());
  const list = Array.from({ length: tasks }, (_, index) => ({ note: `n${index}`, prompt: `task ${index}` }));
  const file = { version: 1, maxConcurrency: 2, ...more, tasks: list };
  await writeFile(join(folder, 'f.agents.json'), JSON.stringify(file));
  const args = ['--base-url', server.url, '--state-dir', stateDir];
  const run = startCliWithKey(folder, 'agents', 'f.agents.json', '--save-file', 'out.txt', ...args);
  await awaited.promise;
  // A request stands behind the journal's lines of its run, so this one is whole.
  const exited = once(run.child, 'exit');
  run.child.kill('SIGKILL');
  await exited;
  isKilled = true;
  const [id = ''] = await readdir(join(stateDir, 'sessions'));
  const saved = async () => {
    const { outputs } = parseAgentOutputs(await readFile(join(folder, 'out.txt'), 'utf8'));
    return outputs.map(({ index, status }) => `${index} ${status}`).sort();
  };
  return {
    folder,
    prompts,
    saved,
    resume: () => startCliWithKey(folder, 'resume', id, ...args).ended,
  };
}

test('tasks that had not begun when the program was killed are carried out by the resume', async (t) => {
  const { prompts, saved, resume } = await killed(t, 5, ['task 1', 'task 2']);
  prompts.length = 0;
  const { exitCode, stdout, stderr } = await resume();
  assert.match(stderr + stdout, /5 of 5 completed/);
  assert.equal(exitCode, 0);
  assert.deepEqual(prompts.toSorted(), ['task 1', 'task 2', 'task 3', 'task 4']);
  const completed = [0, 1, 2, 3, 4].map((index) => `${index} completed`);
  assert.deepEqual(await saved(), completed);
  const again = await resume();
  assert.match(again.stdout + again.stderr, /Nothing of this session was interrupted/);
  assert.deepEqual(await saved(), completed);
});

test('an answer that was on record but not yet in the save file is added by the resume', async (t) => {
  const { folder, saved, resume } = await killed(t, 2, ['task 1'], { maxConcurrency: 1 });
  await writeFile(join(folder, 'out.txt'), ''); // As if it was killed right before the block was written.
  assert.equal((await resume()).exitCode, 0);
  assert.deepEqual(await saved(), ['0 completed', '1 completed']);
});
