import assert from 'node:assert/strict';
import test from 'node:test';
import { conversation } from '../../../src/views/conversation.ts';
import { withOverlap } from '../../../src/engine/outcomes.ts';
import { resultDocument } from '../../../src/views/resultDocument.ts';
import type { Agent, Call } from '../../../src/core/states.ts';
import { exited, ok, SessionScript } from './sessionScript.ts';

function callOf(script: SessionScript, id: string): Call {
  return script.state.calls.get(id) as Call;
}

function agentOf(script: SessionScript): Agent {
  return script.state.agents.get('a1') as Agent;
}

test('a failed command shows its error before its input, its exit code and both streams', () => {
  const script = new SessionScript('batch', 'x')
    .batch({ kind: 'api' })
    .call('c1', 'terminal', { command: 'psql' })
    .settle('c1', exited(3, 'ERROR: column "project" does not exist\n'));
  const text = resultDocument(callOf(script, 'c1')).replace(/^Started: .*\n/m, '');
  assert.equal(
    text,
    [
      'terminal: failed, exit code 3',
      'Call id:   c1',
      'Duration:  12 ms',
      'Attempts:  1',
      'Ended:     exit code 3',
      'Output:    39 bytes',
      'Whole output: /out/c.txt',
      '',
      '--- Error ---',
      'The command ended with exit code 3.',
      '',
      '--- Input ---',
      '{',
      '  "command": "psql"',
      '}',
      '',
      '--- stderr ---',
      'ERROR: column "project" does not exist',
      '',
    ].join('\n'),
  );
});

test('a call that never started says so, and why', () => {
  const error = { kind: 'dependency', message: 'c0 did not succeed.' } as const;
  const script = new SessionScript('batch', 'x')
    .batch({ kind: 'api' })
    .call('c1', 'git', { args: ['log'] })
    .settle('c1', { status: 'skipped', error, because: 'c0' });
  const text = resultDocument(callOf(script, 'c1'));
  assert.match(
    text,
    /^git: skipped because of c0\nCall id: {3}c1\nNever started\nAttempts: {2}0\n\n--- What happened ---/,
  );
  assert.match(text, /\n--- What happened ---\nc0 did not succeed\.\n\n--- Input ---\n/);
});

test('a running call shows the output that has arrived, and an open one what it waits for', () => {
  const script = new SessionScript('batch', 'x')
    .batch({ kind: 'api' })
    .call('c1', 'terminal', { command: 'x' });
  const request = { sessionId: 's1', callId: 'c1', tool: 'terminal', subject: 'x --force', cwd: '/w' };
  script.add({ type: 'approval.requested', callId: 'c1', request });
  assert.match(
    resultDocument(callOf(script, 'c1')),
    /--- Waits for your approval ---\nx --force\n\n--- Input ---/,
  );
  assert.match(
    resultDocument(callOf(script.start('c1'), 'c1'), { kind: 'soFar', text: 'half a li' }),
    /--- Output so far ---\nhalf a li\n$/,
  );
});

test('a long input does not push the output out of sight', () => {
  const script = new SessionScript('batch', 'x').batch({ kind: 'api' });
  script.call('c1', 'run_batch', { calls: Array.from({ length: 10 }, (_, id) => ({ id: `c${id}` })) });
  const text = resultDocument(callOf(script.settle('c1', ok('the output')), 'c1'));
  assert.match(text, /--- Result ---\nthe output\n\n--- Input ---\n/);
});

test('the parts of a call come first, as a table: how each stands, its name, its time and first words', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'run_agents', {});
  const notes = ['auth', 'ledger', 'store'];
  script.add({ type: 'tasks.queued', callId: 'c1', notes, maxConcurrency: 3, failFast: false });
  const rest = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  for (const [index, note] of notes.slice(0, 2).entries()) {
    const parent = { agentId: 'a1', callId: 'c1' };
    const task = { index, note };
    script.add({ type: 'agent.created', agentId: note, label: note, ...rest, parent, task });
    script.run('Look', `r-${note}`, note);
  }
  script.end({ text: '## Found\n\n**auth**: one TODO.' }, 'r-auth', 'auth');
  script.end({ status: 'failed', message: 'The API refused.' }, 'r-ledger', 'ledger');
  const text = resultDocument(callOf(script, 'c1'), undefined, script.state);
  assert.match(
    text,
    /\n--- Tasks ---\ncompleted {2}auth {4}\d+ ms {2}Found auth: one TODO\.\nfailed {5}ledger {2}\d+ ms {2}The API refused\.\nqueued {5}store\n/,
  );
});

test('a long output is shown whole where its file could be read', () => {
  const script = new SessionScript('batch', 'x')
    .batch({ kind: 'api' })
    .call('c1', 'terminal', { command: 'x' });
  script.settle('c1', exited(1, 'head … tail'));
  const text = resultDocument(callOf(script, 'c1'), { kind: 'whole', text: 'head middle tail\n' });
  assert.match(text, /--- All output ---\nhead middle tail\n$/);
  assert.doesNotMatch(text, /…/);
});

test('a call that ran beside another is told by its tool and its argument', () => {
  const script = new SessionScript('batch', 'x')
    .batch({ kind: 'api' })
    .call('c1', 'read_file', { path: 'a.ts' })
    .call('c2', 'terminal', { command: 'npm test' })
    .settle('c1', withOverlap(ok('text'), ['c2', 'gone']));
  assert.match(
    resultDocument(callOf(script, 'c1'), undefined, script.state),
    /\ntext\n\[It ran beside terminal npm test, gone, which may have changed what it read\.\]\n$/,
  );
});

test('an input that is not JSON is shown as it came, with the reason', () => {
  const script = new SessionScript('batch', 'x').batch({ kind: 'api' });
  const input = { kind: 'unparsable', raw: '{"a": ', problem: 'It ends too early.' } as const;
  script.add({ type: 'call.queued', callId: 'c1', batchId: 'b1', index: 0, tool: 'git', input });
  assert.match(
    resultDocument(callOf(script, 'c1')),
    /--- Input ---\n\{"a": \n\n--- Why it could not be parsed ---\nIt ends too early\.\n$/,
  );
});

function incident(): SessionScript {
  const script = new SessionScript().agent().run('Why is it\nslow?').turn();
  const thinking = { type: 'thinking', thinking: 'First the schema.', signature: '' } as const;
  script.add({ type: 'block.received', agentId: 'a1', turnId: 't1', index: 0, block: thinking });
  return script
    .text('I will look.', 1)
    .turnBatch()
    .call('c1', 'read_file', { path: 'a`b.ts' }, 'b1', 2)
    .call('c2', 'terminal', { command: 'psql' }, 'b1', 3)
    .turnEnd('tool_use')
    .settle('c1', ok('text'))
    .settle('c2', exited(3, 'ERROR'));
}

test('a conversation is prompt, thinking, text, calls and ending, turn by turn', () => {
  const script = incident().turn('t2').text('The column is gone.', 0, 't2').turnEnd('end_turn', 't2').end({});
  assert.equal(
    conversation(script.state, agentOf(script)),
    [
      '# Find the slow query',
      'Model `model-1`, permission `workspace-write`',
      '## Prompt',
      '> Why is it\n> slow?',
      '### Turn 1: 1 of 2 succeeded, 1 failed',
      '<details><summary>Thinking</summary>',
      '> First the schema.',
      '</details>',
      'I will look.',
      '- `read_file` `` a`b.ts `` succeeded, 12 ms\n' +
        '- `terminal` `psql` failed, 12 ms: The command ended with exit code 3.',
      '### Turn 2',
      'The column is gone.',
      '---',
      '**Completed** after 140 ms',
    ].join('\n\n') + '\n',
  );
});

test('text that is being written is shown in its place until its block is complete', () => {
  const script = new SessionScript().agent().run('Go').turn();
  const partial = (): { index: number; block: 'text'; text: string }[] => [
    { index: 0, block: 'text', text: 'Half a' },
  ];
  assert.match(conversation(script.state, agentOf(script), partial), /### Turn 1\n\nHalf a\n$/);
  script.text('Half a sentence.');
  assert.match(conversation(script.state, agentOf(script), partial), /### Turn 1\n\nHalf a sentence\.\n$/);
});

test('a run that failed ends with its reason and what can be done', () => {
  const script = new SessionScript().agent().run('Go');
  script.end({
    status: 'failed',
    stopReason: null,
    terminationReason: 'authentication',
    message: 'Set another key.',
  });
  assert.match(
    conversation(script.state, agentOf(script)),
    /\*\*Failed\*\* after 20 ms\n\n> Set another key\.\n$/,
  );
});

test('a follow-up is headed as one', () => {
  const script = new SessionScript().agent().run('Go').end({}).run('And then?', 'r2', 'a1', 'r1');
  assert.match(conversation(script.state, agentOf(script)), /\n## Follow-up\n\n> And then\?\n$/);
});

test("a model's Markdown cannot reach beyond its turn", () => {
  const hostile = [
    '# Big',
    'Under',
    '=====',
    '<!-- and',
    '![x](https://example.com/leak)',
    '```not ` a fence',
    '~~~~js',
    '# code stays',
    '~~~',
    '```',
  ].join('\n');
  const script = new SessionScript().agent().run('Go').turn().text(hostile).turn('t2').text('Next', 0, 't2');
  assert.match(
    conversation(script.state, agentOf(script)),
    new RegExp(
      [
        '#### Big',
        'Under',
        String.raw`\\=====`,
        String.raw`\\<!-- and`,
        String.raw`!\\\[x\]\\\(https://example.com/leak\)`,
        '\\\\`\\\\`\\\\`not \\\\` a fence',
        '````js',
        '# code stays',
        '~~~',
        '```',
        '````',
        '',
        '### Turn 2',
      ].join('\n'),
    ),
  );
});
