/** Resuming after an orderly end, of batches, and by a newer program. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SessionShelf } from '../../../src/store/sessionShelf.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const command = (line: string): string => JSON.stringify({ command: line });

test('a window that closes leaves open what had not started, and the next one runs it', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  await writeFile(join(folder, 'a.txt'), 'alpha\n');
  const server = await startMessagesServer(({ messages }) => ({
    events:
      messages.length === 1
        ? [
            sse.messageStart(),
            ...sse.toolUseBlock(0, 'c1', 'terminal', command('echo begun; sleep 600')),
            ...sse.toolUseBlock(1, 'c2', 'write_file', '{"path":"b.txt","content":"beta"}'),
            ...sse.messageEnd('tool_use'),
          ]
        : [sse.messageStart(), ...sse.textBlock(0, 'Done.'), ...sse.messageEnd('end_turn')],
  }));
  t.after(() => server.close());
  const first = testRuntime(t, stateDir, server.url);
  const begun = Promise.withResolvers<undefined>();
  first.onLive((event) => event.type === 'live.output' && begun.resolve(undefined));
  const run = await first.startAgent({ prompt: 'Go', permission: 'unlimited', cwd: folder, roots: [folder] });
  await begun.promise;
  await first.dispose();
  assert.equal((await run.ended).terminationReason, 'hostExit');
  const shelf = new SessionShelf(stateDir);
  assert.equal(await shelf.isMarked(run.sessionId), true);

  const later = testRuntime(t, stateDir, server.url);
  const state = await later.openSession(run.sessionId);
  const statuses = (): readonly string[] => [...state.calls.values()].map((call) => call.state.status);
  assert.deepEqual(statuses(), ['interrupted', 'blocked']);
  const work = await later.resume(run.sessionId);
  assert.equal((await work.runs[0]?.ended)?.status, 'completed');
  assert.deepEqual(statuses(), ['interrupted', 'succeeded']);
  assert.equal(await readFile(join(folder, 'b.txt'), 'utf8'), 'beta');
  await later.dispose();
  assert.equal(await shelf.isMarked(run.sessionId), false);
});

test('a batch goes on where its host left it', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const first = testRuntime(t, stateDir);
  const begun = Promise.withResolvers<undefined>();
  first.onLive((event) => event.type === 'live.output' && begun.resolve(undefined));
  const terminal = (id: string, line: string) => ({ id, tool: 'terminal', input: { command: line } });
  const { sessionId } = await first.runBatch({
    batch: {
      version: 1,
      calls: [
        terminal('a', 'echo one >> notes.txt; echo begun; sleep 600'),
        { ...terminal('b', 'echo two >> notes.txt'), after: [{ id: 'a', when: 'settled' }] },
      ],
    },
    permission: 'unlimited',
    cwd: folder,
    roots: [folder],
  });
  await begun.promise;
  await first.dispose();

  const later = testRuntime(t, stateDir);
  const state = await later.openSession(sessionId);
  assert.equal([...state.batches.values()][0]?.cutOff, 'interrupted');
  await (
    await later.resume(sessionId)
  ).settled;
  const statuses = [...state.calls.values()].map((call) => call.state.status);
  assert.deepEqual(statuses, ['interrupted', 'succeeded']);
  assert.equal(await readFile(join(folder, 'notes.txt'), 'utf8'), 'one\ntwo\n');
  await assert.rejects(later.resume(sessionId), /Nothing of this session was interrupted/);
});

test('what an agent was told of its tools is sent again, whatever a newer program says of them', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const server = await startMessagesServer(() => ({
    events: [sse.messageStart(), ...sse.textBlock(0, 'Yes.'), ...sse.messageEnd('end_turn')],
  }));
  t.after(() => server.close());
  const first = testRuntime(t, stateDir, server.url);
  const run = await first.startAgent({ prompt: 'Go', permission: 'read-only', cwd: folder, roots: [folder] });
  await run.ended;
  await first.dispose();
  const later = testRuntime(t, stateDir, server.url);
  for (const tool of later.tools) Object.assign(tool, { description: 'Said in other words.' });
  await later.openSession(run.sessionId);
  await (
    await later.followUp(run.sessionId, run.agentId, 'And now?')
  ).ended;
  const [before, after] = server.requests.map(({ body }) => JSON.stringify(body.tools));
  assert.equal(after, before);
});

test('a parent that is resumed hears what became of its children, and starts none of them again', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const childAsked = Promise.withResolvers<undefined>();
  let isLater = false;
  const server = await startMessagesServer(({ messages }) => {
    const [first] = messages;
    if (JSON.stringify(first).includes('Look at it')) {
      if (!isLater) childAsked.resolve(undefined);
      return isLater
        ? { events: [sse.messageStart(), ...sse.textBlock(0, 'Looked.'), ...sse.messageEnd('end_turn')] }
        : { events: [sse.messageStart()], then: 'stall' };
    }
    const input = JSON.stringify({ prompt: 'Look at it', label: 'Looker' });
    return {
      events:
        messages.length === 1
          ? [
              sse.messageStart(),
              ...sse.toolUseBlock(0, 's1', 'spawn_agent', input),
              ...sse.messageEnd('tool_use'),
            ]
          : [sse.messageStart(), ...sse.textBlock(0, 'Heard.'), ...sse.messageEnd('end_turn')],
    };
  });
  t.after(() => server.close());
  const first = testRuntime(t, stateDir, server.url);
  const run = await first.startAgent({ prompt: 'Go', permission: 'read-only', cwd: folder, roots: [folder] });
  await childAsked.promise;
  await first.dispose();

  isLater = true;
  const later = testRuntime(t, stateDir, server.url);
  const state = await later.openSession(run.sessionId);
  const work = await later.resume(run.sessionId);
  assert.equal((await work.runs[0]?.ended)?.text, 'Heard.');
  const child = [...state.agents.values()].find(({ parent }) => parent);
  assert.equal(child?.runs.length, 1);
  const told = JSON.stringify(server.requests.at(-1)?.body.messages.at(-1)?.content);
  assert.match(told, /effect is unknown/);
  assert.match(told, /task-notification.*interrupted.*hostExit/s);

  const again = await later.resume(run.sessionId, child.id);
  assert.equal((await again.runs[0]?.ended)?.text, 'Looked.');
});

test('a parent that is resumed with its children waits for them, and is told what each came to', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const asked = Promise.withResolvers<undefined>();
  let isLater = false;
  let stalled = 0;
  const says = (text: string) => ({
    events: [sse.messageStart(), ...sse.textBlock(0, text), ...sse.messageEnd('end_turn')],
  });
  const server = await startMessagesServer(({ messages }) => {
    if (JSON.stringify(messages[0]).includes('Look at it')) {
      if (isLater) return says('Looked.');
      stalled += 1;
      if (stalled === 2) asked.resolve(undefined);
      return { events: [sse.messageStart()], then: 'stall' };
    }
    const input = (label: string): string =>
      JSON.stringify({ prompt: 'Look at it', label, background: true });
    return messages.length === 1
      ? {
          events: [
            sse.messageStart(),
            ...sse.toolUseBlock(0, 's1', 'spawn_agent', input('One')),
            ...sse.toolUseBlock(1, 's2', 'spawn_agent', input('Two')),
            ...sse.messageEnd('tool_use'),
          ],
        }
      : says('Heard.');
  });
  t.after(() => server.close());
  const first = testRuntime(t, stateDir, server.url);
  const run = await first.startAgent({ prompt: 'Go', permission: 'read-only', cwd: folder, roots: [folder] });
  await asked.promise;
  await first.dispose();

  isLater = true;
  const later = testRuntime(t, stateDir, server.url);
  const state = await later.openSession(run.sessionId);
  const work = await later.resumeAll(run.sessionId);
  await work.settled;
  const endings = [...state.agents.values()].map(
    ({ label, runs }) => `${label} ${runs.at(-1)?.state.status}`,
  );
  assert.deepEqual(endings, ['Go completed', 'One completed', 'Two completed']);
  const root = server.requests.filter(({ body }) => !JSON.stringify(body.messages[0]).includes('Look at it'));
  const told = JSON.stringify(root.at(-1)?.body.messages);
  assert.equal(told.split('<result>Looked.</result>').length - 1, 2);
  await assert.rejects(later.resumeAll(run.sessionId), /Nothing of this session was interrupted/);
});
