import assert from 'node:assert/strict';
import test from 'node:test';
import type { RunEnding } from '../../../src/core/agents.ts';
import type { Agent } from '../../../src/core/states.ts';
import { conversation } from '../../../src/views/conversation.ts';
import { childRows } from '../../../src/views/rows.ts';
import type { Row } from '../../../src/views/rows.ts';
import { SessionScript } from './sessionScript.ts';

const stopped: Partial<RunEnding> = {
  status: 'cancelled',
  stopReason: null,
  terminationReason: 'cancelledByPerson',
  message: 'Stopped by the person.',
};

const wrongKey: Partial<RunEnding> = {
  status: 'failed',
  stopReason: null,
  terminationReason: 'authentication',
  message: 'The API key was not accepted. Set another.',
};

function started(): SessionScript {
  return new SessionScript().agent().run('Go').turn();
}

function discarded(script: SessionScript, turnId = 't1', reason = 'The turn broke off.'): SessionScript {
  script.add({ type: 'turn.discarded', agentId: 'a1', turnId, reason });
  return script;
}

function afterPrompt(script: SessionScript): string {
  return conversation(script.state, script.state.agents.get('a1') as Agent).split('> Go\n\n')[1] ?? '';
}

function turnRows(script: SessionScript): readonly Row[] {
  return childRows(script.state, 's1/a1');
}

test('a reply that was stopped keeps the text that had arrived, and says that the model will not see it', () => {
  const script = discarded(started()).end({ ...stopped, text: 'The column\n\nis' });
  assert.equal(
    afterPrompt(script),
    [
      '### Turn 1',
      '*Unfinished reply, not sent back to the model:*',
      'The column',
      'is',
      '---',
      '**Stopped by you** after 40 ms\n',
    ].join('\n\n'),
  );
});

test('whole blocks of an unfinished reply are shown once', () => {
  const script = discarded(started().text('First.')).end({ ...stopped, text: 'First.\n\nSec' });
  assert.match(afterPrompt(script), /model:\*\n\nFirst\.\n\nSec\n\n---/);
});

test('a reply that resumed a paused one is shown without the paused part', () => {
  const script = started().text('First.').turnEnd('pause_turn').turn('t2');
  discarded(script, 't2').end({ ...stopped, text: 'First.\n\nSec' });
  assert.match(afterPrompt(script), /^### Turn 1\n\nFirst\.\n\n### Turn 2\n\n\*Unfinished.*\*\n\nSec\n\n---/);
});

test('where nothing of the last reply had arrived, no earlier one is repeated in its place', () => {
  const script = started().text('Before.').turnEnd('tool_use').turn('t2');
  discarded(script, 't2').end({ ...stopped, text: 'Before.' });
  assert.match(afterPrompt(script), /^### Turn 1\n\nBefore\.\n\n### Turn 2\n\n---/);
});

test('a reply that its program did not live to end is shown as unfinished, and its row no longer writes', () => {
  const script = started().text('Half.').end({
    status: 'interrupted',
    terminationReason: 'hostExit',
    message: 'The program was closed.',
    text: 'Half.',
  });
  assert.match(
    afterPrompt(script),
    /^### Turn 1\n\n\*Unfinished.*\*\n\nHalf\.\n\n---\n\n\*\*Interrupted\*\* after 40 ms\n\n> The program was closed\.\n$/,
  );
  const [row] = turnRows(script);
  assert.equal(row?.description, 'cut off: The program was closed. · Half.');
  assert.equal(row?.icon.name, 'debug-disconnect');
});

test('an attempt that was discarded says why while the next one is to come', () => {
  const script = discarded(started().text('Half.'), 't1', 'The reply broke off.');
  assert.match(afterPrompt(script), /model:\*\n\nHalf\.\n\n\*Discarded: The reply broke off\.\*\n$/);
  assert.equal(turnRows(script)[0]?.description, 'discarded: The reply broke off. · Half.');
});

test('a turn that failed before any text says so in its row, its icon and its tooltip', () => {
  const [row] = turnRows(discarded(started(), 't1', wrongKey.message).end(wrongKey));
  assert.equal(row?.description, 'failed: The API key was not accepted. Set another.');
  assert.equal(row?.icon.name, 'error');
  assert.match(row?.tooltip ?? '', /^Turn 1 · failed: The API key was not accepted\. Set another\.\n/);
  assert.match(row?.accessibilityLabel ?? '', /^Turn 1, failed: The API key/);
});

test('a turn that was stopped says by whom', () => {
  const [row] = turnRows(discarded(started()).end(stopped));
  assert.equal(row?.description, 'stopped by you');
  assert.equal(row?.icon.name, 'debug-stop');
});

test('a turn that the API ended without a word says what became of its run', () => {
  const ending = {
    status: 'incomplete',
    terminationReason: 'noText',
    message: 'Ask it what it found.',
  } as const;
  const [row] = turnRows(started().turnEnd('end_turn').end(ending));
  assert.equal(row?.description, 'incomplete: Ask it what it found.');
});

test('only the turn that a run ended with is marked', () => {
  const script = started().text('One.').turnEnd('tool_use').turn('t2');
  discarded(script, 't2').end(wrongKey);
  assert.deepEqual(
    turnRows(script).map(({ description }) => description),
    ['One.', 'failed: The API key was not accepted. Set another.'],
  );
});

test('tokens are counted where their number is known', () => {
  const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 2, cacheWriteTokens: 1 };
  const script = started().text('Done.').turnEnd('end_turn').end({ usage, text: 'Done.' });
  assert.match(afterPrompt(script), /\*\*Completed\*\* after 50 ms, 13 tokens in, 5 out\n$/);
});
