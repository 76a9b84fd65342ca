import assert from 'node:assert/strict';
import test from 'node:test';
import { treeText } from '../../../src/views/treeText.ts';
import { exited, ok, SessionScript } from './sessionScript.ts';

test('a session of one agent is a tree of turns and calls, in the order in which they were asked for', () => {
  const script = new SessionScript()
    .agent()
    .run('Why is the report slow?')
    .turn()
    .text('I will look at the schema\nand the query.')
    .turnBatch()
    .call('c1', 'read_file', { path: 'src/report.ts', startLine: 1, endLine: 20 })
    .call('c2', 'terminal', { command: 'psql -c "select project"\necho done' })
    .call('c3', 'git', { args: ['log', '-3'] })
    .turnEnd('tool_use')
    .start('c2')
    .settle('c2', exited(3, 'ERROR'), 2130)
    .settle('c1', ok('text'))
    .settle('c3', ok('log'), 61_000)
    .turn('t2')
    .text('The column is gone.', 0, 't2')
    .turnEnd('end_turn', 't2')
    .end({});
  assert.equal(
    treeText(script.state, 0),
    [
      'Find the slow query  completed · 160 ms',
      '  Turn 1  2 of 3 · 1 failed · I will look at the schema and the query.',
      '    ✓ read_file src/report.ts:1-20  12 ms',
      '    ✗ terminal  failed, exit code 3 · psql -c "select project" … · 2.1 s',
      '    ✓ git log -3  1 min 01 s',
      '  Turn 2  The column is gone.',
    ].join('\n'),
  );
});

test('the calls of a batch session hang directly below it', () => {
  const script = new SessionScript('batch', 'checks.batch.json')
    .batch({ kind: 'file', file: '/w/checks.batch.json' })
    .call('a', 'list_files', { pattern: '**/*.ts', path: 'src' })
    .call('b', 'terminal', { command: 'npm test' })
    .start('b')
    .settle('a', ok('files'));
  assert.equal(
    treeText(script.state, (script.state.calls.get('b')?.state as { startedAt: number }).startedAt + 3000),
    [
      'checks.batch.json  1 of 2 · 1 unfinished',
      '  ✓ a: list_files **/*.ts in src  12 ms',
      '  · b: terminal npm test  running · 3.0 s',
    ].join('\n'),
  );
});

test('a sub-agent stands in the place of its call, and the calls of an inner batch hang below theirs', () => {
  const script = new SessionScript()
    .agent()
    .run('Go')
    .turn()
    .turnBatch()
    .call('c1', 'run_batch', { calls: [1, 2] })
    .call('c2', 'spawn_agent', { label: 'Reviewer', prompt: 'Review' })
    .batch({ kind: 'call', callId: 'c1' }, 'b2')
    .call('c1/x', 'git', { args: ['status'] }, 'b2');
  script.add({
    type: 'agent.created',
    agentId: 'a2',
    label: 'Reviewer',
    model: 'model-2',
    permission: 'read-only',
    systemPrompt: '',
    tools: [],
    parent: { agentId: 'a1', callId: 'c2' },
  });
  assert.equal(
    treeText(script.state, 0),
    [
      'Find the slow query  running · the model is writing',
      '  Turn 1  0 of 2 · 2 unfinished · the model is writing',
      '    · run_batch 2 calls  queued',
      '      · x: git status  queued',
      '    Reviewer  queued',
    ].join('\n'),
  );
});

test('text of a model or a tool stays in its row and drives no terminal', () => {
  const script = new SessionScript('batch', 'one\ntwo\u001b[31m\u202Ered')
    .batch({ kind: 'api' })
    .call('x/y', 'no\nsuch\ttool', { value: `\u001b]0;title\u0007${'long '.repeat(100)}` })
    .call('__proto__', 'constructor', 'just text');
  const lines = treeText(script.state, 0).split('\n');
  assert.equal(lines.length, 3);
  assert.equal(lines[0], 'one two⟨U+202E⟩red  0 of 2 · 2 unfinished');
  assert.match(lines[1] ?? '', /^ {2}· x\/y: no such tool ␛\]0;title␇long long.*… {2}queued$/);
  assert.equal(lines[2], '  · __proto__: constructor "just text"  queued');
  assert.doesNotMatch(lines.join(''), /[\u0000-\u001f\u202a-\u202e]/);
});
