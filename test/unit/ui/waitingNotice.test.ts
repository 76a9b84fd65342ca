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

/** What became of the notifications, in order. */
function notices(): { notice: WaitingNotice; told: string[]; clock: TestClock } {
  const told: string[] = [];
  const clock = new TestClock();
  let opened = 0;
  const idsOf = (waiting: readonly WaitingCall[]): string => waiting.map(({ callId }) => callId).join();
  const notice = new WaitingNotice((waiting) => {
    const number = ++opened;
    told.push(`${number} opened: ${idsOf(waiting)}`);
    return {
      update: (left) => void told.push(`${number} updated: ${idsOf(left)}`),
      close: () => void told.push(`${number} closed`),
    };
  }, clock);
  return { notice, told, clock };
}

test('calls that wait together are one notification; none is shown where nothing waits', () => {
  const { notice, told } = notices();
  notice.update([]);
  notice.update(calls('a', 'b', 'c'));
  assert.deepEqual(told, ['1 opened: a,b,c']);
});

test('a further call takes the place of the notification, so that there is never a second one', () => {
  const { notice, told, clock } = notices();
  notice.update(calls('a'));
  clock.advance(1999);
  notice.update(calls('a', 'b'));
  clock.advance(1);
  notice.update(calls('a', 'b', 'c'));
  assert.deepEqual(told, ['1 opened: a', '1 updated: a,b', '1 closed', '2 opened: a,b,c']);
});

test('what is answered elsewhere leaves the notification, and the last one takes it away', () => {
  const { notice, told } = notices();
  notice.update(calls('a', 'b'));
  notice.update(calls('b'));
  notice.update([]);
  notice.update([]);
  assert.deepEqual(told, ['1 opened: a,b', '1 updated: b', '1 closed']);
});

test('a call that asks again after its answer is told again', () => {
  const { notice, told } = notices();
  notice.update(calls('a'));
  notice.update([]);
  notice.update(calls('a'));
  assert.deepEqual(told, ['1 opened: a', '1 closed', '2 opened: a']);
});

test('with the window it goes', () => {
  const { notice, told } = notices();
  notice.update(calls('a'));
  notice.dispose();
  notice.dispose();
  assert.deepEqual(told, ['1 opened: a', '1 closed']);
});
