import assert from 'node:assert/strict';
import test from 'node:test';
import type { ApprovalRequest } from '../../../src/core/calls.ts';
import { Emitter } from '../../../src/core/emitter.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import { suggestedPrefixes } from '../../../src/ui/suggestedPrefixes.ts';

type Ports = Parameters<typeof suggestedPrefixes>[0];

function ask(callId: string, tool: string, subject: string): ApprovalRequest {
  return { sessionId: 's1', callId, tool, subject, cwd: '/w' };
}

/** `left`: questions of a session that is read back. */
function prefixes(left: readonly ApprovalRequest[] = []) {
  const failed = (error: unknown): void => assert.fail(String(error));
  const events = new Emitter<SessionEvent>(failed);
  const openings = new Emitter<string>(failed);
  const found: string[] = [];
  const looked: string[] = [];
  const runtime = {
    onEvent: events.event,
    onOpened: openings.event,
    waitingApprovals: () => left.map((request) => ({ request, isLeft: true })),
  } as unknown as Ports['runtime'];
  const suggestPrefix = (command: string): Promise<string | undefined> => {
    looked.push(command);
    return Promise.resolve(command.startsWith('npm') ? 'npm test' : undefined);
  };
  const log = { info: failed, warn: failed, error: failed };
  const known = suggestedPrefixes({ runtime, suggestPrefix, log }, (sessionId, callId) => {
    found.push(`${sessionId}/${callId}`);
  });
  const asks = (request: ApprovalRequest): void =>
    events.fire({
      v: 1,
      seq: 1,
      at: 0,
      sessionId: 's1',
      type: 'approval.requested',
      callId: request.callId,
      request,
    });
  return { known, asks, open: () => openings.fire('s1'), found, looked };
}

test('the menu of a command that a rule could be made of grows, once that is known', async () => {
  const { known, asks, found } = prefixes();
  asks(ask('a', 'terminal', 'npm test -- x'));
  assert.equal(known.has('s1', 'a'), false);
  asks(ask('b', 'terminal', 'sh x.sh'));
  await Promise.resolve();
  assert.deepEqual(found, ['s1/a']);
  assert.deepEqual([known.has('s1', 'a'), known.has('s1', 'b')], [true, false]);
});

test('only shell commands are looked through', () => {
  const { asks, looked } = prefixes();
  asks(ask('a', 'write_file', 'npm'));
  assert.deepEqual(looked, []);
});

test('questions of a session that is read back are looked through too', async () => {
  const other = { ...ask('b', 'terminal', 'npm test'), sessionId: 's2' };
  const { open, found } = prefixes([ask('a', 'terminal', 'npm test'), other]);
  open();
  await Promise.resolve();
  assert.deepEqual(found, ['s1/a']);
});
