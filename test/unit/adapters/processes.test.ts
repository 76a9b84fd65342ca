import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CapturedStream, ProcessSpec } from '../../../src/core/processPorts.ts';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { startProcess } from '../../../src/adapters/node/startProcess.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const processes = createProcesses({ clock: nodeClock, killGraceMs: 50 });

async function shell(t: TestContext, line: string, more: Partial<ProcessSpec> = {}): Promise<ProcessSpec> {
  const cwd = await temporaryFolder(t);
  const outputFile = path.join(cwd, 'output.txt');
  const { signal } = new AbortController();
  return { command: { kind: 'shell', line }, cwd, outputFile, signal, ...more };
}

function node(source: string): ProcessSpec['command'] {
  return { kind: 'program', file: process.execPath, args: ['-e', source] };
}

function whole(text: string): Omit<CapturedStream, 'firstLine'> {
  return {
    kept: { isWhole: true, text },
    shown: { isWhole: true, text },
    bytes: Buffer.byteLength(text),
    isBinary: false,
  };
}

function textOf({ kept }: CapturedStream): string {
  return kept.isWhole ? kept.text : `${kept.head}[...]${kept.tail}`;
}

function isDead(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return state.trim().startsWith('Z');
  } catch {
    return true;
  }
}

test('stdout, stderr and the exit code come apart, and the file holds everything', async (t) => {
  const spec = await shell(t, 'echo out; echo err >&2; exit 3');
  const end = await processes.run(spec);
  assert.deepEqual(end, {
    kind: 'exited',
    exitCode: 3,
    output: {
      stdout: { ...whole('out\n'), firstLine: 1 },
      stderr: { ...whole('err\n'), firstLine: 4 },
      file: spec.outputFile,
    },
  });
  assert.equal(await readFile(spec.outputFile ?? '', 'utf8'), 'out\n\n--- stderr ---\nerr\n');
  assert.equal((await stat(spec.outputFile ?? '')).mode & 0o777, 0o600);
  await assert.rejects(stat(`${spec.outputFile}.stderr`));
});

test('a command without output leaves no file', async (t) => {
  const spec = await shell(t, 'true');
  const end = await processes.run(spec);
  assert.ok(end.kind === 'exited');
  assert.equal(end.output.file, undefined);
  await assert.rejects(stat(spec.outputFile ?? ''));
});

test('a command that ends by a signal says which', async (t) => {
  const end = await processes.run(await shell(t, 'kill -9 $$'));
  assert.ok(end.kind === 'signalled');
  assert.equal(end.signal, 'SIGKILL');
});

test('a character whose bytes come in two chunks stays whole', async (t) => {
  const source = `
    process.stdout.write(Buffer.from([0xf0, 0x9f]), () => setTimeout(() => {
      process.stdout.write(Buffer.from([0x98, 0x80]));
    }, 20));`;
  let shown = '';
  const spec = await shell(t, '', { command: node(source), onChunk: (_stream, chunk) => (shown += chunk) });
  const end = await processes.run(spec);
  assert.ok(end.kind === 'exited');
  assert.deepEqual(end.output.stdout, { ...whole('😀'), firstLine: 1 });
  assert.equal(shown, '😀');
});

test(
  'a daemon that inherited the pipes does not keep the call from ending',
  { timeout: 30_000 },
  async (t) => {
    const end = await processes.run(await shell(t, 'sleep 300 & echo $!'));
    assert.ok(end.kind === 'exited');
    const daemon = Number(textOf(end.output.stdout));
    assert.equal(isDead(daemon), false, 'it is left alone after a normal exit');
    process.kill(daemon, 'SIGKILL');
  },
);

test(
  'an abort kills the whole group, also one that ignores the request to end',
  { timeout: 30_000 },
  async (t) => {
    const abort = new AbortController();
    const line = `trap '' TERM; (trap '' TERM; sleep 300; sleep 300) & echo $$ $!; wait; sleep 300`;
    let shown = '';
    const end = await processes.run(
      await shell(t, line, {
        signal: abort.signal,
        onChunk(_stream, chunk) {
          shown += chunk;
          if (shown.includes('\n')) abort.abort();
        },
      }),
    );
    assert.equal(end.kind, 'killed');
    const pids = shown.trim().split(' ').map(Number);
    assert.equal(pids.length, 2);
    assert.deepEqual(pids.map(isDead), [true, true]);
    assert.ok(end.kind === 'killed' && textOf(end.output.stdout) === shown, 'what it said before is kept');
  },
);

test('an abort that came before the start starts nothing', async (t) => {
  const spec = await shell(t, 'touch started', { signal: AbortSignal.abort() });
  assert.equal((await processes.run(spec)).kind, 'killed');
  await assert.rejects(stat(path.join(spec.cwd, 'started')));
});

test('killAll ends what runs when the host is about to end', { timeout: 30_000 }, async (t) => {
  const own = createProcesses({ clock: nodeClock });
  const spec = await shell(t, 'echo up; sleep 300', { onChunk: () => own.killAll() });
  const end = await own.run(spec);
  assert.ok(end.kind === 'signalled');
  assert.equal(end.signal, 'SIGKILL');
});

test(
  '50 MB of output are shown by head and tail, and are whole in the file',
  { timeout: 60_000 },
  async (t) => {
    const source = `
    const { once } = require('node:events');
    (async () => {
      for (let part = 0; part < 800; part++) {
        const block = ('line of part ' + String(part).padStart(3, '0') + ' '.repeat(47) + '\\n').repeat(1024);
        if (!process.stdout.write(block)) await once(process.stdout, 'drain');
      }
    })();`;
    const spec = await shell(t, '', { command: node(source) });
    const end = await processes.run(spec);
    assert.ok(end.kind === 'exited');
    const { stdout, file } = end.output;
    assert.equal(stdout.bytes, 800 * 1024 * 64);
    const { kept } = stdout;
    assert.ok(!kept.isWhole && kept.head.length + kept.tail.length <= 32 * 1024);
    assert.match(kept.head, /^line of part 000/);
    assert.match(kept.tail, /line of part 799 +\n$/);
    assert.equal(kept.head.length + kept.tail.length + kept.leftOutBytes, stdout.bytes);
    assert.equal((await stat(file ?? '')).size, stdout.bytes);
  },
);

test('part 2 words: a NUL character in a command is named in words', async (t) => {
  const echo = { kind: 'program', file: 'echo', args: ['a', 'b\0c'] } as const;
  for (const spec of [await shell(t, 'echo a\0b'), await shell(t, '', { command: echo })]) {
    const end = await processes.run(spec);
    assert.match(
      end.kind === 'cannotStart' ? end.error.message : end.kind,
      /^The command holds a NUL character/,
    );
  }
});

test('a missing program and a missing folder are told apart', async (t) => {
  const command = { kind: 'program', file: 'no-such-program-here', args: [] } as const;
  const noProgram = await processes.run(await shell(t, '', { command }));
  assert.ok(noProgram.kind === 'cannotStart');
  assert.equal(noProgram.error.kind, 'cannotStart');
  assert.match(noProgram.error.message, /no-such-program-here was not found/);

  const noFolder = await processes.run(await shell(t, 'true', { cwd: '/no/such/folder' }));
  assert.ok(noFolder.kind === 'cannotStart');
  assert.equal(noFolder.error.kind, 'notFound');
  assert.match(noFolder.error.message, /\/no\/such\/folder does not exist/);
});

test('an error that a process meets after its start does not end this program', async (t) => {
  const started = await startProcess(await shell(t, 'exit 3'), process.env, 'mark');
  assert.ok(started.ok);
  started.child.emit('error', new Error('a signal did not arrive'));
  assert.deepEqual(await once(started.child, 'exit'), [3, null]);
});

test('an argument that no process can take is an error, not an exception', async (t) => {
  const command = { kind: 'program', file: 'echo', args: ['a\0b'] } as const;
  assert.equal((await processes.run(await shell(t, '', { command }))).kind, 'cannotStart');
});

test('an output file that cannot be written is told, and the command still ends', async (t) => {
  const spec = await shell(t, 'echo out; echo err >&2');
  await mkdir(spec.outputFile ?? '');
  const end = await processes.run(spec);
  assert.ok(end.kind === 'exited');
  assert.equal(textOf(end.output.stdout), 'out\n');
  assert.equal(textOf(end.output.stderr), 'err\n');
  assert.match(end.output.fileProblem ?? '', /EISDIR/);
});

test('keys and the names of the editor are not in a command’s environment', async (t) => {
  const baseEnv = {
    PATH: process.env.PATH,
    ANTHROPIC_API_KEY: 'secret',
    ELECTRON_RUN_AS_NODE: '1',
    VSCODE_PID: '1',
    GIT_DIR: '/elsewhere',
    KEPT: 'kept',
    REMOVED: 'removed',
  };
  const own = createProcesses({ clock: nodeClock, baseEnv });
  const spec = await shell(t, 'env', { withoutEnv: ['GIT_*'], env: { ADDED: 'added', REMOVED: undefined } });
  const end = await own.run(spec);
  assert.ok(end.kind === 'exited');
  const names = textOf(end.output.stdout)
    .split('\n')
    .map((line) => line.split('=')[0]);
  const wanted = ['ADDED', 'KEPT', 'PATH'];
  const unwanted = ['ANTHROPIC_API_KEY', 'ELECTRON_RUN_AS_NODE', 'VSCODE_PID', 'GIT_DIR', 'REMOVED'];
  assert.deepEqual(names.filter((name = '') => [...wanted, ...unwanted].includes(name)).sort(), wanted);
});

test('a command finds no input', async (t) => {
  const end = await processes.run(await shell(t, 'cat; echo done'));
  assert.ok(end.kind === 'exited');
  assert.equal(textOf(end.output.stdout), 'done\n');
});
