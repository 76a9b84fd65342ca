import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CallOutput, CallState } from '../../../src/core/calls.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { toolBench } from './toolBench.ts';

const times = { durationMs: 1, attempts: 1 };

function succeeded(output: Partial<CallOutput>): CallState {
  return { status: 'succeeded', output: { text: '', bytes: 1, ...output }, ...times };
}

/** Reads the output of a call `a` that ended with what `content` says. */
async function reader(t: TestContext, content: string | Buffer, more: Partial<CallOutput> = {}) {
  const file = path.join(await temporaryFolder(t), 'output.txt');
  await writeFile(file, content);
  return readerOf(t, succeeded({ file, ...more }));
}

async function readerOf(t: TestContext, state: CallState) {
  const bench = await toolBench(t, undefined, {
    find: (session, id) => (session === 'session' && id === 'a' ? state : undefined),
  });
  return (input: object = {}): Promise<string> => bench.text('read_output', { callId: 'a', ...input });
}

const thousand = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}\r\n`).join('');

test('a range of lines comes with their numbers and how many there are', async (t) => {
  const read = await reader(t, thousand);
  assert.equal(
    await read({ startLine: 998, endLine: 999 }),
    'output of a: lines 998-999 of 1000\n   998\tline 998\n   999\tline 999',
  );
  assert.equal(await read({ startLine: 1000 }), 'output of a: line 1000 of 1000\n  1000\tline 1000');
});

test('a range beyond the end or backwards is an error', async (t) => {
  const read = await reader(t, thousand);
  assert.match(await read({ startLine: 1001 }), /^invalidInput: .* 1000 lines; line 1001 is beyond its end/);
  assert.match(await read({ startLine: 3, endLine: 2 }), /^invalidInput: endLine 2 is before startLine 3/);
});

test('what does not fit is asked for by its line, until all was read', async (t) => {
  const read = await reader(t, `${'x'.repeat(50)}\n`.repeat(20_000));
  let startLine: number | undefined = 1;
  let lines = 0;
  while (startLine !== undefined) {
    const text = await read({ startLine });
    assert.ok(text.length < 257 * 1024);
    lines += text.match(/\tx{50}(?=\n|$)/g)?.length ?? 0;
    const next: string | undefined = /ask for them with startLine (\d+)\]$/.exec(text)?.[1];
    startLine = next === undefined ? undefined : Number(next);
  }
  assert.equal(lines, 20_000);
});

test('a line that is too long alone is cut, and says so', async (t) => {
  const read = await reader(t, `${'ä'.repeat(300_000)}\nlast`);
  const text = await read();
  assert.match(text, /^output of a: line 1 of 2\n/);
  assert.match(text, /\[line 1 has 600000 bytes; only its beginning is shown;.*\]\n\[line 2 did not fit/);
  assert.ok(text.includes('ä'.repeat(262_000)));
});

test('the lines that hold a text or match an expression are found, also in a range', async (t) => {
  const read = await reader(t, thousand);
  assert.equal(
    await read({ pattern: 'line 99', endLine: 990 }),
    'output of a: 2 matching lines\n    99\tline 99\n   990\tline 990',
  );
  assert.equal(
    await read({ pattern: '^line 7$', regex: true }),
    'output of a: 1 matching line\n     7\tline 7',
  );
  assert.equal(
    await read({ pattern: 'nothing.' }),
    'No matches (0) for nothing. in the output of a (1000 lines).',
  );
  assert.match(await read({ pattern: '(', regex: true }), /^invalidInput: .*as it is with "regex": false/);
});

test('of many matches the first come, and the line to go on with', async (t) => {
  const read = await reader(t, thousand);
  const text = await read({ pattern: 'line' });
  assert.match(text, /^output of a: 500 matching lines\n/);
  assert.match(text, /\n\[there are more matches; narrow the pattern, or go on with startLine 501\]$/);
  assert.match(
    await read({ pattern: 'line', startLine: 501 }),
    /^output of a: 500 matching lines\n {3}501\t/,
  );
});

test('an expression that runs for ever ends with the call', { timeout: 30_000 }, async (t) => {
  const state = succeeded({ text: `${'a'.repeat(50)}!` });
  const bench = await toolBench(t, undefined, { find: () => state });
  const abort = new AbortController();
  const input = { callId: 'a', pattern: '^(a+)+$', regex: true };
  const reading = bench.text('read_output', input, { signal: abort.signal });
  setImmediate(() => abort.abort());
  assert.match(await reading, /^cancelled: /);
});

test('an output that was never in a file is read from the result', async (t) => {
  const read = await readerOf(t, succeeded({ text: 'one\ntwo' }));
  assert.equal(await read({ startLine: 2 }), 'output of a: line 2 of 2\n     2\ttwo');
});

test('an unknown call, one that has not ended, and one without output are told apart', async (t) => {
  const waiting = await readerOf(t, { status: 'queued' });
  assert.match(await waiting({ callId: 'b' }), /^notFound: No call of this session has the id b\./);
  assert.match(await waiting(), /^invalidInput: The call a has not ended \(queued\)/);
  const error = { kind: 'denied', message: '' } as const;
  const denied = await readerOf(t, { status: 'denied', error, by: 'person', ...times });
  assert.equal(await denied(), 'notFound: The call a ended as denied, without output.');
});

test('a call of another session is not found', async (t) => {
  const bench = await toolBench(t, undefined, {
    find: (session) => (session === 'other' ? succeeded({ text: 'secret' }) : undefined),
  });
  assert.match(await bench.text('read_output', { callId: 'a' }), /^notFound: /);
});

test(
  'a file that is gone, or no file any more, is an error that nothing hangs on',
  { timeout: 20_000 },
  async (t) => {
    const file = path.join(await temporaryFolder(t), 'output.txt');
    const read = await readerOf(t, succeeded({ file }));
    assert.match(await read(), /^notFound: The file with the output of a is no longer there/);
    execFileSync('mkfifo', [file]);
    assert.match(await read(), /^notRegularFile: .* is a FIFO/);
    assert.match(await read({ pattern: 'x' }), /^notRegularFile: .* is a FIFO/);
  },
);

test('K12 b: binary lines are shown on request alone, text beside them and lines with a NUL at once', async (t) => {
  const read = await reader(t, Buffer.from('\0\0\nx\0y z\n--- stderr ---\ntext\n'), { bytes: 27 });
  assert.match(
    await read({ endLine: 1 }),
    /^binary: The output of a has binary data there \(27 bytes in all\).* Ask for other lines, .* "raw": true\.$/,
  );
  assert.equal(await read({ endLine: 1, raw: true }), 'output of a: line 1 of 4\n     1\t␀␀');
  assert.match(await read({ startLine: 2 }), /2\tx␀y z\n/);
  assert.match(await read({ startLine: 4 }), /\ttext$/);
  assert.match(await read({ pattern: 'x␀y' }), /2\tx␀y z$/);
});

test('K12: lines are read and found as the result showed them, and raw ones as they came', async (t) => {
  const read = await reader(t, '10%\r\x1b[31mFAI\x1b[0mLED\r\nnext\r\n');
  assert.equal(await read(), 'output of a: lines 1-2 of 2\n     1\tFAILED\n     2\tnext');
  assert.match(await read({ pattern: 'FAILED' }), /1\tFAILED$/);
  assert.match(await read({ pattern: '10%' }), /^No matches/);
  assert.match(await read({ raw: true, endLine: 1 }), /1\t10%␍␛\[31mFAI␛\[0mLED$/);
  assert.match(await read({ raw: true, pattern: '10%' }), /1\t10%␍/);
});

test('K12: a command that ends in the alternate screen hides none of its stderr', async (t) => {
  const read = await reader(t, '\x1b[?1049hscreen\n--- stderr ---\nerror: x\n');
  const shown = await read();
  assert.equal(
    shown.split('\n').slice(1).join('|'),
    '     1\t[alternate screen, not shown]|     2\t--- stderr ---|     3\terror: x',
  );
});

test('what was not kept is said', async (t) => {
  const read = await reader(t, 'one\n', { notKeptBytes: 7 });
  assert.match(await read(), /\tone\n\[7 bytes that came later were not kept\]$/);
});

test('output: lines that lie in several chunks of the file are read and found whole', async (t) => {
  const lines = Array.from({ length: 40 }, (_, index) => `${index}:${'abcdefgh'.repeat(5000)}:${index}`);
  const read = await reader(t, lines.join('\n'));
  for (const [index, line] of lines.entries()) {
    const startLine = index + 1;
    assert.equal((await read({ startLine, endLine: startLine })).split('\t')[1], line);
  }
  for (const index of [0, 6, 7, 26, 39])
    assert.match(await read({ pattern: `h:${index}$`, regex: true }), new RegExp(`^ *${index + 1}\t`, 'm'));
});

test('d: wherever a range of a long output lies, its lines and the count of all are right', async (t) => {
  const lines = Array.from({ length: 30_000 }, (_, index) => `${'x'.repeat(index % 50)} ${index + 1}`);
  for (const end of ['', '\n']) {
    const read = await reader(t, lines.join('\n') + end);
    for (const startLine of [1, 2, 9000, 9100, 9200, 9300, 18_000, 29_990, 30_000]) {
      const endLine = Math.min(30_000, startLine + 200);
      const [header = '', ...shown] = (await read({ startLine, endLine })).split('\n');
      assert.match(header, / of 30000$/);
      assert.deepEqual(
        shown.map((line) => line.split('\t')[1]),
        lines.slice(startLine - 1, endLine),
      );
    }
    assert.match(await read({ startLine: 30_001 }), /30000 lines; line 30001 is beyond its end/);
  }
});
