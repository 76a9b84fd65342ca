import assert from 'node:assert/strict';
import test from 'node:test';
import { demoEndText } from '../../../src/views/demoText.ts';
import { exited, ok, SessionScript } from './sessionScript.ts';

test('at its end the demo says how its calls ended and what comes next', () => {
  const { state } = new SessionScript('batch', 'x')
    .batch({ kind: 'api' })
    .call('c1', 'git', {})
    .call('c2', 'terminal', { command: 'x' })
    .settle('c1', ok(''))
    .settle('c2', exited(3, ''));
  assert.equal(
    demoEndText(state),
    'The demo has ended: 1 of 2 calls succeeded, 1 failed. Each call kept its own result; click the failed one to see why. Next: start an agent of your own.',
  );
});
