/** How a program leaves: what it saves, ends and gives up, and how little time it takes. */
import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { findProcess } from '../../../src/adapters/node/processIdentity.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import type { ProcessSpec } from '../../../src/core/processPorts.ts';
import { openJournalFile } from '../../../src/store/journalFile.ts';
import { readJournal } from '../../../src/store/journalReader.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { ownerOf } from '../../../src/store/sessionOwner.ts';
import { diskFull } from '../../fixtures/fakeJournalFile.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type ServerReply } from '../../fixtures/sseServer.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const options = { prompt: 'Do it.', permission: 'unlimited' } as const;

async function server(t: TestContext, ...replies: readonly ServerReply[]): Promise<string> {
  const left = [...replies];
  const started = await startMessagesServer(
    () => left.shift() ?? { events: sse.wholeMessage('end_turn', sse.textBlock(0, 'Done.')) },
  );
  t.after(() => started.close());
  return started.url;
}

function command(line: string): ServerReply {
  const block = sse.toolUseBlock(0, 'c1', 'terminal', JSON.stringify({ command: line }));
  return { events: sse.wholeMessage('tool_use', block) };
}

void suite('a program that ends', () => {
  test('gives up its sessions, so that the next one can have them at once', async (t) => {
    const stateDir = await temporaryFolder(t);
    const url = await server(t);
    const runtime = testRuntime(t, stateDir, url);
    const run = await runtime.startAgent({ ...options, cwd: stateDir, roots: [stateDir] });
    await run.ended;
    const owners = new SessionFolders(stateDir).owners(run.sessionId);
    assert.equal((await ownerOf(owners, { find: findProcess }))?.pid, process.pid);
    await runtime.dispose();
    assert.equal(await ownerOf(owners, { find: findProcess }), undefined);
    const next = testRuntime(t, stateDir, url);
    await next.openSession(run.sessionId);
    assert.equal(
      (await (await next.followUp(run.sessionId, run.agentId, 'More.')).ended).status,
      'completed',
    );
  });

  test('kills what ignores its request and waits no longer than an editor does for what does not end', async (t) => {
    const stateDir = await temporaryFolder(t);
    const clock = new TestClock();
    // So that the test ends also where it fails half-way: the runtime's own end waits on this clock.
    t.after(() => void setImmediate(() => clock.advance(10_000)));
    const started = Promise.withResolvers<void>();
    let kills = 0;
    const processes = {
      run: (_spec: ProcessSpec) => {
        started.resolve();
        return new Promise<never>(() => undefined);
      },
      killAll: () => void (kills += 1),
    };
    const runtime = testRuntime(t, stateDir, await server(t, command('stubborn')), { clock, processes });
    const run = await runtime.startAgent({ ...options, cwd: stateDir, roots: [stateDir] });
    await started.promise;
    const disposed = runtime.dispose();
    clock.advance(2500);
    assert.equal(kills, 1);
    clock.advance(1500);
    await disposed;
    const folders = new SessionFolders(stateDir);
    assert.equal(await ownerOf(folders.owners(run.sessionId), { find: findProcess }), undefined);
    const { events, dropped } = await readJournal(
      folders.journal(run.sessionId),
      folders.blobs(run.sessionId),
    );
    assert.equal(dropped, undefined);
    assert.equal(
      events.at(-1)?.type,
      'call.started',
      'the intent is there, so the next program names it interrupted',
    );
  });

  test('at its last moment still saves what waits to be written', async (t) => {
    const stateDir = await temporaryFolder(t);
    const runtime = testRuntime(t, stateDir, await server(t));
    const run = await runtime.startAgent({ ...options, cwd: stateDir, roots: [stateDir] });
    const isOver = Promise.withResolvers<void>();
    runtime.onEvent((event) => {
      if (event.type !== 'turn.started') return;
      // In the same turn of the event loop the line waits for company.
      runtime.disposeNow();
      isOver.resolve();
    });
    await isOver.promise;
    const journal = await readFile(new SessionFolders(stateDir).journal(run.sessionId), 'utf8');
    assert.match(journal, /"type":"turn\.started"/);
    await run.ended;
  });
});

void suite("a session's folder", () => {
  test(
    'is readable by its owner alone and never holds the key',
    { skip: process.platform === 'win32' },
    async (t) => {
      const stateDir = path.join(await temporaryFolder(t), 'state');
      const workspace = await temporaryFolder(t);
      const key = 'sk-ant-secret-0123456789';
      const environment = 'env; printenv ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN';
      const refusal = {
        status: 401,
        body: sse.errorBody('authentication_error', `invalid x-api-key ${key}`),
      };
      const url = await server(
        t,
        command(environment),
        { events: [sse.messageStart()], then: 'cut' },
        refusal,
      );
      const runtime = testRuntime(t, stateDir, url, {
        secrets: { apiKey: () => Promise.resolve(key) },
        processes: createProcesses({
          clock: nodeClock,
          baseEnv: { ...process.env, ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: key },
        }),
      });
      const run = await runtime.startAgent({ ...options, cwd: workspace, roots: [workspace] });
      assert.equal((await run.ended).status, 'failed');
      await runtime.dispose();
      const entries = await readdir(stateDir, { recursive: true, withFileTypes: true });
      assert.ok(entries.filter((entry) => entry.isFile()).length >= 3, 'a journal, an output and an owner');
      for (const entry of entries) {
        const file = path.join(entry.parentPath, entry.name);
        const { mode } = await stat(file);
        assert.equal(mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, file);
        if (entry.isFile()) assert.equal((await readFile(file, 'utf8')).includes(key), false, file);
      }
      assert.deepEqual(await readdir(workspace), [], 'nothing of it is in the workspace');
    },
  );
});

void suite('a disk that fills up', () => {
  /** A runtime whose journals take this many writes. */
  async function filling(t: TestContext, writes: number, answer: 'goOn' | 'stop') {
    const stateDir = await temporaryFolder(t);
    const problems: string[] = [];
    let left = writes;
    const runtime = testRuntime(t, stateDir, await server(t, command('echo ran >> effects.txt')), {
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      unsaved: {
        ask: ({ problem }) => {
          problems.push(problem);
          return Promise.resolve(answer);
        },
      },
      openJournalFile: async (...place) => {
        const file = await openJournalFile(...place);
        const append = async (lines: string): Promise<void> => {
          left -= 1;
          if (left >= 0) return file.append(lines);
          await file.append(lines.slice(0, 10)); // What a full disk takes of a write.
          throw diskFull();
        };
        return { ...file, append };
      },
    });
    const run = await runtime.startAgent({ ...options, cwd: stateDir, roots: [stateDir] });
    return { stateDir, problems, run, runtime, refill: () => (left = Infinity) };
  }

  test('stops the session if the person does not agree, and it can be followed up from what was saved', async (t) => {
    const { stateDir, problems, run, runtime, refill } = await filling(t, 4, 'stop');
    const ending = await run.ended;
    assert.deepEqual([ending.status, ending.terminationReason], ['cancelled', 'cancelledByPerson']);
    assert.equal(problems.length, 1);
    assert.equal((await readdir(stateDir)).includes('effects.txt'), false);
    const folders = new SessionFolders(stateDir);
    const saved = await readJournal(folders.journal(run.sessionId), folders.blobs(run.sessionId));
    assert.equal(saved.dropped, undefined, 'no torn line is left');
    refill();
    const next = await runtime.followUp(run.sessionId, run.agentId, 'More.');
    assert.equal((await next.ended).status, 'completed');
    await runtime.dispose();
    const all = await readJournal(folders.journal(run.sessionId), folders.blobs(run.sessionId));
    assert.equal(all.dropped, undefined);
    assert.deepEqual(all.events.slice(0, saved.events.length), saved.events);
    assert.equal(all.events.at(-1)?.type, 'run.ended');
  });

  test('lets the session go on in memory if the person agrees', async (t) => {
    const { problems, run, runtime } = await filling(t, 4, 'goOn');
    assert.equal((await run.ended).status, 'completed');
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /disk .* is full\. Free some space/);
    await runtime.dispose();
  });

  test('refuses to start a session that can not be saved at all', async (t) => {
    await assert.rejects(filling(t, 0, 'goOn'), /The session can't be started\. The disk .* is full/);
  });
});
