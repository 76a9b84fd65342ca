import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../src/core/calls.ts';
import { messagesOf } from '../../../src/agents/history.ts';
import { SessionScript } from '../views/sessionScript.ts';

const read: Outcome = { status: 'succeeded', output: { text: 'the text', bytes: 8 } };
const exit3: Outcome = {
  status: 'failed',
  error: { kind: 'exitCode', message: 'exit 3: ERROR: column "project" does not exist' },
  output: { text: 'exit 3\nstderr:\nERROR: column "project" does not exist', exitCode: 3, bytes: 40 },
};

/** Messages as text: role, then one line for each block. */
function text(script: SessionScript): string {
  return messagesOf(script.state, 'a1')
    .map(({ role, content }) => {
      const blocks = content.map((block) => {
        switch (block.type) {
          case 'text':
            return `  text ${block.text}`;
          case 'tool_use':
            return `  tool_use ${block.id} ${block.name}`;
          case 'tool_result':
            return `  tool_result ${block.toolUseId}${block.isError ? ' error' : ''} ${block.text.replaceAll('\n', '|')}`;
          case 'thinking':
            return `  thinking ${block.thinking} (${block.signature})`;
          case 'redacted_thinking':
            return '  redacted';
        }
      });
      return [role, ...blocks].join('\n');
    })
    .join('\n');
}

test('every call of a turn is answered in the order of its blocks, and the last result counts them', () => {
  const script = new SessionScript().agent().run('Why?').turn().text('I look.').turnBatch();
  script.call('c1', 'read_file', { path: 'a' }, 'b1', 1).call('c2', 'terminal', { command: 'x' }, 'b1', 2);
  script.call('c3', 'read_file', { path: 'b' }, 'b1', 3).turnEnd('tool_use');
  script.settle('c3', read).settle('c2', exit3).settle('c1', read);
  assert.equal(
    text(script),
    [
      'user',
      '  text Why?',
      'assistant',
      '  text I look.',
      '  tool_use c1 read_file',
      '  tool_use c2 terminal',
      '  tool_use c3 read_file',
      'user',
      '  tool_result c1 the text',
      '  tool_result c2 error failed: exit 3: ERROR: column "project" does not exist||exit 3|stderr:|ERROR: column "project" does not exist',
      '  tool_result c3 the text||2 of 3 calls succeeded; failed: c2 (terminal: exit 3)',
    ].join('\n'),
  );
});

test('a follow-up stands after the results of a run that was stopped, in one message', () => {
  const script = new SessionScript().agent().run('Why?').turn().turnBatch();
  script.call('c1', 'terminal', { command: 'x' }, 'b1', 0).turnEnd('tool_use');
  script.settle('c1', {
    status: 'cancelled',
    by: 'person',
    error: { kind: 'cancelled', message: 'Stopped.' },
  });
  script.end({ status: 'cancelled' }).run('Go on.', 'r2', 'a1', 'r1');
  assert.equal(
    text(script),
    [
      'user',
      '  text Why?',
      'assistant',
      '  tool_use c1 terminal',
      'user',
      '  tool_result c1 error cancelled: Stopped.||0 of 1 calls succeeded; cancelled: c1 (terminal)',
      '  text Go on.',
    ].join('\n'),
  );
});

test('a reply that was cut is told of before the next words, and a discarded one is void', () => {
  const script = new SessionScript().agent().run('Why?').turn().text('half');
  script.end({ status: 'interrupted' }).run('Again?', 'r2').turn('t2', 'r2').text('half too', 0, 't2');
  script.add({ type: 'turn.discarded', agentId: 'a1', turnId: 't2', reason: 'cut' });
  assert.equal(
    text(script),
    [
      'user',
      '  text Why?',
      'assistant',
      '  text half',
      'user',
      '  text [Something cut off this reply before its end.]',
      '  text Again?',
    ].join('\n'),
  );
});

const stopped = { status: 'cancelled', terminationReason: 'cancelledByPerson' } as const;

test('a follow-up to a stopped reply has its whole text, also of the block that grew', () => {
  const script = new SessionScript().agent().run('Why?').turn().text('A block.');
  script.add({ type: 'turn.discarded', agentId: 'a1', turnId: 't1', reason: 'The turn broke off.' });
  script.end({ ...stopped, text: 'A block.\n\nand I was ab' }).run('Stop that, look here.', 'r2');
  assert.equal(
    text(script),
    [
      'user',
      '  text Why?',
      'assistant',
      '  text A block.\n\nand I was ab',
      'user',
      '  text [The person stopped this reply before its end.]',
      '  text Stop that, look here.',
    ].join('\n'),
  );
});

test('a reply that was stopped before its first word is told of, with the calls of it that had ended', () => {
  const script = new SessionScript().agent().run('Why?').turn().turnBatch();
  script.call('c1', 'read_file', { path: 'a' }, 'b1', 0).settle('c1', read);
  script.add({ type: 'turn.discarded', agentId: 'a1', turnId: 't1', reason: 'The turn broke off.' });
  script.end(stopped).run('What now?', 'r2');
  assert.equal(
    text(script),
    [
      'user',
      '  text Why?',
      '  text [The person stopped you before you had written anything. Of the calls that were asked for 1 had ended (read_file); their results are not here, so ask again for what you need.]',
      '  text What now?',
    ].join('\n'),
  );
});

test('a request that failed before any reply leaves nothing to tell of', () => {
  const script = new SessionScript().agent().run('Why?').turn();
  script.add({ type: 'turn.discarded', agentId: 'a1', turnId: 't1', reason: 'x' });
  script.end({ status: 'failed', terminationReason: 'authentication' }).run('Again?', 'r2');
  assert.equal(text(script), 'user\n  text Why?\n  text Again?');
});

test('blank text is left out, thinking stays with its signature, and thinking alone is not a message', () => {
  const script = new SessionScript().agent().run('Why?').turn().text('  \n ', 1);
  const thinking = { type: 'thinking', thinking: 'hm', signature: 'sig' } as const;
  script.add({ type: 'block.received', agentId: 'a1', turnId: 't1', index: 0, block: thinking });
  script.turnEnd('end_turn');
  assert.equal(text(script), 'user\n  text Why?');
  script.end({ status: 'incomplete' }).run('So?', 'r2').turn('t2', 'r2').text('Because.', 1, 't2');
  script.add({ type: 'block.received', agentId: 'a1', turnId: 't2', index: 0, block: thinking });
  script.turnEnd('end_turn', 't2');
  assert.equal(
    text(script),
    'user\n  text Why?\n  text So?\nassistant\n  thinking hm (sig)\n  text Because.',
  );
});

test('a call without an outcome is answered as interrupted: its effect is unknown', () => {
  const script = new SessionScript().agent().run('Why?').turn().turnBatch();
  script.call('c1', 'terminal', { command: 'x' }, 'b1', 0).turnEnd('tool_use').start('c1');
  assert.match(
    text(script),
    /tool_result c1 error interrupted: .*effect is unknown: check before you repeat it/,
  );
  assert.match(text(script), /0 of 1 calls succeeded; interrupted: c1 \(terminal\)$/);
});

test('calls of a turn that did not end for them were not run, and are not sent back', () => {
  const script = new SessionScript().agent().run('Why?').turn().text('I look.').turnBatch();
  script.call('c1', 'read_file', { path: 'a' }, 'b1', 1).turnEnd('max_tokens');
  script.settle('c1', {
    status: 'cancelled',
    by: 'discardedTurn',
    error: { kind: 'cancelled', message: 'Void.' },
  });
  script.end({ status: 'interrupted' }).run(' ', 'r2');
  assert.equal(text(script), 'user\n  text Why?\nassistant\n  text I look.\nuser\n  text Go on.');
});

test('what follows a pause stands after what came before it, in one message', () => {
  const script = new SessionScript().agent().run('Why?').turn().text('First,').turnEnd('pause_turn');
  script.turn('t2').text('then.', 0, 't2').turnEnd('end_turn', 't2').end({}).run('More?', 'r2');
  assert.equal(text(script), 'user\n  text Why?\nassistant\n  text First,\n  text then.\nuser\n  text More?');
});
