/** Parallel agents whose save file can't be written: what it lacks is named, and a resume adds it. */
import assert from 'node:assert/strict';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { agentsCommand } from '../../../src/cli/agentsCommand.ts';
import { parseArguments } from '../../../src/cli/arguments.ts';
import type { CommandContext, CommandEnd } from '../../../src/cli/commandContext.ts';
import { resumeCommand } from '../../../src/cli/resumeCommand.ts';
import { isUnresolved } from '../../../src/core/unresolved.ts';
import { formatAgentOutput, parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { SaveFile } from '../../../src/store/saveFile.ts';
import type { AgentsResult } from '../../../src/views/agentsResult.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from '../runtime/testRuntime.ts';
import { cli, jsonLines, startCliWithKey, startLimitedCli, type CliRun } from './cliProcess.ts';

interface Scene {
  readonly folder: string;
  /** The file for the answers. */
  readonly file: string;
  readonly run: () => CliRun;
  readonly resume: () => Promise<Awaited<CliRun['ended']>>;
  /** The same commands in this process, over a runtime of their own. */
  readonly inProcess: () => InProcess;
  /** `index status` of each whole block, sorted. */
  readonly saved: () => Promise<readonly string[]>;
}

/** Losses of the file while the second task is under way. */
const losses: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'its folder was deleted': (file) => rm(join(file, '..'), { recursive: true }),
  'its folder was moved away': (file) => rename(join(file, '..'), join(file, '..', '..', 'elsewhere')),
  'a folder is in its place': async (file) => {
    await rm(file, { force: true });
    await mkdir(file);
  },
  'a link is in its place': async (file) => {
    await rm(file, { force: true });
    await symlink('elsewhere.txt', file);
  },
};

interface InProcess {
  readonly runtime: Runtime;
  readonly run: () => Promise<CommandEnd>;
  readonly resume: () => Promise<CommandEnd>;
}

const all = ['0 completed', '1 completed', '2 completed'];
const maxFileKilobytes = 1024;

/** Three tasks, one after the other; `onRequest` gets the number of each request before it is answered. */
async function scene(
  t: TestContext,
  { isLimited = false, onRequest = async (_count: number): Promise<void> => {}, more = [] as string[] },
): Promise<Scene> {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'answers', 'out.txt');
  await mkdir(join(folder, 'answers'));
  let count = 0;
  const server = await startMessagesServer(async () => {
    await onRequest((count += 1));
    return { events: sse.wholeMessage('end_turn', sse.textBlock(0, 'An answer.')) };
  });
  t.after(() => server.close());
  const tasks = ['first', 'second', 'third'].map((note) => ({ note, prompt: note }));
  await writeFile(join(folder, 'f.agents.json'), JSON.stringify({ version: 1, maxConcurrency: 1, tasks }));
  const places = ['--base-url', server.url, '--state-dir', 'state'];
  const args = ['agents', 'f.agents.json', '--save-file', file, ...places, ...more];
  return {
    folder,
    file,
    run: () =>
      isLimited ? startLimitedCli(folder, maxFileKilobytes, ...args) : startCliWithKey(folder, ...args),
    async resume() {
      const [id = ''] = await readdir(join(folder, 'state', 'sessions'));
      return startCliWithKey(folder, 'resume', id, ...places).ended;
    },
    inProcess() {
      const stateDir = join(folder, 'state');
      const runtime = testRuntime(t, stateDir, server.url, { log: { ...strictLog, warn: () => undefined } });
      const context: CommandContext = {
        runtime,
        stopping: new AbortController().signal,
        startFolder: folder,
        stateDir,
        keyFile: undefined,
        hasApiKey: true,
        now: () => Date.now(),
      };
      return {
        runtime,
        run() {
          const parsed = parseArguments(args);
          assert.ok(parsed.kind === 'agents');
          return agentsCommand(parsed, context);
        },
        async resume() {
          const [id = ''] = await readdir(join(stateDir, 'sessions'));
          const parsed = parseArguments(['resume', id]);
          assert.ok(parsed.kind === 'resume');
          return resumeCommand(parsed, context);
        },
      };
    },
    async saved() {
      const { outputs } = parseAgentOutputs(await readFile(file, 'utf8'));
      const own = outputs.filter(({ note }) => note !== 'before');
      return own.map(({ index, status }) => `${index} ${status}`).sort();
    },
  };
}

/** Fills the file until only that much of the limit is left. */
async function fill(file: string, bytesLeft: number): Promise<void> {
  const output = { agent: 'a', continuationId: 's/a', note: 'before', index: 0, status: 'completed' };
  const bare = formatAgentOutput({ ...output, text: '' }).length;
  const text = 'x'.repeat(maxFileKilobytes * 1024 - bare - bytesLeft);
  await writeFile(file, formatAgentOutput({ ...output, text }));
}

describe('Z2: answers that the save file could not take are named, exit code 3, and a resume adds them', () => {
  test('its disk is full', async (t) => {
    const { file, run, saved, resume } = await scene(t, { isLimited: true });
    await fill(file, 100);
    const { exitCode, stdout, stderr } = await run().ended;
    assert.match(stdout, /3 of 3 completed\n3 answers are not in the save file: /);
    assert.match(stdout, /tasks\[0\] \(first\), tasks\[1\] \(second\), tasks\[2\] \(third\)\. .*EFBIG/);
    assert.doesNotMatch(stdout, /answers in/);
    assert.match(stderr, /Go on with it: allsettled resume /);
    assert.equal(exitCode, 3);
    assert.deepEqual(await saved(), []);
    const resumed = await resume();
    assert.match(resumed.stdout, /3 of 3 completed; answers in /);
    assert.equal(resumed.exitCode, 0, resumed.stderr);
    assert.deepEqual(await saved(), all);
    assert.match((await resume()).stderr, /Nothing of this session was interrupted/);
  });

  test('a script finds which they are', async (t) => {
    const { file, run } = await scene(t, { isLimited: true, more: ['--json'] });
    await fill(file, 0);
    const { stdout, exitCode } = await run().ended;
    const { completed, unsaved } = jsonLines(stdout).at(-1) ?? {};
    assert.equal(completed, 3);
    assert.deepEqual((unsaved as { indexes: number[] }).indexes, [0, 1, 2]);
    assert.equal(exitCode, 3);
  });

  test('a disk that had space again before the end lacks nothing', async (t) => {
    let file = '';
    const onRequest = async (count: number) => (count === 3 ? truncate(file, 0) : undefined);
    const bench = await scene(t, { isLimited: true, onRequest });
    file = bench.file;
    await fill(file, 10);
    const { exitCode, stdout } = await bench.run().ended;
    assert.match(stdout, /3 of 3 completed; answers in /);
    assert.equal(exitCode, 0);
    assert.deepEqual(await bench.saved(), all);
  });

  for (const [what, lose] of Object.entries(losses))
    test(what, async (t) => {
      let file = '';
      const onRequest = async (count: number) => (count === 2 ? lose(file) : undefined);
      const { folder, saved, inProcess, ...bench } = await scene(t, { onRequest });
      file = bench.file;
      const { run, resume } = inProcess();
      const { result, exitCode, state } = await run();
      assert.deepEqual((result as AgentsResult).unsaved?.indexes, [0, 1, 2]);
      assert.equal(exitCode, 3);
      assert.ok(state && isUnresolved(state), 'the hint is printed');
      const refused = await resume();
      assert.match(JSON.stringify(refused.result), /The answers? (can't|could not) be saved to /);
      assert.equal(refused.exitCode, 2);
      await rm(join(folder, 'answers'), { recursive: true, force: true });
      await mkdir(join(folder, 'answers'));
      assert.equal((await resume()).exitCode, 0);
      assert.deepEqual(await saved(), all);
      assert.equal(isUnresolved(state), false);
    });

  test('the answer to a follow-up, after its list had ended', async (t) => {
    const { folder, file, saved, inProcess } = await scene(t, {});
    const { run, resume, runtime } = inProcess();
    const { state } = await run();
    assert.ok(state && !isUnresolved(state));
    await rm(file);
    await mkdir(file);
    await (
      await runtime.followUp(state.id, 'agent-2', 'And?')
    ).ended;
    await runtime.dispose();
    const next = inProcess();
    const left = await next.runtime.openSession(state.id);
    assert.deepEqual(left.taskLists[0]?.unsaved?.indexes, [1]);
    await rm(join(folder, 'answers'), { recursive: true });
    await mkdir(join(folder, 'answers'));
    assert.equal((await next.resume()).exitCode, 0);
    assert.deepEqual(await saved(), [...all, '1 completed'].toSorted());
    assert.equal((await resume()).exitCode, 2);
  });
});

test('Z2: a report that can not be written any more is told, and the exit code is not 0', async (t) => {
  const folder = await temporaryFolder(t);
  const calls = [{ id: 'a', tool: 'terminal', input: { command: 'rm -r out' } }];
  await writeFile(join(folder, 'b.batch.json'), JSON.stringify({ version: 1, calls }));
  await mkdir(join(folder, 'out'));
  const report = ['--report', 'out/report.json', '--permission', 'unlimited', '--state-dir', 'state'];
  const { exitCode, stderr } = await cli(folder, 'run', 'b.batch.json', ...report);
  assert.match(stderr, /the report .*report\.json can't be written: /);
  assert.equal(exitCode, 1);
});

test('Z2: an answer that the disk did not confirm is named, whatever a later sync says', async (t) => {
  const path = join(await temporaryFolder(t), 'out.txt');
  const opened = await SaveFile.open(path, () => true);
  assert.ok(opened.ok);
  t.after(() => opened.file.close());
  const probe = await open(path);
  const handles = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  t.mock.method(handles, 'sync', () => Promise.reject(Object.assign(new Error('i/o'), { code: 'EIO' })), {
    times: 1,
  });
  assert.match((await opened.file.append('one\n')) ?? '', /its disk reports an error \(EIO\)/);
  assert.equal(await opened.file.append('two\n'), undefined);
  assert.match((await opened.file.complete()) ?? '', /its disk reports an error \(EIO\)/);
  assert.equal(await readFile(path, 'utf8'), 'one\ntwo\n');
});
