/** The mark of a session without a last word. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnresolvedMarks } from '../../../src/runtime/unresolvedMarks.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { SessionScript } from '../views/sessionScript.ts';

function marksOf(script: SessionScript) {
  const written: string[] = [];
  const marks = new UnresolvedMarks({
    shelf: {
      mark: (id) => Promise.resolve(void written.push(`mark ${id}`)),
      unmark: (id) => Promise.resolve(void written.push(`unmark ${id}`)),
    },
    clock: new TestClock(),
    log: strictLog,
    stateOf: () => script.state,
  });
  const look = async (): Promise<void> => {
    for (const event of script.events) marks.note(event);
    await marks.settle();
  };
  return { look, written };
}

test('the mark stays while a run goes on or is interrupted, and goes with its last word', async () => {
  const script = new SessionScript().agent().run('Go');
  const { look, written } = marksOf(script);
  await look();
  script.end({ status: 'interrupted', stopReason: null, terminationReason: 'hostExit' });
  await look();
  assert.deepEqual(written, ['mark s1']);
  script.run('', 'r2', 'a1', 'r1').end({}, 'r2');
  await look();
  assert.deepEqual(written, ['mark s1', 'unmark s1']);
  script.run('More', 'r3', 'a1', 'r2');
  await look();
  assert.deepEqual(written, ['mark s1', 'unmark s1', 'mark s1']);
});

test('a dismissed interruption has had its last word', async () => {
  const script = new SessionScript().agent().run('Go');
  script.end({ status: 'interrupted', stopReason: null, terminationReason: 'hostExit' });
  script.add({ type: 'run.dismissed', agentId: 'a1', runId: 'r1' });
  const { look, written } = marksOf(script);
  await look();
  assert.deepEqual(written, ['unmark s1']);
});
