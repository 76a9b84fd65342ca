import assert from 'node:assert/strict';
import test from 'node:test';
import type { EndedStatus, RunEnding } from '../../../src/core/agents.ts';
import { endingNotice, endingsNotice } from '../../../src/views/endingNotice.ts';

const ending = (status: EndedStatus, message = ''): RunEnding =>
  ({ status, message }) as Partial<RunEnding> as RunEnding;

test('a notice names the agent, how it ended, and why', () => {
  assert.equal(endingNotice('Fix\nit', ending('completed', 'ignored')), '“Fix it” completed.');
  assert.equal(
    endingNotice('Fix it', ending('interrupted', 'The connection was lost.')),
    '“Fix it” was interrupted. The connection was lost.',
  );
});

test('endings of many agents are counted by their status, and none is called well that was not', () => {
  const endings = [ending('failed'), ending('completed'), ending('completed'), ending('incomplete')];
  assert.equal(endingsNotice(endings), '4 agents ended: 2 completed, 1 incomplete, 1 failed.');
});
