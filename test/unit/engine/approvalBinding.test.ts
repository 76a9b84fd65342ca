/** What an answer is bound to, when it is looked at again, and what passes without a question. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalAnswer, ApprovalRequest, BoundFile } from '../../../src/core/calls.ts';
import type { Effects } from '../../../src/core/effects.ts';
import type { EventBody } from '../../../src/core/events.ts';
import { Locks } from '../../../src/engine/locks.ts';
import type { Tool } from '../../../src/core/tools.ts';
import {
  call,
  done,
  failed,
  settleDown,
  startTestBatch,
  tool,
  until,
  type TestBatchOptions,
} from './testBatch.ts';

/** A script that a command runs; its text is its hash. */
class Script {
  hash = 'first';
  looks = 0;

  /** Changes once it has been looked at so often. */
  changeAfter(looks: number, hash: string): void {
    this.later = { looks, hash };
  }

  look(): Promise<readonly BoundFile[]> {
    const bound = [{ path: '/w/run.sh', hash: this.hash }];
    this.looks += 1;
    if (this.later?.looks === this.looks) this.hash = this.later.hash;
    return Promise.resolve(bound);
  }

  private later: { readonly looks: number; readonly hash: string } | undefined;
}

function command(script: Script, rest: Partial<Tool> & { readonly effectsAre?: Effects } = {}): Tool {
  return tool('command', () => done(), { access: 'command', boundTo: () => script.look(), ...rest });
}

interface Asked extends Pick<TestBatchOptions, 'ask' | 'judge'> {
  readonly requests: ApprovalRequest[];
  /** Answers the oldest question that is open. */
  readonly answer: (answer: ApprovalAnswer) => void;
}

function asks(): Asked {
  const requests: ApprovalRequest[] = [];
  const open: ((answer: ApprovalAnswer) => void)[] = [];
  return {
    requests,
    judge: (name) => ({ kind: name === 'command' ? 'ask' : 'allow' }),
    ask: (request) => {
      requests.push(request);
      return new Promise((resolve) => open.push(resolve));
    },
    answer: (answer) => open.shift()?.(answer),
  };
}

/** What each question was bound to, and what it said has changed. */
function told(requests: readonly ApprovalRequest[]): string {
  const hashes = (bound: readonly BoundFile[] = []): string => bound.map(({ hash }) => hash).join(' ');
  return requests
    .map(({ bound, changed }) => `${hashes(bound)}${changed ? ` changed ${changed.join(' ')}` : ''}`)
    .join('\n');
}

test('a script that changes while the person thinks is asked about again, and the question says what changed', async () => {
  const script = new Script();
  const asked = asks();
  const { batch, outcomes, session } = await startTestBatch({
    tools: [command(script)],
    calls: [call('command')],
    ...asked,
  });
  await settleDown();
  script.hash = 'second';
  asked.answer('allowOnce');
  await until(() => asked.requests.length === 2);
  assert.doesNotMatch(session.story(), /call\.started/);
  asked.answer('allowOnce');
  await batch.ended;
  assert.equal(told(asked.requests), 'first\nsecond changed /w/run.sh');
  assert.equal(outcomes(), 'command succeeded');
});

test('a call whose script has changed can still be denied', async () => {
  const script = new Script();
  const asked = asks();
  const { batch, outcomes } = await startTestBatch({
    tools: [command(script)],
    calls: [call('command')],
    ...asked,
  });
  await settleDown();
  script.hash = 'second';
  asked.answer('allowOnce');
  await until(() => asked.requests.length === 2);
  asked.answer('deny');
  await batch.ended;
  assert.equal(outcomes(), 'command denied');
});

test('A1: what no answer can hold is in the question, and where there is more of it since, the person is asked again', async () => {
  const script = new Script();
  const asked = asks();
  const notHeld = ['what `$f` names'];
  const { batch, outcomes } = await startTestBatch({
    tools: [command(script, { notHeld: () => Promise.resolve([...notHeld]) })],
    calls: [call('command')],
    ...asked,
  });
  await settleDown();
  notHeld.push('the program that `$X` names');
  asked.answer('allowOnce');
  await until(() => asked.requests.length === 2);
  asked.answer('allowOnce');
  await batch.ended;
  assert.deepEqual(
    asked.requests.map((request) => request.notHeld),
    [['what `$f` names'], ['what `$f` names', 'the program that `$X` names']],
  );
  assert.equal(outcomes(), 'command succeeded');
});

test('A1: a question of which all is held says nothing of that', async () => {
  const asked = asks();
  const { batch } = await startTestBatch({
    tools: [command(new Script(), { notHeld: () => Promise.resolve([]) })],
    calls: [call('command')],
    ...asked,
  });
  await settleDown();
  asked.answer('allowOnce');
  await batch.ended;
  assert.deepEqual(
    asked.requests.map((request) => 'notHeld' in request),
    [false],
  );
});

test('what was approved and is as it was again needs no further question', async () => {
  const script = new Script();
  const asked = asks();
  const { batch, outcomes } = await startTestBatch({
    tools: [command(script)],
    calls: [call('command')],
    ...asked,
  });
  await settleDown();
  script.hash = 'second';
  script.changeAfter(2, 'first');
  asked.answer('allowOnce');
  await batch.ended;
  assert.equal(`${told(asked.requests)}, ${outcomes()}`, 'first, command succeeded');
});

const writesA: Effects = { kind: 'known', reads: [], writes: ['file:/w/a'] };

test('neither a lock nor a slot is held while it is asked again', async () => {
  const script = new Script();
  const asked = asks();
  const locks = new Locks();
  const other = tool('other', () => done(), { effectsAre: writesA });
  const { batch, session, ports, lanes } = await startTestBatch({
    tools: [command(script, { effectsAre: writesA })],
    calls: [call('command')],
    locks,
    lanes: { io: 1 },
    ...asked,
  });
  await settleDown();
  script.hash = 'second';
  asked.answer('allowOnce');
  await until(() => asked.requests.length === 2);
  const beside = await startTestBatch({ tools: [other], calls: [call('other')], locks, lanes });
  await beside.batch.ended;
  assert.equal(beside.outcomes(), 'other succeeded');
  assert.equal(session.log.state.calls.get('command')?.state.status, 'awaitingApproval');
  assert.equal(ports.locks, locks);
  asked.answer('allowOnce');
  await batch.ended;
});

test('a script that changes while its call waits for its lock is asked about again', async () => {
  const script = new Script();
  const asked = asks();
  const locks = new Locks();
  const release = Promise.withResolvers<undefined>();
  const holder = tool(
    'holder',
    async () => {
      await release.promise;
      script.hash = 'second';
      return done();
    },
    { effectsAre: writesA },
  );
  const first = await startTestBatch({ tools: [holder], calls: [call('holder')], locks });
  const { batch } = await startTestBatch({
    tools: [command(script, { effectsAre: writesA })],
    calls: [call('command')],
    locks,
    ...asked,
  });
  await settleDown();
  asked.answer('allowOnce');
  await settleDown();
  release.resolve(undefined);
  await first.batch.ended;
  await until(() => asked.requests.length === 2);
  asked.answer('allowOnce');
  await batch.ended;
  assert.equal(told(asked.requests), 'first\nsecond changed /w/run.sh');
});

test('a script that changes while its call waits for its slot is asked about again, and slot and lock are free meanwhile', async () => {
  const script = new Script();
  const asked = asks();
  const release = Promise.withResolvers<undefined>();
  const holder = tool('holder', async () => {
    await release.promise;
    script.hash = 'second';
    return done();
  });
  const read = tool('read', () => done());
  const { batch, session } = await startTestBatch({
    tools: [command(script, { effectsAre: writesA }), holder, read],
    calls: [call('command'), call('holder'), call('read')],
    lanes: { io: 1 },
    ...asked,
  });
  await settleDown();
  asked.answer('allowOnce');
  await settleDown();
  release.resolve(undefined);
  await until(() => asked.requests.length === 2);
  await until(() => session.log.state.calls.get('read')?.state.status === 'succeeded');
  asked.answer('allowOnce');
  await batch.ended;
  assert.equal(told(asked.requests), 'first\nsecond changed /w/run.sh');
});

test('before a further attempt the script is looked at again', async () => {
  const script = new Script();
  const asked = asks();
  let runs = 0;
  const flaky = command(script, {
    run: () => {
      runs += 1;
      if (runs === 1) script.hash = 'second';
      return Promise.resolve(runs === 1 ? failed() : done());
    },
  });
  const { batch, clock, outcomes, session } = await startTestBatch({
    tools: [flaky],
    calls: [call('command', 'command', { retries: 1 })],
    ...asked,
  });
  await settleDown();
  asked.answer('allowOnce');
  await until(() => clock.waiting > 0 && runs === 1);
  clock.advance(1000);
  await until(() => asked.requests.length === 2);
  assert.equal(runs, 1);
  asked.answer('allowOnce');
  await batch.ended;
  assert.equal(`${outcomes()}, ${runs} runs`, 'command succeeded, 2 runs');
  assert.equal(told(asked.requests), 'first\nsecond changed /w/run.sh');
  assert.equal(session.story().match(/call\.started/g)?.length, 2);
});

test('a further attempt with the same script asks nobody', async () => {
  const script = new Script();
  const asked = asks();
  let runs = 0;
  const flaky = command(script, {
    run: () => Promise.resolve((runs += 1) === 1 ? failed() : done()),
  });
  const { batch, clock } = await startTestBatch({
    tools: [flaky],
    calls: [call('command', 'command', { retries: 1 })],
    ...asked,
  });
  await settleDown();
  asked.answer('allowOnce');
  await until(() => clock.waiting > 0 && runs === 1);
  clock.advance(1000);
  await batch.ended;
  assert.equal(`${runs} runs, ${asked.requests.length} questions`, '2 runs, 1 questions');
});

test('a denial after a failed attempt is the outcome', async () => {
  const script = new Script();
  const asked = asks();
  const flaky = command(script, {
    run: () => {
      script.hash = 'second';
      return Promise.resolve(failed());
    },
  });
  const { batch, clock, outcome } = await startTestBatch({
    tools: [flaky],
    calls: [call('command', 'command', { retries: 1 })],
    ...asked,
  });
  await settleDown();
  asked.answer('allowOnce');
  await until(() => script.hash === 'second' && clock.waiting > 0);
  clock.advance(1000);
  await until(() => asked.requests.length === 2);
  asked.answer('deny');
  await batch.ended;
  const state = outcome('command') as { readonly status: string; readonly attempts?: number };
  assert.equal(`${state.status} after ${state.attempts}`, 'denied after 1');
});

test('an answer for the session does not cover a changed script; the journal says what it covered', async () => {
  const script = new Script();
  const asked = asks();
  const { batch, session, outcomes } = await startTestBatch({
    tools: [command(script)],
    calls: ['one', 'two', 'three'].map((id, place, ids) =>
      call(id, 'command', {
        ...(place > 0 && { after: [{ id: ids[place - 1] ?? '', when: 'settled' as const }] }),
      }),
    ),
    ...asked,
  });
  await settleDown();
  asked.answer('allowForSession');
  // Each call looks when it asks, with its locks, and in its slot: the third has another script.
  script.changeAfter(6, 'second');
  await until(() => asked.requests.length === 2);
  asked.answer('deny');
  await batch.ended;
  assert.equal(outcomes(), 'one succeeded\ntwo succeeded\nthree denied');
  assert.deepEqual(
    session
      .story()
      .split('\n')
      .filter((line) => / approval\./.test(line)),
    [
      'one approval.requested',
      'one approval.answered',
      'two approval.given',
      'three approval.requested',
      'three approval.answered',
    ],
  );
  const given = session.events.find(({ type }) => type === 'approval.given');
  assert.equal(given?.type === 'approval.given' && given.by, 'session');
});

test('what a rule allows asks nobody, whatever the script says, and the journal says why before it starts', async () => {
  const script = new Script();
  const requests: ApprovalRequest[] = [];
  const { batch, session, outcomes } = await startTestBatch({
    tools: [command(script, { effectsAre: { kind: 'unknown' } })],
    calls: [call('command')],
    judge: () => ({ kind: 'ask' }),
    ruleAllows: (request) => {
      requests.push(request);
      script.hash = 'second';
      return Promise.resolve(true);
    },
  });
  await batch.ended;
  assert.equal(outcomes(), 'command succeeded');
  assert.equal(told(requests), 'first');
  assert.equal(
    session
      .story()
      .split('\n')
      .filter((line) => line.startsWith('command '))
      .join('\n'),
    'command call.queued\ncommand approval.given\ncommand call.started\ncommand succeeded',
  );
  assert.deepEqual(session.log.state.calls.get('command')?.approval, { by: 'rule', request: requests[0] });
});

test('no rule is asked about what the permission denies or allows', async () => {
  let asked = 0;
  const { batch, outcomes } = await startTestBatch({
    tools: [tool('command', () => done(), { access: 'command' }), tool('read', () => done())],
    calls: [call('command'), call('read')],
    judge: (name) => (name === 'command' ? { kind: 'deny', message: 'no' } : { kind: 'allow' }),
    ruleAllows: () => {
      asked += 1;
      return Promise.resolve(true);
    },
  });
  await batch.ended;
  assert.equal(`${outcomes()}, ${asked}`, 'command denied\nread succeeded, 0');
});

const brokenRules: readonly (readonly [string, () => Promise<boolean>])[] = [
  ['reject', () => Promise.reject(new Error('no grammar'))],
  ['never come', () => new Promise(() => undefined)],
];

for (const [name, ruleAllows] of brokenRules)
  test(`rules that ${name} allow nothing: the person is asked`, async () => {
    const asked = asks();
    const { batch, clock } = await startTestBatch({
      tools: [tool('command', () => done(), { access: 'command' })],
      calls: [call('command')],
      ruleAllows,
      ...asked,
    });
    await settleDown();
    clock.advance(5000);
    await until(() => asked.requests.length === 1);
    asked.answer('allowOnce');
    await batch.ended;
  });

const broken: readonly (readonly [string, Tool['boundTo']])[] = [
  ['rejects', () => Promise.reject(new Error('EACCES'))],
  [
    'throws',
    () => {
      throw new Error('EACCES');
    },
  ],
  ['never comes', () => new Promise(() => undefined)],
];

for (const [name, boundTo] of broken)
  test(`where what it is bound to ${name}, nobody is asked and nothing runs`, async () => {
    const asked = asks();
    const { batch, clock, outcome, session } = await startTestBatch({
      tools: [tool('command', () => done(), { access: 'command', ...(boundTo && { boundTo }) })],
      calls: [call('command')],
      ...asked,
    });
    await settleDown();
    clock.advance(5000);
    await batch.ended;
    const state = outcome('command');
    assert.equal(state.status === 'failed' && state.error.kind, 'io');
    assert.match(
      state.status === 'failed' ? state.error.message : '',
      /could not be looked at \((EACCES|.*too long)\)/,
    );
    assert.equal(asked.requests.length, 0);
    assert.doesNotMatch(session.story(), /call\.started/);
  });

test('who waits for the asking call by order waits for it, and nobody else does', async () => {
  const asked = asks();
  const { batch, session, outcomes } = await startTestBatch({
    tools: [
      command(new Script(), { effectsAre: writesA }),
      tool('same', () => done(), { effectsAre: { kind: 'known', reads: ['file:/w/a'], writes: [] } }),
      tool('else', () => done(), { effectsAre: { kind: 'known', reads: [], writes: ['file:/w/b'] } }),
    ],
    calls: [call('command'), call('same'), call('else')],
    ...asked,
  });
  await until(() => session.log.state.calls.get('else')?.state.status === 'succeeded');
  assert.equal(session.log.state.calls.get('same')?.state.status, 'blocked');
  asked.answer('deny');
  await batch.ended;
  assert.equal(outcomes(), 'command denied\nsame succeeded\nelse succeeded');
});

test('a stop while the files are looked at ends the call at once', async () => {
  const asked = asks();
  const { batch, outcomes } = await startTestBatch({
    tools: [
      tool('command', () => done(), { access: 'command', boundTo: () => new Promise(() => undefined) }),
    ],
    calls: [call('command')],
    ...asked,
  });
  await settleDown();
  batch.cancel('person');
  await batch.ended;
  assert.equal(outcomes(), 'command cancelled');
});

const about = { sessionId: 'session-1', callId: 'left', tool: 'command', subject: '{}', cwd: '/w' } as const;

/** What the journal has of a call whose person had answered when its host died. */
function answered(answer: ApprovalAnswer, hash = 'first'): readonly EventBody[] {
  const request = { ...about, access: 'command', bound: [{ path: '/w/run.sh', hash }] } as const;
  return [
    {
      type: 'batch.started',
      batchId: 'batch-1',
      source: { kind: 'api' },
      permission: 'workspace-write',
      cwd: '/w',
      failFast: false,
    },
    {
      type: 'call.queued',
      callId: 'left',
      batchId: 'batch-1',
      index: 0,
      tool: 'command',
      input: { kind: 'parsed', value: {} },
    },
    { type: 'approval.requested', callId: 'left', request },
    { type: 'approval.answered', callId: 'left', answer },
  ];
}

const lives: readonly (readonly [string, readonly EventBody[], string, string])[] = [
  ['an allowed call runs without a question', answered('allowOnce'), '', 'succeeded'],
  ['so does one that was allowed for good', answered('allowAlways'), '', 'succeeded'],
  ['a denied one is denied', answered('deny'), '', 'denied'],
  ['a denied one is denied, whatever its script says now', answered('deny', 'other'), '', 'denied'],
  [
    'one with another script is asked about again',
    answered('allowOnce', 'other'),
    'first changed /w/run.sh',
    'succeeded',
  ],
  ['one that nobody could be asked about is asked about', answered('nobodyThere'), 'first', 'succeeded'],
  ['one that was not answered is asked about again', answered('allowOnce').slice(0, 3), 'first', 'succeeded'],
];

for (const [name, before, questions, status] of lives)
  test(`in the next life of its batch: ${name}`, async () => {
    const requests: ApprovalRequest[] = [];
    const { batch, session } = await startTestBatch({
      tools: [command(new Script())],
      calls: [],
      early: true,
      before,
      judge: () => ({ kind: 'ask' }),
      ask: (request) => {
        requests.push(request);
        return Promise.resolve('allowOnce');
      },
    });
    for (const left of [...session.log.state.calls.values()]) batch.adopt(left);
    await batch.start();
    assert.equal(told(requests), questions);
    assert.equal(session.log.state.calls.get('left')?.state.status, status);
  });
