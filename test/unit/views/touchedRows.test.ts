import assert from 'node:assert/strict';
import test from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import { rowIdsTouchedBy } from '../../../src/views/touchedRows.ts';
import { ok, SessionScript } from './sessionScript.ts';

function touchedByLast(script: SessionScript): unknown {
  return rowIdsTouchedBy(script.events.at(-1) as SessionEvent, script.state);
}

test('a new session changes the list of sessions', () => {
  assert.equal(touchedByLast(new SessionScript()), 'root');
});

test('a new call changes the row that it hangs under, and those above', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'git', { args: [] });
  assert.deepEqual(touchedByLast(script), ['s1/a1/t1', 's1']);
});

test('a call that moves changes its own row and those above, and none of its siblings', () => {
  const script = new SessionScript('batch', 'x')
    .batch({ kind: 'api' })
    .call('c1', 'git', {})
    .call('c2', 'git', {});
  assert.deepEqual(touchedByLast(script.settle('c2', ok(''))), ['s1/b1/c2', 's1']);
});

test('the end of a run changes the session, which shows the agent', () => {
  assert.deepEqual(touchedByLast(new SessionScript().agent().run('Go').end({})), ['s1']);
});

test('the end of a run changes the turn that it ended with', () => {
  const script = new SessionScript().agent().run('Go').turn().turn('t2').end({});
  assert.deepEqual(touchedByLast(script), ['s1/a1/t2', 's1']);
});

test('an event of a type that this version does not know changes nothing', () => {
  const script = new SessionScript();
  const event = { ...script.events[0], seq: 2, type: 'from.the.future' } as unknown as SessionEvent;
  const state = fold([...script.events, event]);
  assert.deepEqual(state && rowIdsTouchedBy(event, state), []);
});
