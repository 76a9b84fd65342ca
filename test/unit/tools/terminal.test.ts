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

test('K12 b: binary output is named and not poured out, and is no reason', async (t) => {
  const bench = await toolBench(t);
  const result = await bench.run('terminal', { command: String.raw`printf 'a\0b'; exit 1` });
  assert.ok(!result.ok);
  const { text = '', stdout, file } = result.output ?? { text: '' };
  const input = '{"callId":"call","startLine":1,"raw":true}';
  assert.equal(stdout, `[binary data, not shown: 3 bytes; read_output ${input} shows it all the same]`);
  assert.equal(text, `exit 1\nstdout:\n${stdout}`);
  assert.equal(result.error.message, 'exit 1, with binary output');
  assert.deepEqual(await readFile(file ?? ''), Buffer.from('a\0b'));
});

test('K12: one NUL hides nothing of an output, and its reason is the error', async (t) => {
  const bench = await toolBench(t);
  const command = String.raw`printf 'x\0y\n'; echo 'FAILED t::x'; exit 1`;
  const result = await bench.run('terminal', { command });
  assert.ok(!result.ok);
  assert.equal(result.output?.text, 'exit 1\nstdout:\nx␀y\nFAILED t::x');
  assert.match(result.error.message, /^exit 1: .*FAILED t::x/s);
});

test('K12 b: a NUL in the middle of a long output hides nothing of its head and tail', async (t) => {
  const bench = await toolBench(t);
  const command = String.raw`seq 1 5000; printf 'x\0y\n'; seq 1 20`;
  const text = await bench.text('terminal', { command });
  assert.match(text, /^exit 0\nstdout:\n1\n2\n/);
  assert.match(text, /\nx␀y\n1\n2\n(.|\n)*\n20$/);
});

test('K12: progress and colours cost no more than what a terminal shows in the end', async (t) => {
  const bench = await toolBench(t);
  const command = String.raw`for i in $(seq 2000); do printf '\r\033[32m%s/2000\033[0m' $i; done; echo; exit 3`;
  const result = await bench.run('terminal', { command });
  assert.ok(!result.ok);
  assert.equal(result.output?.text, 'exit 3\nstdout:\n2000/2000');
  assert.equal(result.output.stdout, '2000/2000\n');
  assert.equal(result.error.message, 'exit 3: 2000/2000');
  assert.equal((await readFile(result.output.file ?? '')).length, result.output.bytes);
});

test('K11: what a program writes in another encoding is read, which is said', async (t) => {
  const bench = await toolBench(t);
  const gbk = String.raw`printf '\xb4\xed\xce\xf3\xa3\xba\xce\xc4\xbc\xfe\n'`;
  const utf16 = String.raw`printf '\xff\xfeU\0b\0u\0n\0t\0u\0\n\0'`;
  assert.equal(
    await bench.text('terminal', { command: `${gbk}; ${utf16} >&2` }),
    'exit 0\nstdout:\n错误：文件\n[read as GBK, a guess: it is not UTF-8]\nstderr:\nUbuntu\n\n[UTF-16 LE]'.replace(
      '\n\n',
      '\n',
    ),
  );
});

test('bytes that are no text are shown as U+FFFD and counted', async (t) => {
  const bench = await toolBench(t);
  const command = String.raw`printf 'grün a\xffb über\n\xc3\xa9\xc3\xa9'`;
  assert.equal(
    await bench.text('terminal', { command }),
    "exit 0\nstdout:\ngrün a\uFFFDb über\néé\n[not UTF-8 throughout; 1 character can't be shown (U+FFFD)]",
  );
});

test('output beyond the cap of its file is told with its bytes', async (t) => {
  const bench = await toolBench(t, undefined, undefined, 10);
  const result = await bench.run('terminal', { command: 'echo 123456789abcdef' });
  assert.ok(result.ok);
  assert.equal(result.output.notKeptBytes, 6);
  assert.match(result.output.text, /the first 10 bytes are kept.* 6 bytes that came later/);
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
