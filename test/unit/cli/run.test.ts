import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, startLimitedCli, jsonLines, startCli, untilFile } from './cliProcess.ts';

async function folderWith(t: TestContext, calls: readonly unknown[], rest: object = {}): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'a.txt'), 'alpha\n');
  await writeFile(join(folder, 'x.batch.json'), JSON.stringify({ version: 1, calls, ...rest }));
  return folder;
}

function shell(id: string, command: string): object {
  return { id, tool: 'terminal', input: { command } };
}

function read(id: string, path = 'a.txt'): object {
  return { id, tool: 'read_file', input: { path } };
}

const failing = `echo 'ERROR: column "project" does not exist' >&2; exit 3`;
const fourteen = [
  ...['r1', 'r2', 'r3', 'r4', 'r5'].map((id) => read(id)),
  ...['l1', 'l2'].map((id) => ({ id, tool: 'list_files', input: { pattern: '*.txt' } })),
  ...['s1', 's2'].map((id) => ({ id, tool: 'search_text', input: { pattern: 'alpha' } })),
  ...['g1', 'g2'].map((id) => ({ id, tool: 'git', input: { args: ['status', '--short'] } })),
  shell('t1', 'echo one'),
  shell('bad', failing),
  shell('t2', 'echo two'),
];

describe('a batch of 14 calls of which one fails', () => {
  async function run(t: TestContext, ...args: readonly string[]) {
    const folder = await folderWith(t, fourteen);
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    return cli(folder, 'run', 'x.batch.json', '--permission', 'unlimited', ...args);
  }

  test('is told to a person call by call, as the tree, and in one sentence', async (t) => {
    const { exitCode, stdout, stderr } = await run(t);
    assert.equal(stderr, '');
    assert.match(stdout, /^bad {2}terminal .* failed, exit code 3 · /m);
    assert.match(stdout, /^ {4}.*column "project" does not exist/m);
    assert.match(stdout, /^x\.batch\.json {2}13 of 14 · 1 failed/m);
    assert.match(stdout, /\n13 of 14 succeeded, 1 failed\n$/);
    assert.equal(exitCode, 1);
  });

  test('is told to a script event by event, with the records in the order of the file at the end', async (t) => {
    const { exitCode, stdout } = await run(t, '--json');
    const lines = jsonLines(stdout);
    const events = lines.slice(0, -1);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.equal(events.filter(({ type }) => type === 'call.settled').length, 14);
    const { calls, ...result } = lines.at(-1) as Record<string, unknown> & {
      calls: Record<string, unknown>[];
    };
    assert.deepEqual(
      { ...result, sessionId: '' },
      {
        type: 'result',
        kind: 'batch',
        sessionId: '',
        total: 14,
        succeeded: 13,
        failed: 1,
        timedOut: 0,
        denied: 0,
        skipped: 0,
        cancelled: 0,
        interrupted: 0,
        open: 0,
      },
    );
    assert.deepEqual(
      calls.map(({ id }) => id),
      fourteen.map((call) => (call as { id: string }).id),
    );
    const bad = calls[12] as { status: string; output: Record<string, unknown>; error: { kind: string } };
    assert.deepEqual(
      [bad.status, bad.output['exitCode'], bad.output['stderr'], bad.error.kind],
      ['failed', 3, 'ERROR: column "project" does not exist\n', 'exitCode'],
    );
    assert.equal(exitCode, 1);
  });
});

test('part 2 words: what a call that failed put out is told once, under its id', async (t) => {
  const calls = [
    shell('bad', 'echo said; echo warned >&2; exit 3'),
    shell('killed', 'echo begun; kill -9 $$'),
    shell('long', 'seq 1 5000; exit 1'),
    { id: 'all', tool: 'run_batch', input: { calls: [shell('in', 'echo inner; exit 1')] } },
  ];
  const folder = await folderWith(t, calls);
  const { stdout } = await cli(folder, 'run', 'x.batch.json', '--permission', 'unlimited');
  assert.match(stdout, /^bad {2}terminal .* failed, exit code 3 · .*\n {4}said\n {4}warned\n\S/m);
  assert.match(stdout, /^killed {2}.* failed, .*\n( {4}.*\n)? {4}begun\n/m);
  assert.match(stdout, /^all\/in {2}.*\n {4}inner\n\S/m);
  assert.match(stdout, /\n {4}\[\.\.\.\]\n[^]*\n {4}5000\n {4}\[all of it: .*\.txt\]\n/);
  for (const word of ['said', 'warned', 'begun', 'inner'])
    assert.equal(stdout.match(new RegExp(`^ *${word}$`, 'gm'))?.length, 1, word);
});

test('K21: refusals hold problems and nothing else, and name a wrong "cwd" beside other mistakes', async (t) => {
  const folder = await temporaryFolder(t);
  const file = JSON.stringify({ version: 1, cwd: '/', calls: [{ id: 'a', tool: 'gti', input: {} }] });
  await writeFile(join(folder, 'x.batch.json'), file);
  const results: (readonly { readonly message: string }[])[] = [];
  for (const args of [
    ['none.batch.json'],
    ['x.batch.json'],
    ['x.batch.json', '--cwd', 'none'],
    ['x.batch.json', '--report', 'none/r.json'],
  ]) {
    const { exitCode, stdout } = await cli(folder, 'run', ...args, '--json');
    assert.equal(exitCode, 2);
    results.push(jsonLines(stdout).at(-1)?.['problems'] as { readonly message: string }[]);
  }
  assert.deepEqual(
    results.map((problems) => problems.map((problem) => Object.keys(problem).join())),
    [
      ['message'],
      ['message,offset,length,line,column', 'message,offset,length,line,column'],
      ['message', 'message,offset,length,line,column'],
      ['message'],
    ],
  );
  assert.match(results[1]?.[0]?.message ?? '', /^"cwd": the folder \/ lies outside/);
  assert.match(results[1]?.[1]?.message ?? '', /^Unknown tool "gti"/);
});

test(
  'part 2 words: where no session can be written nothing ran, with exit code 2',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = await folderWith(t, [shell('t', 'echo ran')]);
    const { exitCode, stderr } = await startLimitedCli(folder, 0, 'run', 'x.batch.json').ended;
    assert.match(stderr, /nothing ran/);
    assert.equal(exitCode, 2);
  },
);

test('calls that all succeed exit with 0', async (t) => {
  const { exitCode, stdout } = await cli(await folderWith(t, [read('a')]), 'run', 'x.batch.json');
  assert.match(stdout, /\n1 of 1 succeeded\n$/);
  assert.equal(exitCode, 0);
});

for (const permission of ['read-only', 'workspace-write'])
  test(`${permission} denies a shell command, since nobody can be asked, and says what would allow it`, async (t) => {
    const folder = await folderWith(t, [shell('t', 'echo ran > ran.txt'), read('a')]);
    const { exitCode, stdout } = await cli(folder, 'run', 'x.batch.json', '--permission', permission);
    assert.match(stdout, /\n1 of 2 succeeded, 1 denied\n.*--permission unlimited/);
    assert.equal(existsSync(join(folder, 'ran.txt')), false);
    assert.equal(exitCode, 1);
  });

test('a file can narrow the permission but not widen it', async (t) => {
  const narrow = await folderWith(t, [shell('t', 'touch ran')], { permission: 'read-only' });
  assert.equal((await cli(narrow, 'run', 'x.batch.json', '--permission', 'unlimited')).exitCode, 1);
  const wide = await folderWith(t, [shell('t', 'touch ran')], { permission: 'unlimited' });
  assert.equal((await cli(wide, 'run', 'x.batch.json')).exitCode, 1);
});

test('--fail-fast skips what has not started', async (t) => {
  const first = { id: 'first', tool: 'read_file', input: { path: 'missing.txt' } };
  const later = { ...read('later'), after: [{ id: 'first', when: 'settled' }] };
  const folder = await folderWith(t, [first, later]);
  assert.match((await cli(folder, 'run', 'x.batch.json')).stdout, /1 of 2 succeeded, 1 failed\n$/);
  const { stdout } = await cli(folder, 'run', 'x.batch.json', '--fail-fast');
  assert.match(stdout, /0 of 2 succeeded, 1 failed, 1 skipped\n$/);
});

describe('a bad file runs nothing', () => {
  const calls = [shell('t', 'echo ran > ran.txt'), { id: 't', tool: 'gti', input: {} }];

  test('and a person reads each problem at its place', async (t) => {
    const folder = await folderWith(t, calls);
    const { exitCode, stdout, stderr } = await cli(
      folder,
      'run',
      'x.batch.json',
      '--permission',
      'unlimited',
    );
    assert.equal(
      stderr,
      'x.batch.json:1:99 The id "t" is taken already, at 1:29.\n' +
        'x.batch.json:1:110 Unknown tool "gti", did you mean "git"?\n' +
        '2 problems; nothing ran.\n',
    );
    assert.equal(stdout, '');
    assert.equal(exitCode, 2);
    assert.equal(existsSync(join(folder, 'ran.txt')), false);
    assert.equal(existsSync(join(folder, 'data')), false);
  });

  test('and a script gets one line, the result with the problems', async (t) => {
    const { exitCode, stdout } = await cli(await folderWith(t, calls), 'run', 'x.batch.json', '--json');
    const [result, ...more] = jsonLines(stdout);
    assert.deepEqual(more, []);
    assert.deepEqual([result?.['type'], result?.['kind'], result?.['total']], ['result', 'batch', 0]);
    assert.deepEqual((result?.['problems'] as unknown[])[1], {
      message: 'Unknown tool "gti", did you mean "git"?',
      offset: 109,
      length: 5,
      line: 1,
      column: 110,
    });
    assert.equal(exitCode, 2);
  });
});

test('a file that is not there, and a wrong command line, are results too', async (t) => {
  const folder = await temporaryFolder(t);
  for (const args of [
    ['run', 'none.batch.json', '--json'],
    ['rnu', '--json'],
    ['run', '--json', '--nope'],
  ]) {
    const { exitCode, stdout } = await cli(folder, ...args);
    const [result, ...more] = jsonLines(stdout);
    assert.deepEqual([result?.['type'], (result?.['problems'] as unknown[]).length, more], ['result', 1, []]);
    assert.equal(exitCode, 2);
  }
});

describe('a file that can not be read runs nothing, and one problem says why', () => {
  async function problemsOf(folder: string, file: string): Promise<unknown> {
    const { exitCode, stdout } = await cli(folder, 'run', file, '--json');
    assert.equal(exitCode, 2);
    return (jsonLines(stdout).at(-1)?.['problems'] as { message: string }[]).map(({ message }) => message);
  }

  test('a folder', async (t) => {
    const folder = await temporaryFolder(t);
    assert.deepEqual(await problemsOf(folder, '.'), [`${folder} is a folder: name a regular file.`]);
  });

  test('a FIFO or a device', { skip: process.platform === 'win32' }, async (t) => {
    const folder = await temporaryFolder(t);
    execFileSync('mkfifo', [join(folder, 'x.batch.json')]);
    assert.deepEqual(await problemsOf(folder, 'x.batch.json'), [
      `${folder}/x.batch.json is a FIFO: name a regular file.`,
    ]);
    assert.deepEqual(await problemsOf(folder, '/dev/zero'), ['/dev/zero is a device: name a regular file.']);
  });

  test('a file too large to hold in memory', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'x.batch.json'), '');
    await truncate(join(folder, 'x.batch.json'), 3 * 1024 ** 3);
    assert.match(
      String(await problemsOf(folder, 'x.batch.json')),
      /^[^,]*x\.batch\.json is too large: .* MB/,
    );
  });

  test('a file in another encoding', async (t) => {
    const folder = await folderWith(t, [read('a')]);
    const file = join(folder, 'x.batch.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('read_file', 'lüge'), 'latin1');
    assert.deepEqual(await problemsOf(folder, 'x.batch.json'), [
      `${file} is not UTF-8, it looks like windows-1252: save it as UTF-8.`,
    ]);
    await writeFile(file, Buffer.from('7bc3a4ff7d', 'hex'));
    assert.deepEqual(await problemsOf(folder, 'x.batch.json'), [
      `${file} is not UTF-8 throughout: save it as UTF-8.`,
    ]);
  });

  test('K11 11b: a file in UTF-16 with a mark, as PowerShell writes it, is read', async (t) => {
    const folder = await folderWith(t, [read('a')]);
    const file = join(folder, 'x.batch.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, `\ufeff${text.replace('read_file', 'raed_file')}`, 'utf16le');
    assert.match(String(await problemsOf(folder, 'x.batch.json')), /raed_file/);
  });
});

test('a result about a command that is not known claims to be of no kind that is', async (t) => {
  const folder = await temporaryFolder(t);
  for (const args of [
    ['rnu', '--json'],
    ['resume', 's', '--json'],
  ]) {
    const [result] = jsonLines((await cli(folder, ...args)).stdout);
    assert.deepEqual(Object.keys(result ?? {}), ['type', 'kind', 'problems']);
    assert.equal(result?.['kind'], 'unknown');
  }
});

describe('a folder that sessions can not be kept in runs nothing', () => {
  async function refusal(t: TestContext, stateDir: string): Promise<string> {
    const folder = await folderWith(t, [shell('t', 'echo ran > ran.txt')]);
    const args = ['run', 'x.batch.json', '--permission', 'unlimited', '--state-dir', stateDir];
    const { exitCode, stderr } = await cli(folder, ...args);
    assert.equal(exitCode, 2);
    assert.equal(existsSync(join(folder, 'ran.txt')), false);
    return stderr;
  }

  test('a file', async (t) => {
    assert.match(
      await refusal(t, 'a.txt'),
      /^allsettled: Sessions can't be kept in .*a\.txt: .*a\.txt is no folder\. Name another .*--state-dir DIR/,
    );
    assert.match(await refusal(t, 'a.txt/below'), /a\.txt is no folder/);
  });

  test('a folder that nothing can be made in', { skip: process.platform !== 'linux' }, async (t) => {
    assert.match(await refusal(t, '/proc/x/y'), /Sessions can't be kept in \/proc\/x\/y: ENOENT/);
  });
});

test('--report holds the object of the last line', async (t) => {
  const folder = await folderWith(t, [read('a')]);
  const { stdout } = await cli(folder, 'run', 'x.batch.json', '--json', '--report', 'r.json');
  const written: unknown = JSON.parse(await readFile(join(folder, 'r.json'), 'utf8'));
  assert.deepEqual(written, jsonLines(stdout).at(-1));
});

test('a report that has no place keeps the batch from running', async (t) => {
  const folder = await folderWith(t, [shell('t', 'echo ran > ran.txt')]);
  const { exitCode, stderr } = await cli(
    ...([folder, 'run', 'x.batch.json', '--permission', 'unlimited', '--report', 'none/r.json'] as const),
  );
  assert.match(stderr, /--report .*none.* does not exist/);
  assert.equal(existsSync(join(folder, 'ran.txt')), false);
  assert.equal(exitCode, 2);
});

test('a report never replaces the batch file, by whatever name', async (t) => {
  const folder = await folderWith(t, [read('a')]);
  const text = await readFile(join(folder, 'x.batch.json'), 'utf8');
  await symlink('x.batch.json', join(folder, 'link.json'));
  for (const report of ['./x.batch.json', 'link.json']) {
    const { exitCode, stderr } = await cli(folder, 'run', 'x.batch.json', '--report', report);
    assert.match(stderr, /--report .*: this is the batch file itself/);
    assert.equal(exitCode, 2);
    assert.equal(await readFile(join(folder, 'x.batch.json'), 'utf8'), text);
  }
});

describe('the folder of a batch', () => {
  test("is the file's own cwd, relative to the file", async (t) => {
    const folder = await folderWith(t, []);
    await mkdir(join(folder, 'sub'));
    await writeFile(
      join(folder, 'sub', 'y.batch.json'),
      JSON.stringify({ version: 1, cwd: '..', calls: [read('a')] }),
    );
    assert.equal((await cli(folder, 'run', 'sub/y.batch.json')).exitCode, 0);
    const fromBelow = await cli(join(folder, 'sub'), 'run', 'y.batch.json');
    assert.match(fromBelow.stderr, /"cwd": the folder .* lies outside .* Pass --cwd/);
    assert.equal(fromBelow.exitCode, 2);
    assert.equal((await cli(join(folder, 'sub'), 'run', 'y.batch.json', '--cwd', '..')).exitCode, 0);
  });

  test('must exist', async (t) => {
    const { exitCode, stderr } = await cli(
      ...([await folderWith(t, [read('a')]), 'run', 'x.batch.json', '--cwd', 'none'] as const),
    );
    assert.match(stderr, /The folder .*none does not exist/);
    assert.equal(exitCode, 2);
  });
});

test('neither an id of a file nor what a tool prints can drive the terminal', async (t) => {
  const command = String.raw`printf '\033[31mred\033]0;owned\007\r' >&2; exit 1`;
  const folder = await folderWith(t, [shell('\u001b]0;owned\u0007\u001b[2Jt', command)]);
  const { stdout } = await cli(folder, 'run', 'x.batch.json', '--permission', 'unlimited');
  assert.match(stdout, /^t {2}terminal /);
  assert.match(stdout, /red/);
  assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
});

describe('a batch that is stopped', { skip: process.platform === 'win32' }, () => {
  test('by one Ctrl-C cancels its calls, keeps what had settled, and ends with the result', async (t) => {
    const folder = await folderWith(t, [read('a'), { ...shell('t', 'sleep 60'), after: ['a'] }]);
    const run = startCli(folder, 'run', 'x.batch.json', '--json', '--permission', 'unlimited');
    await run.untilPrinted('"type":"call.started","callId":"t"');
    run.child.kill('SIGINT');
    const { exitCode, stdout } = await run.ended;
    const result = jsonLines(stdout).at(-1);
    assert.deepEqual([result?.['succeeded'], result?.['cancelled']], [1, 1]);
    assert.equal(exitCode, 130);
  });

  test('by a second Ctrl-C ends at once', async (t) => {
    const command = `exec 3>alive; trap 'touch stopping' TERM; touch started; while :; do sleep 0.05; done`;
    const folder = await folderWith(t, [shell('t', command)]);
    execFileSync('mkfifo', [join(folder, 'alive')]);
    const alive = createReadStream(join(folder, 'alive')).resume();
    const run = startCli(folder, 'run', 'x.batch.json', '--json', '--permission', 'unlimited');
    await untilFile(folder, 'started');
    run.child.kill('SIGINT');
    await untilFile(folder, 'stopping');
    run.child.kill('SIGINT');
    const { exitCode, stdout } = await run.ended;
    const result = jsonLines(stdout).at(-1);
    assert.deepEqual(
      [result?.['type'], result?.['kind'], result?.['total'], result?.['open']],
      ['result', 'batch', 1, 1],
    );
    assert.equal(jsonLines(stdout).filter(({ type }) => type === 'result').length, 1);
    assert.equal(exitCode, 130);
    // It ends with the last process that holds it open.
    if (!alive.readableEnded) await once(alive, 'end');
  });

  test('because nobody reads its output any more is interrupted, and says so', async (t) => {
    // A reader that is gone is noticed when there is something to tell it.
    const gate = shell('gate', 'until [ -e go ]; do sleep 0.05; done');
    const folder = await folderWith(t, [gate, { ...shell('t', 'sleep 60'), after: ['gate'] }]);
    const run = startCli(folder, 'run', 'x.batch.json', '--json', '--permission', 'unlimited');
    await run.untilPrinted('"type":"session.started"');
    run.child.stdout?.destroy();
    await writeFile(join(folder, 'go'), '');
    const { exitCode, stderr } = await run.ended;
    assert.match(stderr, /its reader has gone away\.\nGo on with it: allsettled resume /);
    assert.equal(exitCode, 3);
  });
});

test('help and version are answered', async (t) => {
  const folder = await temporaryFolder(t);
  assert.match((await cli(folder, '--help')).stdout, /allsettled run FILE/);
  assert.match((await cli(folder, '--version')).stdout, /^\d+\.\d+\.\d+\n$/);
});
