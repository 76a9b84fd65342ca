/** What a batch file shows at its calls, and what is told at the end of its run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionState } from '../../../src/core/states.ts';
import { batchPlaces } from '../../../src/formats/batchPlaces.ts';
import { batchEnd } from '../../../src/views/batchEndText.ts';
import { batchLenses } from '../../../src/views/batchLenses.ts';
import { exited, ok, SessionScript } from './sessionScript.ts';

const file = '/w/check.batch.json';
const text = JSON.stringify({
  version: 1,
  calls: [
    { id: 'lint', tool: 'terminal', input: { command: 'npm run lint' } },
    { id: 'bad', tool: 'terminal', input: { command: 'sh report.sh' } },
    { id: 'log', tool: 'git', input: { args: ['log'] }, after: ['bad'] },
  ],
});

function run(id = 's1', source = file): SessionScript {
  const script = new SessionScript('batch', 'check.batch.json', id).batch({ kind: 'file', file: source });
  script.call('lint', 'terminal', { command: 'npm run lint' });
  script.call('bad', 'terminal', { command: 'sh report.sh' }, 'b1', 1);
  return script.call('log', 'git', { args: ['log'] }, 'b1', 2);
}

function lenses(sessions: readonly SessionState[], of = text): readonly (string | undefined)[] {
  return batchLenses(sessions, file, batchPlaces(of)).map(({ last }) => last?.title);
}

test('a call that has not run in this window shows no outcome', () => {
  assert.deepEqual(lenses([]), [undefined, undefined, undefined]);
  assert.deepEqual(lenses([run('s1', '/w/other.batch.json').state]), [undefined, undefined, undefined]);
});

test('each call shows how it stands, how long it took, and leads to its row', () => {
  const script = run().start('lint').settle('bad', exited(3, 'ERROR'), 1000);
  const error = { kind: 'dependency', message: 'bad failed' } as const;
  script.settle('log', { status: 'skipped', because: 'bad', error });
  assert.deepEqual(lenses([script.state]), [
    '$(loading~spin) running · Show',
    '$(error) failed, exit code 3 · 1.0 s · Show',
    '$(debug-step-over) skipped because of bad · Show',
  ]);
  assert.equal(batchLenses([script.state], file, batchPlaces(text))[1]?.last?.rowId, 's1/b1/bad');
});

test('of several runs the newest that held the call counts', () => {
  const first = run().settle('lint', ok('')).settle('bad', exited(3, 'ERROR')).state;
  const alone = new SessionScript('batch', 'check.batch.json', 's2').batch({ kind: 'file', file });
  alone.call('bad', 'terminal', { command: 'sh report.sh' }).settle('bad', ok(''));
  const [lint, bad] = lenses([first, { ...alone.state, startedAt: 2_000_000 }]);
  assert.match(lint ?? '', /^\$\(pass\) succeeded/);
  assert.match(bad ?? '', /^\$\(pass\) succeeded/);
});

test('an outcome of what the file said before is marked', () => {
  const { state } = run().settle('bad', exited(3, 'ERROR'));
  const [, bad] = lenses([state], text.replace('sh report.sh', 'sh report.sh --all'));
  assert.equal(bad, '$(error) failed, exit code 3 · 12 ms · changed since · Show');
});

test('an id is no icon', () => {
  const script = new SessionScript('batch', 'x').batch({ kind: 'file', file });
  script.call('log', 'git', { args: ['log'] });
  const error = { kind: 'dependency', message: '' } as const;
  script.settle('log', { status: 'skipped', because: '$(bug)', error });
  assert.match(lenses([script.state])[2] ?? '', /because of \$ \(bug\)/);
});

test('at the end of a batch with failures they are counted, and the first is named', () => {
  const script = run().settle('lint', ok('')).settle('bad', exited(3, 'ERROR'));
  const error = { kind: 'dependency', message: '' } as const;
  script.settle('log', { status: 'skipped', because: 'bad', error });
  assert.deepEqual(batchEnd(script.state), {
    message: 'check.batch.json: 1 of 3 succeeded, 1 failed, 1 skipped.',
    rowId: 's1/b1/bad',
  });
});

test('at the end of a call that was run alone its own standing is told', () => {
  const script = new SessionScript('batch', 'check.batch.json').batch({ kind: 'file', file });
  script.call('bad', 'terminal', { command: 'sh report.sh' }).settle('bad', exited(3, 'ERROR'));
  assert.equal(batchEnd(script.state)?.message, 'check.batch.json: bad failed, exit code 3.');
});

test('nothing is told of a batch that succeeded, or that a person stopped', () => {
  const good = run().settle('lint', ok('')).settle('bad', ok('')).settle('log', ok(''));
  assert.equal(batchEnd(good.state), undefined);
  const error = { kind: 'cancelled', message: '' } as const;
  const stopped = run().settle('lint', ok('')).settle('bad', { status: 'cancelled', by: 'person', error });
  stopped.settle('log', { status: 'denied', by: 'person', error });
  assert.equal(batchEnd(stopped.state), undefined);
});
