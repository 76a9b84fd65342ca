import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { ProcessOutput, ProcessSpec } from '../../../src/core/processPorts.ts';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const processes = createProcesses({ clock: nodeClock, killGraceMs: 50 });
const limit = { timeout: 60_000 };

async function shell(t: TestContext, line: string): Promise<ProcessSpec & { readonly outputFile: string }> {
  const cwd = await temporaryFolder(t);
  const { signal } = new AbortController();
  return { command: { kind: 'shell', line }, cwd, outputFile: path.join(cwd, 'output.txt'), signal };
}

async function outputOf(spec: ProcessSpec): Promise<ProcessOutput> {
  const end = await processes.run(spec);
  assert.ok(end.kind !== 'cannotStart');
  return end.output;
}

const large = 5_000_000;
const writesMuch = `head -c ${large} /dev/zero | tr '\\0' x`;

for (const [how, line] of [
  ['an exit', `${writesMuch}; exit 3`],
  ['a signal', `${writesMuch}; kill -9 $$`],
  ['the end of a program that took its place', `exec bash -c "${writesMuch.replaceAll('\\', '\\\\')}"`],
  ['an exit beside a background process that holds the pipe', `${writesMuch}; sleep 300 & echo $! > pid`],
] as const) {
  test(`what was written right before ${how} is all there`, limit, async (t) => {
    const spec = await shell(t, line);
    const output = await outputOf(spec);
    assert.equal(output.stdout.bytes, large);
    assert.equal((await stat(spec.outputFile)).size, large);
    const pid = await readFile(path.join(spec.cwd, 'pid'), 'utf8').catch(() => undefined);
    if (pid !== undefined) process.kill(Number(pid));
  });
}

test('ten thousand small writes arrive in the order of their stream', limit, async (t) => {
  const spec = await shell(t, 'for ((i = 0; i < 10000; i++)); do echo $i; echo e$i >&2; done');
  await outputOf(spec);
  const numbers = Array.from({ length: 10_000 }, (_, index) => index);
  const stdout = numbers.map((number) => `${number}\n`).join('');
  const stderr = numbers.map((number) => `e${number}\n`).join('');
  assert.equal(await readFile(spec.outputFile, 'utf8'), `${stdout}\n--- stderr ---\n${stderr}`);
});

test('a command that closes stdout early goes on to its own end', limit, async (t) => {
  const spec = await shell(t, 'echo first; exec 1>&-; echo late >&2; exit 4');
  const end = await processes.run(spec);
  assert.ok(end.kind === 'exited' && end.exitCode === 4);
  assert.equal(await readFile(spec.outputFile, 'utf8'), 'first\n\n--- stderr ---\nlate\n');
});

test('a server left in the background outlives what it writes after the call', limit, async (t) => {
  const spec = await shell(t, '');
  execFileSync('mkfifo', ['go', 'answer'], { cwd: spec.cwd });
  const server = '(read word < go; echo logged; echo alive <> answer >&0) & echo started';
  const output = await outputOf({ ...spec, command: { kind: 'shell', line: server } });
  assert.equal(output.stdout.bytes, 'started\n'.length);
  // Both ends are opened at once, so nothing hangs here when the server is dead.
  const line = 'exec 3<> answer; echo word > go; read -t 10 word <&3; echo "[$word]"';
  const asked = await promisify(execFile)('/bin/bash', ['-c', line], { cwd: spec.cwd });
  assert.equal(asked.stdout, '[alive]\n');
});

test('bytes that are no text are shown as U+FFFD, and kept as they came', limit, async (t) => {
  const spec = await shell(t, String.raw`printf 'a\xff\xfeb\xc3'`);
  const { stdout } = await outputOf(spec);
  assert.deepEqual(stdout.kept, { isWhole: true, text: 'a\uFFFD\uFFFDb\uFFFD' });
  assert.deepEqual(await readFile(spec.outputFile), Buffer.from([0x61, 0xff, 0xfe, 0x62, 0xc3]));
});

test(
  'K12: a stream is binary from 30% of NULs on, and its text is told as it came while it grows',
  limit,
  async (t) => {
    const spec = await shell(t, String.raw`printf 'a\0b'; printf 'text\0\n' >&2`);
    const said = { stdout: '', stderr: '' };
    const output = await outputOf({ ...spec, onChunk: (stream, chunk) => (said[stream] += chunk) });
    assert.equal(output.stdout.isBinary, true);
    assert.equal(output.stderr.isBinary, false);
    assert.deepEqual(said, { stdout: 'a\0b', stderr: 'text\0\n' });
  },
);

test('a file that is full takes no more, and the command goes on', limit, async (t) => {
  const capped = createProcesses({ clock: nodeClock, maxFileBytes: () => 1000 });
  const spec = await shell(t, `${writesMuch}; echo end >&2; exit 3`);
  const end = await capped.run(spec);
  assert.ok(end.kind === 'exited' && end.exitCode === 3);
  const { stdout, stderr, notKept } = end.output;
  assert.deepEqual([stdout.bytes, stderr.bytes], [large, 4]);
  assert.deepEqual(notKept, { bytes: large + 4 - 1000, maxBytes: 1000 });
  assert.equal((await stat(spec.outputFile)).size, 1000);
});

const writesBase64 = (lineEnd: string): string =>
  `node -e "const { createHash } = require('crypto'); const write = (n) => {
    for (; n < 4096; n += 1)
      if (!process.stdout.write(createHash('sha512').update(String(n)).digest('base64').repeat(40) + '${lineEnd}'))
        return process.stdout.once('drain', () => write(n + 1));
  }; write(0);"`;

function base64Lines(lineEnd: string): Buffer {
  const lines = Array.from({ length: 4096 }, (_, index) =>
    createHash('sha512').update(String(index)).digest('base64').repeat(40),
  );
  return Buffer.from(lines.map((line) => line + lineEnd).join(''));
}

for (const [lines, lineEnd] of [
  ['many lines', '\n'],
  ['one line', ''],
] as const)
  for (const maxFileBytes of [Infinity, 5_000_001])
    test(
      `output: 14 MB in ${lines} are kept byte for byte up to ${maxFileBytes} bytes, beginning and end are shown`,
      limit,
      async (t) => {
        const whole = base64Lines(lineEnd);
        const keyed = { apiKey: () => Promise.resolve('sk-ant-not-in-this-output') };
        const processes = createProcesses({ clock: nodeClock, maxFileBytes: () => maxFileBytes, ...keyed });
        const spec = await shell(t, writesBase64(lineEnd === '' ? '' : String.raw`\n`));
        const end = await processes.run(spec);
        assert.ok(end.kind === 'exited' && !end.output.stdout.kept.isWhole);
        const { head, tail, leftOutBytes } = end.output.stdout.kept;
        assert.ok((await readFile(spec.outputFile)).equals(whole.subarray(0, maxFileBytes)));
        assert.equal(whole.indexOf(head), 0);
        assert.ok(whole.subarray(-tail.length).equals(Buffer.from(tail)));
        assert.ok(head.length > 8000 && tail.length > 8000);
        assert.equal(head.length + leftOutBytes + tail.length, whole.length);
        if (lineEnd !== '') assert.ok(head.endsWith(lineEnd) && tail.endsWith(lineEnd));
      },
    );

const room = path.resolve(import.meta.dirname, '../../../src/adapters/node');

const waiting = `
  const { createProcesses } = await import(${JSON.stringify(path.join(room, 'processes.ts'))});
  const { nodeClock } = await import(${JSON.stringify(path.join(room, 'clock.ts'))});
  const end = await createProcesses({ clock: nodeClock }).run({
    command: { kind: 'shell', line: 'sleep 300 & echo $!' }, cwd: '/', signal: new AbortController().signal,
  });
  console.log(end.output.stdout.kept.text);
`;

test('a program ends although a background process holds the pipe', limit, async () => {
  const run = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', waiting]);
  process.kill(Number(run.stdout));
});

// In a process of its own, whose memory nothing else touches.
const measured = `
  const { createProcesses } = await import(${JSON.stringify(path.join(room, 'processes.ts'))});
  const { nodeClock } = await import(${JSON.stringify(path.join(room, 'clock.ts'))});
  const processes = createProcesses({ clock: nodeClock, maxFileBytes: () => 100_000_000 });
  const run = (line) => processes.run({
    command: { kind: 'shell', line }, cwd: process.cwd(), outputFile: process.cwd() + '/output.txt',
    signal: new AbortController().signal, onChunk: () => undefined,
  });
  await run('echo warm');
  const before = process.resourceUsage().maxRSS;
  const end = await run("head -c 300000000 /dev/zero | tr '\\\\0' x");
  const grownMegabytes = (process.resourceUsage().maxRSS - before) / 1024;
  console.log(JSON.stringify({ bytes: end.output.stdout.bytes, notKept: end.output.notKept, grownMegabytes }));
`;

test('300 MB of output pass through bounded memory', limit, async (t) => {
  const cwd = await temporaryFolder(t);
  await writeFile(path.join(cwd, 'measured.mjs'), measured);
  const run = await promisify(execFile)(process.execPath, ['measured.mjs'], { cwd });
  const result = JSON.parse(run.stdout) as { bytes: number; notKept: unknown; grownMegabytes: number };
  assert.equal(result.bytes, 300_000_000);
  assert.deepEqual(result.notKept, { bytes: 200_000_000, maxBytes: 100_000_000 });
  assert.ok(result.grownMegabytes < 60, `${result.grownMegabytes} MB`);
});
