/** Lists of tasks whose program died after any line of their journals: all that was asked for ends, and nothing runs twice. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { openTasks } from '../../../src/core/taskLists.ts';
import { hasInterruption } from '../../../src/core/unresolved.ts';
import { formatAgentOutput, parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { missingAnswers } from '../../../src/tools/taskAnswers.ts';
import { taskRecords } from '../../../src/views/taskRecords.ts';
import { asksFor, says } from '../../fixtures/agentScripts.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { startMessagesServer, type MessagesBody, type ServerReply } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

/** The remains of a list that ran to its end: the lines of all its sessions in order of their effect. */
interface Played {
  readonly folder: string;
  readonly url: string;
  /** The list's session. */
  readonly id: string;
  readonly told: readonly SessionEvent[];
  readonly lines: ReadonlyMap<string, readonly string[]>;
  readonly saveFile: string;
  readonly requests: MessagesBody[];
}

interface TaskToPlay {
  readonly note: string;
  readonly prompt: string;
  readonly continuation_id?: string;
}

const quiet = { ...strictLog, warn: () => undefined };

function wordsOf({ messages }: MessagesBody): readonly string[] {
  return messages.flatMap(({ role, content }) =>
    role === 'user' ? content.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])) : [],
  );
}

/** Runs the list to its end. Where `earlier` is a prompt, an agent of another session was asked that before. */
async function played(
  t: TestContext,
  reply: (body: MessagesBody) => ServerReply,
  options: { readonly tasks: (earlier: string) => readonly TaskToPlay[]; readonly failFast?: true },
): Promise<Played> {
  const folder = await temporaryFolder(t);
  const requests: MessagesBody[] = [];
  const server = await startMessagesServer((body) => {
    requests.push(body);
    return reply(body);
  });
  t.after(() => server.close());
  const stateDir = join(folder, 'state');
  const runtime = testRuntime(t, stateDir, server.url, { log: quiet });
  const told: SessionEvent[] = [];
  runtime.onEvent((event) => void told.push(event));
  const place = { cwd: folder, roots: [folder], permission: 'unlimited' } as const;
  const earlier = await runtime.startAgent({ prompt: 'Before.', ...place });
  await earlier.ended;
  const saveFile = join(folder, 'out.txt');
  const tasks = options.tasks(`${earlier.sessionId}/${earlier.agentId}`);
  const agents = { tasks, maxConcurrency: 1, ...(options.failFast && { failFast: true }) };
  const started = await runtime.runAgents({ agents, saveFile, ...place });
  assert.ok(started.ok, JSON.stringify(started));
  await started.settled;
  await runtime.dispose();
  const lines = new Map<string, readonly string[]>();
  for (const id of [earlier.sessionId, started.sessionId]) {
    const journal = await readFile(new SessionFolders(stateDir).journal(id), 'utf8');
    lines.set(id, journal.trimEnd().split('\n'));
  }
  return { folder, url: server.url, id: started.sessionId, told, lines, saveFile, requests };
}

/** Makes the state folder as it was when `count` events had taken effect. */
async function cutTo(
  t: TestContext,
  { told, lines }: Pick<Played, 'told' | 'lines'>,
  count: number,
): Promise<string> {
  const stateDir = await temporaryFolder(t);
  for (const [id, all] of lines) {
    const kept = told.slice(0, count).filter(({ sessionId }) => sessionId === id).length;
    if (kept === 0) continue;
    const journal = new SessionFolders(stateDir).journal(id);
    await mkdir(dirname(journal), { recursive: true });
    await writeFile(
      journal,
      all
        .slice(0, kept)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  return stateDir;
}

interface Cut {
  readonly where: string;
  readonly before: SessionState;
  readonly state: SessionState;
  readonly saved: readonly string[];
  readonly asked: readonly MessagesBody[];
}

/** Cuts after each event from `tasks.queued` on, and resumes. Every second time the answers had been saved until then. */
async function everyCut(t: TestContext, list: Played, check: (cut: Cut) => void): Promise<void> {
  const isOwn = ({ sessionId }: SessionEvent): boolean => sessionId === list.id;
  const first = list.told.findIndex((event) => isOwn(event) && event.type === 'tasks.queued') + 1;
  const last = list.told.findIndex((event) => isOwn(event) && event.type === 'tasks.ended');
  assert.ok(first > 0 && last > first);
  for (let count = first; count <= last; count += 1) {
    const before = fold(list.told.slice(0, count).filter(isOwn));
    assert.ok(before);
    const [queued] = before.taskLists;
    assert.ok(queued);
    const onRecord = count % 2 === 0 ? [] : missingAnswers(before, queued, '');
    await writeFile(list.saveFile, onRecord.map(formatAgentOutput).join(''));
    const requestsBefore = list.requests.length;
    const runtime = testRuntime(t, await cutTo(t, list, count), list.url, { log: quiet });
    const state = await runtime.openSession(list.id);
    assert.ok(hasInterruption(state));
    await (
      await runtime.resume(list.id)
    ).settled;
    await runtime.dispose();
    const { outputs } = parseAgentOutputs(await readFile(list.saveFile, 'utf8'));
    check({
      where: `after event ${count}, ${list.told[count - 1]?.type}`,
      before,
      state,
      saved: outputs.map(({ index, status }) => `${index} ${status}`).sort(),
      asked: list.requests.slice(requestsBefore),
    });
  }
}

function statusesOf(state: SessionState): readonly string[] {
  const [list] = state.taskLists;
  return list ? taskRecords(state, list).map(({ index, status }) => `${index} ${status}`) : [];
}

describe('J1, tasks: cut after any line', () => {
  test('a list goes on to its end, a conversation that it continues is given its prompt once', async (t) => {
    const list = await played(t, (body) => says(`To ${wordsOf(body).at(-1)}`), {
      tasks: (earlier) => [
        { note: 'a', prompt: 'First.' },
        { note: 'more', prompt: 'Go further.', continuation_id: earlier },
        { note: 'b', prompt: 'Last.' },
      ],
    });
    const wanted = ['0 completed', '1 completed', '2 completed'];
    await everyCut(t, list, ({ where, before, state, saved, asked }) => {
      assert.deepEqual(statusesOf(state), wanted, where);
      assert.deepEqual(saved, wanted, where);
      assert.equal(state.taskLists[0]?.end, 'ended', where);
      for (const body of asked)
        assert.ok(wordsOf(body).filter((words) => words === 'Go further.').length <= 1, where);
      const completed = statusesOf(before).filter((status) => status.endsWith('completed'));
      const most = 3 - completed.length;
      assert.ok(asked.length <= most, `${where}: ${asked.length} requests for ${most} tasks`);
    });
  });

  test('a list with failFast skips what it would have skipped', async (t) => {
    const reply = (body: MessagesBody): ServerReply =>
      wordsOf(body).includes('Fail.') ? { status: 400, body: {} } : says('Done.');
    const list = await played(t, reply, {
      failFast: true,
      tasks: () => ['Go.', 'Fail.', 'Never.', 'Nor this.'].map((prompt) => ({ note: prompt, prompt })),
    });
    const wanted = ['0 completed', '1 failed', '2 skipped', '3 skipped'];
    await everyCut(t, list, ({ where, state, saved, asked }) => {
      assert.deepEqual(statusesOf(state), wanted, where);
      assert.deepEqual(saved, wanted, where);
      for (const body of asked) assert.doesNotMatch(JSON.stringify(body.messages), /Never|Nor/, where);
    });
  });

  test('of a run_agents call each task is told of or named', async (t) => {
    const tasks = [
      { note: 'one', prompt: 'Be one.' },
      { note: 'two', prompt: 'Fail.' },
      { note: 'three', prompt: 'Be three.' },
    ];
    const server = await startMessagesServer((body) => {
      const [first = ''] = wordsOf(body);
      if (first.includes('Fail.')) return { status: 400, body: {} };
      if (!first.includes('Root.') || body.messages.length > 1) return says('Done.');
      return asksFor(['c1', 'run_agents', { tasks, maxConcurrency: 1, failFast: true }]);
    });
    t.after(() => server.close());
    const folder = await temporaryFolder(t);
    const stateDir = join(folder, 'state');
    const runtime = testRuntime(t, stateDir, server.url, { log: quiet });
    const place = { cwd: folder, roots: [folder], permission: 'unlimited' } as const;
    const { sessionId, ended } = await runtime.startAgent({ prompt: 'Root.', ...place });
    await ended;
    await runtime.dispose();
    const journal = await readFile(new SessionFolders(stateDir).journal(sessionId), 'utf8');
    const lines = journal.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as SessionEvent);
    const list = { told: events, lines: new Map([[sessionId, lines]]) };
    const first = events.findIndex(({ type }) => type === 'tasks.queued') + 1;
    const last = events.findIndex((event) => event.type === 'call.settled' && event.callId === 'c1');
    for (let count = first; count <= last; count += 1) {
      const where = `after event ${count}, ${events[count - 1]?.type}`;
      const next = testRuntime(t, await cutTo(t, list, count), server.url, { log: quiet });
      const state = await next.openSession(sessionId);
      const call = state.calls.get('c1')?.state;
      assert.ok(call?.status === 'interrupted', where);
      const told = (state.agents.get('agent-1')?.messages ?? []).map(
        ({ about }) => state.agents.get(about?.agentId ?? '')?.task?.index,
      );
      for (const [index, { note }] of tasks.entries()) {
        const isNamed = call.error.message.includes(`tasks[${index}] (${note})`);
        const isTold = told.filter((each) => each === index).length;
        assert.equal(isTold + (isNamed ? 1 : 0), 1, `${where}: ${note} is told ${isTold} times`);
      }
      const [queued] = state.taskLists;
      assert.ok(queued && openTasks(state, queued).length + state.skippedTasks.length <= 3, where);
      await next.dispose();
    }
  });
});
