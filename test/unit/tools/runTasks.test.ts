import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { noUsage, type EndedStatus, type RunEnding } from '../../../src/core/agents.ts';
import type { SpawnRequest, SubAgents } from '../../../src/core/subAgents.ts';
import { parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import { SaveFile } from '../../../src/store/saveFile.ts';
import { runTasks, type TaskRun, type TasksStop } from '../../../src/tools/runTasks.ts';
import type { TaskRequest } from '../../../src/tools/taskRequests.ts';
import { memorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

function ending(status: EndedStatus, text: string): RunEnding {
  const terminationReason = status === 'completed' ? 'endTurn' : 'internal';
  return {
    status,
    stopReason: 'end_turn',
    terminationReason,
    message: status,
    usage: noUsage,
    text,
    lastActivity: '',
  };
}

interface FakeAgent {
  readonly prompt: string;
  end(status: EndedStatus): void;
}

/** Agents that end when the test says so; journalled as the real ones are. */
class FakeSubAgents {
  readonly agents: FakeAgent[] = [];
  refuses = '';
  private readonly session: Awaited<ReturnType<typeof memorySession>>;
  private readonly waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(session: Awaited<ReturnType<typeof memorySession>>) {
    this.session = session;
  }

  async spawn(request: SpawnRequest): ReturnType<SubAgents['spawn']> {
    if (request.prompt === this.refuses)
      return { ok: false, error: { kind: 'limit', message: 'There are too many agents.' } };
    const agentId = `agent-${this.agents.length + 1}`;
    const { label, task } = request;
    await this.session.log.record(
      {
        type: 'agent.created',
        agentId,
        label,
        model: 'm',
        permission: 'read-only',
        systemPrompt: '',
        tools: [],
        ...(task && { task }),
      },
      'durable',
    );
    return this.start(agentId, request.prompt);
  }

  resume(agentId: string, prompt: string): ReturnType<SubAgents['resume']> {
    return Promise.resolve(this.start(agentId, prompt));
  }

  /** Settles once so many agents have been started in all. */
  untilStarted(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ count, resolve });
      this.look();
    });
  }

  private start(agentId: string, prompt: string) {
    const runId = `${agentId}-run`;
    const ended = Promise.withResolvers<RunEnding>();
    this.agents.push({ prompt, end: (status) => ended.resolve(ending(status, `answer to ${prompt}`)) });
    this.look();
    return { ok: true, agentId, runId, ended: ended.promise } as const;
  }

  private look(): void {
    for (const { count, resolve } of this.waiting) if (this.agents.length >= count) resolve();
  }
}

async function setUp(t: TestContext, tasks: number, more: Partial<TaskRun> = {}) {
  const session = await memorySession(new TestClock());
  const fake = new FakeSubAgents(session);
  const path = join(await temporaryFolder(t), 'out.txt');
  const opened = await SaveFile.open(path, () => true);
  assert.ok(opened.ok);
  t.after(() => opened.file.close());
  const { file } = opened;
  let count = 0;
  const counts: { readonly count: number; readonly resolve: () => void }[] = [];
  const append = async (block: string): Promise<string | undefined> => {
    const problem = await file.append(block);
    count += 1;
    for (const waiting of counts) if (count >= waiting.count) waiting.resolve();
    return problem;
  };
  const stopping = new AbortController();
  const requests = Array.from({ length: tasks }, (_, index): TaskRequest => {
    const note = `task ${index}`;
    const request = { prompt: `prompt ${index}`, label: note, task: { index, note } };
    return { kind: 'spawn', request };
  });
  const taskSession = {
    recorder: session.log,
    subAgents: fake as unknown as SubAgents,
    bind: () => Promise.resolve(),
    bindProblem: () => Promise.resolve(undefined),
  };
  const run: TaskRun = {
    requests,
    maxConcurrency: 2,
    failFast: false,
    debugStatistics: false,
    caller: { permission: 'read-only', cwd: '/w', roots: ['/w'] },
    told: { by: 'call', signal: stopping.signal },
    saveFile: { path, append },
    stopping: stopping.signal,
    onNotSaved: assert.fail,
    ...more,
  };
  return {
    fake,
    session,
    taskSession,
    stop: (why: TasksStop) => stopping.abort(why),
    start: () => runTasks(run, taskSession),
    /** Settles once so many answers were saved; asked before they are. */
    untilSaved: (wanted: number) => new Promise<void>((resolve) => counts.push({ count: wanted, resolve })),
    saved: async () => parseAgentOutputs(await readFile(path, 'utf8')).outputs,
  };
}

const statusOf = ({ index, status }: { readonly index: number; readonly status: string }): string =>
  `${index} ${status}`;

test('so many tasks run at the same time as were allowed, and each that ends makes room for the next', async (t) => {
  const { fake, start } = await setUp(t, 4);
  const settled = start();
  await fake.untilStarted(2);
  assert.equal(fake.agents.length, 2);
  fake.agents[1]?.end('completed');
  await fake.untilStarted(3);
  fake.agents[0]?.end('failed');
  await fake.untilStarted(4);
  for (const agent of fake.agents) agent.end('completed');
  assert.deepEqual((await settled).map(statusOf), ['0 failed', '1 completed', '2 completed', '3 completed']);
});

test('answers stand in the save file in the order of ending, before the next task takes the place', async (t) => {
  const { fake, start, saved, session } = await setUp(t, 3);
  const settled = start();
  await fake.untilStarted(2);
  fake.agents[1]?.end('incomplete');
  await fake.untilStarted(3);
  assert.deepEqual((await saved()).map(statusOf), ['1 incomplete']);
  fake.agents[2]?.end('completed');
  fake.agents[0]?.end('completed');
  await settled;
  const outputs = await saved();
  assert.deepEqual(outputs.map(statusOf), ['1 incomplete', '2 completed', '0 completed']);
  assert.deepEqual(outputs[1], {
    agent: 'agent-3',
    continuationId: 'session-1/agent-3',
    note: 'task 2',
    index: 2,
    status: 'completed',
    stopReason: 'end_turn',
    terminationReason: 'endTurn',
    text: 'answer to prompt 2',
  });
  const asked = session.events.find(({ type }) => type === 'tasks.queued');
  assert.deepEqual(asked && 'notes' in asked && asked.notes, ['task 0', 'task 1', 'task 2']);
});

test('fail-fast skips what waits, and lets go on what runs', async (t) => {
  const { fake, start, saved, untilSaved, session } = await setUp(t, 5, { failFast: true });
  const settled = start();
  await fake.untilStarted(2);
  fake.agents[0]?.end('interrupted');
  await untilSaved(4); // The other one goes on meanwhile: nothing but its own ending may end it.
  fake.agents[1]?.end('completed');
  const results = await settled;
  assert.deepEqual(results.map(statusOf), [
    '0 interrupted',
    '1 completed',
    '2 skipped',
    '3 skipped',
    '4 skipped',
  ]);
  assert.deepEqual(
    session.log.state.skippedTasks.map(({ index }) => index),
    [2, 3, 4],
  );
  assert.match(
    session.log.state.skippedTasks[0]?.reason ?? '',
    /^tasks\[0\] \(task 0\) ended as interrupted/,
  );
  assert.equal((await saved()).filter(({ status }) => status === 'skipped').length, 3);
});

test('after a stop nothing more starts: what had not begun is skipped', async (t) => {
  const { fake, start, stop } = await setUp(t, 4);
  const settled = start();
  await fake.untilStarted(2);
  stop('person');
  for (const agent of fake.agents) agent.end('cancelled');
  assert.deepEqual((await settled).map(statusOf), ['0 cancelled', '1 cancelled', '2 skipped', '3 skipped']);
  assert.equal(fake.agents.length, 2);
});

test('when the program is closed, what had not begun stays open', async (t) => {
  const { fake, start, stop, session, saved } = await setUp(t, 4);
  const settled = start();
  await fake.untilStarted(2);
  stop('host');
  for (const agent of fake.agents) agent.end('interrupted');
  assert.deepEqual((await settled).map(statusOf), ['0 interrupted', '1 interrupted', '2 open', '3 open']);
  assert.deepEqual(session.log.state.skippedTasks, []);
  assert.equal((await saved()).length, 2);
});

test('a task whose agent is refused is skipped with the reason, and the others run', async (t) => {
  const { fake, start, saved } = await setUp(t, 2);
  fake.refuses = 'prompt 0';
  const settled = start();
  await fake.untilStarted(1);
  fake.agents[0]?.end('completed');
  assert.deepEqual((await settled).map(statusOf), ['0 skipped', '1 completed']);
  assert.equal((await saved())[0]?.message, 'There are too many agents.');
});

test('a continued task is journalled with the conversation that it goes on with', async (t) => {
  const { fake, taskSession, session, start } = await setUp(t, 1);
  const first = start();
  await fake.untilStarted(1);
  fake.agents[0]?.end('completed');
  await first;
  const again = runTasks(
    {
      requests: [
        {
          kind: 'continue',
          note: 'more',
          prompt: 'go on',
          continues: { sessionId: 'session-1', agentId: 'agent-1' },
          session: taskSession,
        },
      ],
      callId: 'call-1',
      maxConcurrency: 1,
      failFast: false,
      debugStatistics: false,
      caller: { permission: 'read-only', cwd: '/w', roots: ['/w'] },
      told: { by: 'call', signal: new AbortController().signal },
      stopping: new AbortController().signal,
      onNotSaved: assert.fail,
    },
    taskSession,
  );
  await fake.untilStarted(2);
  assert.equal(fake.agents[1]?.prompt, 'go on');
  fake.agents[1].end('completed');
  assert.deepEqual((await again).map(statusOf), ['0 completed']);
  const list = session.log.state.taskLists.find(({ callId }) => callId === 'call-1');
  const continued = list?.continued.get(0);
  assert.deepEqual([continued?.agentId, continued?.ending?.text], ['agent-1', 'answer to go on']);
});
