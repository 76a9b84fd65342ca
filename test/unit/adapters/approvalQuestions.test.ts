import assert from 'node:assert/strict';
import test from 'node:test';
import { ApprovalQuestions } from '../../../src/adapters/vscode/approvals.ts';
import type { ApprovalRequest } from '../../../src/core/calls.ts';

const never = new AbortController().signal;

function request(callId: string): ApprovalRequest {
  return { sessionId: 's1', callId, tool: 'terminal', subject: `echo ${callId}`, cwd: '/w' };
}

test('questions wait side by side, and each gets its own answer in any order', async () => {
  const questions = new ApprovalQuestions();
  const first = questions.ask(request('a'), never);
  const second = questions.ask(request('b'), never);
  assert.equal(questions.answer(request('b'), 'allowOnce'), true);
  assert.equal(await second, 'allowOnce');
  assert.equal(questions.answer(request('a'), 'deny'), true);
  assert.equal(await first, 'deny');
});

test('an abort withdraws the question; a late answer is for nobody', async () => {
  const questions = new ApprovalQuestions();
  const stop = new AbortController();
  const answer = questions.ask(request('a'), stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(answer, { message: 'stopped' });
  assert.equal(questions.answer(request('a'), 'allowOnce'), false);
});

test('the first answer counts', async () => {
  const questions = new ApprovalQuestions();
  const answer = questions.ask(request('a'), never);
  assert.equal(questions.answer(request('a'), 'deny'), true);
  assert.equal(questions.answer(request('a'), 'allowForSession'), false);
  assert.equal(await answer, 'deny');
});

test('two calls of one id in two sessions are two questions', async () => {
  const questions = new ApprovalQuestions();
  const one = questions.ask(request('a'), never);
  const other = { ...request('a'), sessionId: 's2' };
  const answer = questions.ask(other, never);
  questions.answer(other, 'deny');
  assert.equal(await answer, 'deny');
  assert.equal(questions.answer(request('a'), 'allowOnce'), true);
  assert.equal(await one, 'allowOnce');
});

test('an answer to what a call asked for before is no answer to what it asks for now', async () => {
  const questions = new ApprovalQuestions();
  const asked = { ...request('a'), subject: 'sh other.sh' };
  const answer = questions.ask(asked, never);
  assert.equal(questions.answer(request('a'), 'allowOnce'), false);
  assert.equal(questions.answer(asked, 'deny'), true);
  assert.equal(await answer, 'deny');
});
