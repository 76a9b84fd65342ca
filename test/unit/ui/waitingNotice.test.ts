import assert from 'node:assert/strict';
import test from 'node:test';
import { WaitingNotice } from '../../../src/ui/waitingNotice.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import type { WaitingCall } from '../../../src/views/waitingCalls.ts';

function calls(...ids: readonly string[]): readonly WaitingCall[] {
  return ids.map((callId) => ({
    key: `s1/${callId}`,
    sessionId: 's1',
    callId,
    rowId: `s1/b1/${callId}`,
    kind: 'command',
    request: { sessionId: 's1', callId, tool: 'terminal', subject: callId, cwd: '/w' },
    asker: 'Lookout',
    home: '/w',
    isLeft: false,
  }));
}

/** What was shown, and a way to close each. */
function notices(): {
  notice: WaitingNotice;
  shown: string[];
  close: (index: number) => Promise<void>;
  clock: TestClock;
} {
  const shown: string[] = [];
  const closings: PromiseWithResolvers<void>[] = [];
  const clock = new TestClock();
  const notice = new WaitingNotice((waiting, isAlone) => {
    const closing = Promise.withResolvers<void>();
    closings.push(closing);
    shown.push(`${waiting.map(({ callId }) => callId).join()}${isAlone ? '' : ' beside'}`);
    return closing.promise;
  }, clock);
  const close = async (index: number): Promise<void> => {
    closings[index]?.resolve();
    await closings[index]?.promise;
  };
  return { notice, shown, close, clock };
}

test('calls that wait together are one notification', () => {
  const { notice, shown } = notices();
  notice.update([]);
  notice.update(calls('a', 'b', 'c'));
  assert.deepEqual(shown, ['a,b,c']);
});

test('what comes while one is shown is told when that one is closed, with all that wait', async () => {
  const { notice, shown, close } = notices();
  notice.update(calls('a'));
  notice.update(calls('a', 'b'));
  notice.update(calls('a', 'b', 'c'));
  assert.deepEqual(shown, ['a']);
  await close(0);
  assert.deepEqual(shown, ['a', 'a,b,c']);
});

test('who closes a notification without an answer is not told of its calls again', async () => {
  const { notice, shown, close } = notices();
  notice.update(calls('a', 'b'));
  await close(0);
  notice.update(calls('a', 'b'));
  notice.update(calls('b'));
  assert.deepEqual(shown, ['a,b']);
  notice.update(calls('b', 'c'));
  assert.deepEqual(shown, ['a,b', 'b,c']);
});

test('one whose calls were all answered elsewhere does not hold up the next', async () => {
  const { notice, shown, close } = notices();
  notice.update(calls('a'));
  notice.update([]);
  notice.update(calls('b'));
  assert.deepEqual(shown, ['a', 'b beside']);
  await close(0);
  notice.update(calls('b'));
  assert.deepEqual(shown, ['a', 'b beside']);
});

test('a call that asks again after its answer is told again', async () => {
  const { notice, shown, close } = notices();
  notice.update(calls('a'));
  await close(0);
  notice.update([]);
  notice.update(calls('a'));
  assert.deepEqual(shown, ['a', 'a']);
});

test('what comes after VS Code has put a notification away is told at once, and what came before then is told then', () => {
  const { notice, shown, clock } = notices();
  notice.update(calls('a'));
  notice.update(calls('a', 'b'));
  clock.advance(14_999);
  assert.deepEqual(shown, ['a']);
  clock.advance(1);
  assert.deepEqual(shown, ['a', 'a,b beside']);
  clock.advance(20_000);
  notice.update(calls('a', 'b', 'c'));
  assert.deepEqual(shown, ['a', 'a,b beside', 'a,b,c beside']);
});
