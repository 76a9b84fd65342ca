/** Questions that a host's end left open: they are there in the next one, and an answer goes on from them. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ApprovalQuestions } from '../../../src/adapters/vscode/approvals.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../../../src/core/calls.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import type { RunEnding } from '../../../src/core/agents.ts';
import { parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import type { AnswerFate } from '../../../src/runtime/approvalAnswers.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import {
  agentScripts,
  asksFor,
  newTexts,
  says,
  spawns,
  type AgentScripts,
  type Part,
} from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cutsAfter, diedAfter, wholeSession, type WholeSession } from './cutSession.ts';
import { testRuntime } from './testRuntime.ts';

// Each into a file of its own: an approval is bound to the files that its command names.
const note = (text: string): object => ({ command: `echo ${text} >> ${text}.txt` });

interface Place {
  readonly folder: string;
  readonly scripts: AgentScripts;
}

async function freshFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
}

async function place(t: TestContext, parts: Readonly<Record<string, readonly Part[]>>): Promise<Place> {
  const folder = join(await temporaryFolder(t), 'workspace');
  await freshFolder(folder);
  return { folder, scripts: await agentScripts(t, parts) };
}

function open(t: TestContext, stateDir: string, { scripts }: Place): Runtime {
  return testRuntime(t, stateDir, scripts.server.url, { approvals: new ApprovalQuestions() });
}

/** Answers each question the moment it is asked, the first ones when there are `together`. Disposed of with the runtime. */
function answerAll(runtime: Runtime, answer: ApprovalAnswer, together = 1): readonly ApprovalRequest[] {
  const asked: ApprovalRequest[] = [];
  runtime.onEvent((event) => {
    if (event.type !== 'approval.requested') return;
    asked.push(event.request);
    const due = asked.length > together ? [event.request] : asked.length === together ? [...asked] : [];
    for (const request of due) void runtime.answerApproval(request, answer);
  });
  return asked;
}

/** Runs an agent that everything is allowed to, and gives the journal that it leaves. */
async function undisturbed(t: TestContext, where: Place, askedTogether = 1): Promise<WholeSession> {
  const stateDir = await temporaryFolder(t);
  const runtime = open(t, stateDir, where);
  answerAll(runtime, 'allowOnce', askedTogether);
  const { folder } = where;
  const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
  const run = await runtime.startAgent({ prompt: 'Do root', ...about });
  assert.equal((await run.ended).status, 'completed');
  await runtime.dispose();
  return wholeSession(stateDir, run.sessionId);
}

async function endOf(fate: AnswerFate): Promise<RunEnding | undefined> {
  assert.equal(fate.kind, 'counted');
  return fate.kind === 'counted' ? fate.resumed?.runs[0]?.ended : undefined;
}

/** The values of all, once all have settled; the first failure is thrown. */
async function all<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  return (await Promise.allSettled(promises)).map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

async function notes(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.txt'));
  const texts = await all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('').trim().split('\n').toSorted().join(' ');
}

function leftOf(runtime: Runtime): string {
  return runtime
    .waitingApprovals()
    .map(({ request, isLeft, agentId }) => `${request.callId} ${agentId} ${isLeft ? 'left' : 'asked'}`)
    .join('\n');
}

function requestsLeft(runtime: Runtime): readonly ApprovalRequest[] {
  return runtime.waitingApprovals().map(({ request }) => request);
}

const twoCommands: readonly Part[] = [
  asksFor(['c1', 'terminal', note('one')], ['c2', 'terminal', note('two')]),
  says('Noted.'),
];

const isAboutApproval = ({ type }: SessionEvent): boolean =>
  type === 'approval.requested' || type === 'approval.answered';

test('after each question and each answer: what waits is shown, an answer goes on, and the end is the same', async (t) => {
  const where = await place(t, { root: twoCommands });
  const { folder, scripts } = where;
  const whole = await undisturbed(t, where);
  assert.equal(await notes(folder), 'one two');
  const wanted = newTexts(scripts.requestsOf('root').at(-1)).map(withoutOverlap);
  const cuts = cutsAfter(whole.events, isAboutApproval);
  assert.equal(cuts.length, 4);
  for (const cut of cuts) {
    const before = fold(whole.events.slice(0, cut));
    const at = `after ${whole.events[cut - 1]?.type}, event ${cut}`;
    // What had begun may have left its line; here nothing has.
    if (whole.events.slice(0, cut).some(({ type }) => type === 'call.started')) continue;
    await freshFolder(folder);
    const runtime = open(t, await diedAfter(t, whole, cut), where);
    await runtime.openSession(whole.sessionId);
    const answered = [...(before?.calls.values() ?? [])].filter(({ approval }) => approval);
    const left = requestsLeft(runtime);
    const asked = answerAll(runtime, 'allowOnce');
    const [first] = left;
    const ending = first
      ? await endOf(await runtime.answerApproval(first, 'allowOnce'))
      : await (
          await runtime.resume(whole.sessionId)
        ).runs[0]?.ended;
    assert.equal(`${ending?.status} ${ending?.text}`, 'completed Noted.', at);
    assert.equal(await notes(folder), 'one two', at);
    const askedAgain = asked.map(({ callId }) => callId);
    for (const { id } of [...answered, ...(first ? [{ id: first.callId }] : [])])
      assert.ok(!askedAgain.includes(id), `${at}: ${id} was asked about again`);
    assert.deepEqual(newTexts(scripts.requestsOf('root').at(-1)).map(withoutOverlap), wanted, at);
    await runtime.dispose();
  }
});

function withoutOverlap(text: string): string {
  return text.replace(/\n\[It ran beside .*\]/, '');
}

/** The session cut where both commands wait. */
async function bothWait(t: TestContext, parts: readonly Part[] = twoCommands) {
  const where = await place(t, { root: parts });
  const whole = await undisturbed(t, where, 2);
  const asked = cutsAfter(whole.events, ({ type }) => type === 'approval.requested');
  await freshFolder(where.folder);
  const stateDir = await diedAfter(t, whole, asked[1] ?? 0);
  const runtime = open(t, stateDir, where);
  const state = await runtime.openSession(whole.sessionId);
  return { ...where, runtime, state, sessionId: whole.sessionId, stateDir, whole };
}

test('what is left says so, and its run that it waits for an answer', async (t) => {
  const { runtime, state } = await bothWait(t);
  assert.equal(leftOf(runtime), 'c1 agent-1 left\nc2 agent-1 left');
  const ended = state.agents.get('agent-1')?.runs[0]?.state;
  assert.ok(ended && 'endedAt' in ended);
  assert.equal(ended.status, 'interrupted');
  assert.match(
    ended.message,
    /2 calls waited for a person's approval\. The agent goes on once they are answered/,
  );
});

test('answers that come at once start one run, and none of them is asked for again', async (t) => {
  const { runtime, folder, state } = await bothWait(t);
  const asked = answerAll(runtime, 'deny');
  const fates = await all(
    requestsLeft(runtime).map((request) => runtime.answerApproval(request, 'allowOnce')),
  );
  const ends = await all(fates.map(endOf));
  assert.deepEqual(
    ends.flatMap((end) => end?.text ?? []),
    ['Noted.'],
  );
  assert.equal(await notes(folder), 'one two');
  assert.deepEqual(asked, []);
  assert.equal(state.agents.get('agent-1')?.runs.length, 2);
});

test('what is not answered is a question of the running session', async (t) => {
  const { runtime, folder, sessionId } = await bothWait(t);
  const [first, second] = requestsLeft(runtime);
  assert.ok(first && second);
  const askedAgain = nextEvent(runtime, ({ type }) => type === 'approval.requested');
  const fate = await runtime.answerApproval(first, 'allowOnce');
  await askedAgain;
  assert.equal(leftOf(runtime), 'c2 agent-1 asked');
  assert.deepEqual(await runtime.answerApproval(second, 'allowOnce'), { kind: 'counted' });
  assert.equal((await endOf(fate))?.text, 'Noted.');
  assert.equal(await notes(folder), 'one two');
  assert.deepEqual(await runtime.answerApproval(second, 'deny'), { kind: 'tooLate', counted: 'allowOnce' });
  assert.equal(runtime.session(sessionId)?.calls.get('c2')?.state.status, 'succeeded');
});

test('a denial is the outcome, and the model is told', async (t) => {
  const { runtime, folder, scripts } = await bothWait(t);
  const [first, second] = requestsLeft(runtime);
  assert.ok(first && second);
  const fates = [
    await runtime.answerApproval(first, 'deny'),
    await runtime.answerApproval(second, 'allowOnce'),
  ];
  await all(fates.map(endOf));
  assert.equal(await notes(folder), 'two');
  assert.match(newTexts(scripts.requestsOf('root').at(-1))[0] ?? '', /The person denied this call/);
});

test('the answer to a question that has another text by now does not count', async (t) => {
  const { runtime, folder } = await bothWait(t);
  const [first] = requestsLeft(runtime);
  assert.ok(first);
  const fate = await runtime.answerApproval({ ...first, subject: 'true' }, 'allowOnce');
  assert.deepEqual(fate, { kind: 'changed', request: first });
  assert.equal(leftOf(runtime), 'c1 agent-1 left\nc2 agent-1 left');
  assert.equal(await notes(folder), '');
});

test('a script that has changed since the question was asked is asked about again', async (t) => {
  const where = await place(t, {
    root: [asksFor(['c1', 'terminal', { command: 'sh ./run.sh' }]), says('Ran.')],
  });
  const { folder } = where;
  const script = join(folder, 'run.sh');
  await writeFile(script, 'echo one >> notes.txt\n');
  const whole = await undisturbed(t, where);
  const [cut = 0] = cutsAfter(whole.events, ({ type }) => type === 'approval.requested');
  await freshFolder(folder);
  await writeFile(script, 'echo other >> notes.txt\n');
  const runtime = open(t, await diedAfter(t, whole, cut), where);
  await runtime.openSession(whole.sessionId);
  const [first] = requestsLeft(runtime);
  assert.ok(first?.bound?.length);
  const asked = answerAll(runtime, 'deny');
  assert.equal((await endOf(await runtime.answerApproval(first, 'allowOnce')))?.text, 'Ran.');
  assert.deepEqual(
    asked.map(({ changed }) => changed),
    [[first.bound[0]?.path]],
  );
  assert.equal(await notes(folder), '');
});

test('a question of a call inside of a call is answered like any other', async (t) => {
  const inner = { calls: [{ id: 'x', tool: 'terminal', input: note('inner') }] };
  const where = await place(t, { root: [asksFor(['b', 'run_batch', inner]), says('Noted.')] });
  const whole = await undisturbed(t, where);
  const [cut = 0] = cutsAfter(whole.events, ({ type }) => type === 'approval.requested');
  await freshFolder(where.folder);
  const runtime = open(t, await diedAfter(t, whole, cut), where);
  await runtime.openSession(whole.sessionId);
  assert.equal(leftOf(runtime), 'b/x agent-1 left');
  const [first] = requestsLeft(runtime);
  assert.ok(first);
  assert.equal((await endOf(await runtime.answerApproval(first, 'allowOnce')))?.text, 'Noted.');
  assert.equal(await notes(where.folder), 'inner');
});

test('the answer to a batch of its own goes on with the batch', async (t) => {
  const where = await place(t, {});
  const { folder } = where;
  const stateDir = await temporaryFolder(t);
  const first = open(t, stateDir, where);
  const calls = [
    { id: 'a', tool: 'terminal', input: note('one') },
    { id: 'b', tool: 'terminal', input: note('two') },
  ];
  const asked = nextEvent(first, ({ type }) => type === 'approval.requested', 2);
  const batch = await first.runBatch({
    batch: { version: 1, calls },
    permission: 'workspace-write',
    cwd: folder,
    roots: [folder],
  });
  await asked;
  await first.dispose();
  const runtime = open(t, stateDir, where);
  await runtime.openSession(batch.sessionId);
  assert.equal(leftOf(runtime), 'a undefined left\nb undefined left');
  const fates = await all(
    requestsLeft(runtime).map((request) => runtime.answerApproval(request, 'allowOnce')),
  );
  const resumed = fates.flatMap((fate) => (fate.kind === 'counted' && fate.resumed ? [fate.resumed] : []));
  assert.equal(resumed.length, 1);
  await resumed[0]?.settled;
  assert.equal(await notes(folder), 'one two');
});

test('a sub-agent goes on with its answer, and then the agent that had started it', async (t) => {
  const where = await place(t, {
    root: [asksFor(spawns('s', 'kid', { permission: 'workspace-write' })), says('All done.')],
    kid: [asksFor(['k', 'terminal', note('kid')]), says('Kid is done.')],
  });
  const whole = await undisturbed(t, where);
  const [cut = 0] = cutsAfter(whole.events, ({ type }) => type === 'approval.requested');
  await freshFolder(where.folder);
  const runtime = open(t, await diedAfter(t, whole, cut), where);
  const state = await runtime.openSession(whole.sessionId);
  assert.equal(leftOf(runtime), 'k agent-2 left');
  const [first] = requestsLeft(runtime);
  assert.ok(first);
  const rootEnded = nextEvent(runtime, (event) => event.type === 'run.ended' && event.agentId === 'agent-1');
  assert.equal((await endOf(await runtime.answerApproval(first, 'allowOnce')))?.text, 'Kid is done.');
  await rootEnded;
  const ended = state.agents.get('agent-1')?.runs.at(-1)?.state;
  assert.equal(ended && 'endedAt' in ended && `${ended.status} ${ended.text}`, 'completed All done.');
  assert.equal(await notes(where.folder), 'kid');
});

test('the answer to a task of a list goes on with the whole list', async (t) => {
  const where = await place(t, {
    one: [asksFor(['k', 'terminal', note('one')]), says('One is done.')],
    two: [says('Two is done.')],
  });
  const { folder } = where;
  const stateDir = await temporaryFolder(t);
  const saveFile = join(await temporaryFolder(t), 'answers.txt');
  const first = open(t, stateDir, where);
  const asked = nextEvent(first, ({ type }) => type === 'approval.requested');
  const tasks = ['one', 'two'].map((name) => ({ note: name, prompt: `Do ${name}` }));
  const started = await first.runAgents({
    agents: { tasks, maxConcurrency: 1, permission: 'workspace-write' },
    permission: 'workspace-write',
    saveFile,
    cwd: folder,
    roots: [folder],
  });
  assert.ok(started.ok);
  await asked;
  await first.dispose();
  const runtime = open(t, stateDir, where);
  await runtime.openSession(started.sessionId);
  assert.equal(leftOf(runtime), 'k agent-1 left');
  const [left] = requestsLeft(runtime);
  assert.ok(left);
  const fate = await runtime.answerApproval(left, 'allowOnce');
  assert.ok(fate.kind === 'counted' && fate.resumed);
  await fate.resumed.settled;
  assert.equal(await notes(folder), 'one');
  const { outputs } = parseAgentOutputs(await readFile(saveFile, 'utf8'));
  // The first is from the end of the host that had asked.
  assert.deepEqual(
    outputs.map(({ note, status }) => `${note} ${status}`),
    ['one interrupted', 'one completed', 'two completed'],
  );
});

test('what another program has is answered there', async (t) => {
  const { runtime, stateDir, sessionId, ...where } = await bothWait(t);
  const [first] = requestsLeft(runtime);
  assert.ok(first);
  const other = open(t, stateDir, where);
  await other.openSession(sessionId);
  assert.deepEqual(other.waitingApprovals(), []);
  await assert.rejects(
    other.answerApproval(first, 'allowOnce'),
    /Another window or terminal.*Answer it there/,
  );
});

test('dismissed questions wait no more', async (t) => {
  const { runtime, sessionId, folder } = await bothWait(t);
  const [first] = requestsLeft(runtime);
  assert.ok(first);
  await runtime.dismiss(sessionId);
  assert.deepEqual(runtime.waitingApprovals(), []);
  assert.deepEqual(await runtime.answerApproval(first, 'allowOnce'), { kind: 'tooLate' });
  assert.equal(await notes(folder), '');
});

/** Settles with the n-th event that fits. */
function nextEvent(
  runtime: Runtime,
  fits: (event: SessionEvent) => boolean,
  count = 1,
): Promise<SessionEvent> {
  let seen = 0;
  return new Promise((resolve) => {
    const listening = runtime.onEvent((event) => {
      if (!fits(event) || (seen += 1) < count) return;
      listening.dispose();
      resolve(event);
    });
  });
}
