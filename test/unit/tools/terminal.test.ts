import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { toolBench } from './toolBench.ts';

test('a command that fails says its exit code and what it said last', async (t) => {
  const bench = await toolBench(t);
  const command = `echo 'row'; echo 'ERROR: column "project" does not exist' >&2; exit 3`;
  const result = await bench.run('terminal', { command });
  assert.ok(!result.ok);
  assert.deepEqual(result.error, {
    kind: 'exitCode',
    message: 'exit 3: ERROR: column "project" does not exist',
  });
  const { file, ...output } = result.output ?? { bytes: 0, text: '' };
  assert.deepEqual(output, {
    text: 'exit 3\nstdout:\nrow\nstderr:\nERROR: column "project" does not exist',
    stdout: 'row\n',
    stderr: 'ERROR: column "project" does not exist\n',
    exitCode: 3,
    bytes: 43,
  });
  assert.equal(await readFile(file ?? '', 'utf8'), `row\n\n--- stderr ---\n${output.stderr}`);
});

test('a success without output says so', async (t) => {
  const bench = await toolBench(t);
  assert.equal(await bench.text('terminal', { command: 'true' }), 'no output (0 bytes), exit 0');
});

test('a failure without output says so', async (t) => {
  const bench = await toolBench(t);
  assert.equal(await bench.text('terminal', { command: 'exit 7' }), 'exitCode: exit 7, without any output');
});

test('K21: exit code 1 is an answer of grep, diff and test, and keeps its code', async (t) => {
  const bench = await toolBench(t);
  const questions = [
    'grep -q x /dev/null',
    'printf "a" | grep b',
    '[ -e nowhere ]',
    'cmp a ab',
    'diff -q a ab',
  ];
  await bench.run('terminal', { command: 'printf a > a; printf ab > ab' });
  for (const command of questions) {
    const result = await bench.run('terminal', { command });
    assert.ok(result.ok, command);
    assert.equal(result.output.exitCode, 1, command);
  }
});

test('K21: exit code 1 with a complaint, and every other code, stays a failure', async (t) => {
  const bench = await toolBench(t);
  const failing = [
    'grep x /dev/null > nowhere/out',
    'grep x nowhere',
    'diff nowhere a',
    'test 1 -eq a',
    'npm() { return 1; }; npm',
  ];
  for (const command of failing)
    assert.match(await bench.text('terminal', { command }), /^exitCode: /, command);
});

test('a command that a signal ended names the signal', async (t) => {
  const bench = await toolBench(t);
  const result = await bench.run('terminal', { command: 'echo oops >&2; kill -9 $$' });
  assert.ok(!result.ok);
  assert.deepEqual(result.error, { kind: 'signal', message: 'ended by signal SIGKILL: oops' });
  assert.equal(result.output?.signal, 'SIGKILL');
});

test('a command that was stopped keeps what it said before', { timeout: 30_000 }, async (t) => {
  const bench = await toolBench(t);
  const abort = new AbortController();
  const result = await bench.run(
    'terminal',
    { command: 'echo before; sleep 300' },
    { signal: abort.signal, show: () => abort.abort() },
  );
  assert.ok(!result.ok);
  assert.equal(result.error.kind, 'cancelled');
  assert.equal(result.output?.text, 'stopped before its end\nstdout:\nbefore');
});

test('the folder of a command must be in the workspace', async (t) => {
  const bench = await toolBench(t);
  assert.match(await bench.text('terminal', { command: 'pwd', cwd: '..' }), /^outsideWorkspace: /);
  assert.equal(await bench.text('terminal', { command: 'pwd', cwd: '.' }), 'exit 0\nstdout:\nROOT');
});

test('the input can name the deadline', async (t) => {
  const terminal = (await toolBench(t)).tool('terminal');
  assert.equal(terminal.timeoutOf?.({ command: 'x', timeoutMs: 5 }), 5);
  assert.equal(terminal.timeoutOf?.({ command: 'x' }), undefined);
});

test('a command has unknown effects, and a person approves its exact text', async (t) => {
  const bench = await toolBench(t);
  const terminal = bench.tool('terminal');
  assert.deepEqual(await terminal.effects({ command: 'ls' }, { cwd: bench.root, roots: [] }), {
    kind: 'unknown',
  });
  assert.equal(terminal.subject({ command: ' rm  -r x\n' }), ' rm  -r x\n');
});

test('binary output is named and not poured out', async (t) => {
  const bench = await toolBench(t);
  const result = await bench.run('terminal', { command: String.raw`printf 'a\0b'; echo text >&2; exit 1` });
  assert.ok(!result.ok);
  const { text = '', stdout, file } = result.output ?? { text: '' };
  assert.equal(stdout, `[binary data, not shown: 3 bytes; the file ${file} holds it]`);
  assert.equal(text, `exit 1\nstdout:\n${stdout}\nstderr:\ntext`);
  assert.deepEqual(await readFile(file ?? ''), Buffer.from('a\0b\n--- stderr ---\ntext\n'));
});

test('bytes that are no text are shown as U+FFFD', async (t) => {
  const bench = await toolBench(t);
  const command = String.raw`printf 'a\xffb'`;
  assert.equal(await bench.text('terminal', { command }), 'exit 0\nstdout:\na\uFFFDb');
});

test('output beyond the cap of its file is told with its bytes', async (t) => {
  const bench = await toolBench(t, undefined, undefined, 10);
  const result = await bench.run('terminal', { command: 'echo 123456789abcdef' });
  assert.ok(result.ok);
  assert.equal(result.output.notKeptBytes, 6);
  assert.match(result.output.text, /the first 10 bytes are kept.*maxFileMegabytes.* 6 bytes that came later/);
});

test('on a full disk no file is named that does not hold the output', async (t) => {
  const bench = await toolBench(t);
  const outputFile = path.join(bench.root, 'full');
  await symlink('/dev/full', outputFile);
  const result = await bench.run('terminal', { command: 'seq 100000' }, { outputFile });
  assert.ok(result.ok);
  const { file, notKeptBytes, text } = result.output;
  assert.deepEqual({ file, notKeptBytes }, { file: undefined, notKeptBytes: undefined });
  assert.match(text, /left out \.\.\.\]/);
  assert.match(
    text,
    /\[this output could not be kept in a file: ENOSPC[^;]*; only what is shown here is left\]$/,
  );
});

test('of a file that lacks a part of the output, the part is told and nothing else is promised', async (t) => {
  const bench = await toolBench(t);
  const outputFile = path.join(bench.root, 'output');
  await mkdir(`${outputFile}.stderr`);
  const command = String.raw`echo out; printf 'a\0b' >&2`;
  const result = await bench.run('terminal', { command }, { outputFile });
  assert.ok(result.ok);
  const { file, notKeptBytes, text } = result.output;
  assert.deepEqual({ file, notKeptBytes }, { file: outputFile, notKeptBytes: 3 });
  assert.match(text, /stderr:\n\[binary data, not shown: 3 bytes\]/);
  assert.match(
    text,
    /\[the file of this output could not be written to its end: EISDIR.*; it lacks 3 bytes\]$/,
  );
});

test('a person is asked about a command with the folder that it will run in', async (t) => {
  const bench = await toolBench(t);
  assert.equal(bench.tool('terminal').folderOf?.({ command: 'pwd', cwd: 'inner' }), 'inner');
});
