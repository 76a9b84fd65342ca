import assert from 'node:assert/strict';
import test from 'node:test';
import { ApprovalQuestions } from '../../../src/adapters/vscode/approvals.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../../../src/core/calls.ts';

const never = new AbortController().signal;

function request(callId: string): ApprovalRequest {
  return { sessionId: 's1', callId, tool: 'terminal', subject: `echo ${callId}`, cwd: '/w' };
}

interface Shown {
  readonly callId: string;
  readonly close: (answer?: ApprovalAnswer) => Promise<void>;
}

function asked(): { questions: ApprovalQuestions; shown: Shown[]; late: (ApprovalAnswer | 'stopped')[] } {
  const late: (ApprovalAnswer | 'stopped')[] = [];
  const shown: Shown[] = [];
  const questions = new ApprovalQuestions(
    ({ callId }) => {
      const { promise, resolve } = Promise.withResolvers<ApprovalAnswer | undefined>();
      const close = async (answer?: ApprovalAnswer): Promise<void> => {
        resolve(answer);
        await promise;
      };
      shown.push({ callId, close });
      return promise;
    },
    (counted) => void late.push(counted ?? 'stopped'),
  );
  return { questions, shown, late };
}

const idsOf = (shown: readonly Shown[]): string[] => shown.map(({ callId }) => callId);

test('one question is shown at a time, the oldest first, and each gets its own answer', async () => {
  const { questions, shown } = asked();
  const first = questions.ask(request('a'), never);
  const second = questions.ask(request('b'), never);
  assert.deepEqual(idsOf(shown), ['a']);
  await shown[0]?.close('deny');
  assert.equal(await first, 'deny');
  assert.deepEqual(idsOf(shown), ['a', 'b']);
  await shown[1]?.close('allowOnce');
  assert.equal(await second, 'allowOnce');
});

test('a question that is put away waits on, is not shown again, and lets the next one be shown', async () => {
  const { questions, shown } = asked();
  const first = request('a');
  const answer = questions.ask(first, never);
  void questions.ask(request('b'), never);
  await shown[0]?.close();
  assert.deepEqual(idsOf(shown), ['a', 'b']);
  assert.deepEqual(
    questions.waiting().map(({ callId }) => callId),
    ['a', 'b'],
  );
  assert.equal(questions.answer(first, 'allowForSession'), true);
  assert.equal(await answer, 'allowForSession');
});

test('an answer from elsewhere settles the question that is shown, and the next one is shown', async () => {
  const { questions, shown } = asked();
  const first = request('a');
  const answer = questions.ask(first, never);
  void questions.ask(request('b'), never);
  questions.answer(first, 'allowOnce');
  assert.equal(await answer, 'allowOnce');
  assert.deepEqual(idsOf(shown), ['a', 'b']);
  await shown[0]?.close('deny');
  assert.deepEqual(
    questions.waiting().map(({ callId }) => callId),
    ['b'],
  );
});

test('an abort withdraws the question; the person is told that a late answer is for nobody', async () => {
  const { questions, shown, late } = asked();
  const stop = new AbortController();
  const first = request('a');
  const answer = questions.ask(first, stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(answer, { message: 'stopped' });
  assert.equal(questions.answer(first, 'allowOnce'), false);
  assert.deepEqual(late, ['stopped']);
  await shown[0]?.close('allowOnce');
  assert.deepEqual(questions.waiting(), []);
  assert.deepEqual(late, ['stopped', 'stopped']);
});

test('who answers after somebody else is told the answer that counted', async () => {
  const { questions, shown, late } = asked();
  const first = request('a');
  const answer = questions.ask(first, never);
  assert.equal(questions.answer(first, 'deny'), true);
  await shown[0]?.close('allowOnce');
  assert.equal(await answer, 'deny');
  assert.equal(questions.answer(first, 'allowForSession'), false);
  assert.deepEqual(late, ['deny', 'deny']);
});

test('two calls of one id in two sessions are two questions', async () => {
  const { questions } = asked();
  const one = request('a');
  const other = { ...request('a'), sessionId: 's2' };
  void questions.ask(one, never);
  const answer = questions.ask(other, never);
  questions.answer(other, 'deny');
  assert.equal(await answer, 'deny');
  assert.equal(questions.waiting().length, 1);
});
