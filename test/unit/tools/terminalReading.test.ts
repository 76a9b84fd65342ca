import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createPrograms } from '../../../src/adapters/node/programs.ts';
import type { CapturedStream, ProcessEnd, ProcessSpec } from '../../../src/core/processPorts.ts';
import type { Shell } from '../../../src/core/shell.ts';
import type { Tool, ToolContext, ToolResult } from '../../../src/core/tools.ts';
import { withoutTerminal } from '../../../src/tools/noTerminal.ts';
import { createTerminal } from '../../../src/tools/terminal.ts';
import { shellBench, type ShellBench } from '../safety/shellBench.ts';
import { toolBench } from './toolBench.ts';

interface TerminalBench extends ShellBench {
  readonly terminal: Tool;
  /** What was asked of the processes. */
  readonly specs: readonly ProcessSpec[];
  readonly run: (command: string, more?: Partial<ToolContext>) => Promise<ToolResult>;
  /** The files that the command is bound to, relative to the root, with `-` for one that is absent. */
  readonly bound: (command: string, cwd?: string) => Promise<string[]>;
}

const silence: CapturedStream = {
  kept: { isWhole: true, text: '' },
  shown: { isWhole: true, text: '' },
  bytes: 0,
  isBinary: false,
  firstLine: 1,
};

async function terminalBench(t: TestContext, shell: Partial<Shell> = {}): Promise<TerminalBench> {
  const bench = await shellBench(t, shell);
  const specs: ProcessSpec[] = [];
  const end: ProcessEnd = { kind: 'exited', exitCode: 0, output: { stdout: silence, stderr: silence } };
  const processes = {
    run: (spec: ProcessSpec) => (specs.push(spec), Promise.resolve(end)),
    killAll: () => undefined,
  };
  const terminal = createTerminal({ ...bench.ports, processes });
  const place = { sessionId: 's', cwd: bench.root, roots: [bench.root] };
  return {
    ...bench,
    terminal,
    specs,
    run: (command, more) => terminal.run({ command }, { ...contextIn(bench.root), ...more }),
    async bound(command, cwd) {
      const files = (await terminal.boundTo?.({ command, cwd }, place)) ?? [];
      return files.map(
        ({ path: file, hash }) => (hash === null ? '-' : '') + path.relative(bench.root, file),
      );
    },
  };
}

function contextIn(root: string): ToolContext {
  return {
    sessionId: 'session',
    callId: 'call',
    permission: 'unlimited',
    cwd: root,
    roots: [root],
    outputFile: path.join(root, 'output'),
    signal: new AbortController().signal,
    runCalls: () => Promise.reject(new Error('no container')),
    show: () => undefined,
  };
}

test('a command that provably reads has access to read, and reads the trees of its roots', async (t) => {
  const { terminal, root } = await terminalBench(t);
  const place = { sessionId: 's', cwd: root, roots: [root] };
  assert.equal(await terminal.accessOf?.({ command: 'cat file | wc -l' }, place), 'read');
  assert.deepEqual(await terminal.effects({ command: 'cat file | wc -l' }, place), {
    kind: 'known',
    reads: [`tree:${root}`],
    writes: [],
  });
});

test('every other command is a command with unknown effects', async (t) => {
  const { terminal, root } = await terminalBench(t);
  const place = { sessionId: 's', cwd: root, roots: [root] };
  for (const command of ['npm test', 'cat /etc/passwd', 'cat "', 'ls > out', '\0']) {
    assert.equal(await terminal.accessOf?.({ command }, place), 'command', command);
    assert.deepEqual(await terminal.effects({ command }, place), { kind: 'unknown' }, command);
  }
  assert.equal(await terminal.accessOf?.({ command: 'ls', cwd: '..' }, place), 'command');
});

test('the folder of the call is the one that its paths start from', async (t) => {
  const { terminal, root } = await terminalBench(t);
  const place = { sessionId: 's', cwd: root, roots: [root] };
  assert.equal(await terminal.accessOf?.({ command: 'cat ../file', cwd: 'sub' }, place), 'read');
  assert.equal(await terminal.accessOf?.({ command: 'cat ../file' }, place), 'command');
});

test('of several roots those are read that the command names', async (t) => {
  const { terminal, root } = await terminalBench(t);
  const other = path.join(path.dirname(root), 'root-twin');
  const place = { sessionId: 's', cwd: path.join(root, 'sub'), roots: [root, other] };
  const effects = async (command: string): Promise<unknown> => terminal.effects({ command }, place);
  const known = (...roots: string[]): unknown => ({
    kind: 'known',
    reads: roots.map((each) => `tree:${each}`),
    writes: [],
  });
  assert.deepEqual(await effects('ls'), known(root));
  assert.deepEqual(await effects(`cat ${other}/secret`), known(root, other));
});

test('a command that reads gets nothing of the environment but a PATH outside of the workspace', async (t) => {
  const { run, specs } = await terminalBench(t);
  assert.ok((await run('cat file', { permission: 'read-only' })).ok);
  const { withoutEnv, env, command } = specs[0] ?? {};
  assert.deepEqual(
    { withoutEnv, env, command },
    {
      withoutEnv: ['*'],
      env: {
        PATH: '/usr/bin',
        LC_ALL: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8',
        TERM: 'dumb',
      },
      command: { kind: 'shell', line: 'cat file' },
    },
  );
});

test("where the terminal is PowerShell, its reading commands get what PowerShell needs and load only PowerShell's modules", async (t) => {
  const { run, specs, terminal, root } = await terminalBench(t, { language: 'powershell' });
  assert.ok((await run('Get-Content file | Measure-Object -Line', { permission: 'read-only' })).ok);
  const { withoutEnv, env = {}, loads } = specs[0] ?? {};
  assert.deepEqual([withoutEnv, loads], [['*'], 'ownModules']);
  assert.equal(env.PATH, 'C:\\Windows\\System32');
  const place = { sessionId: 's', cwd: root, roots: [root] };
  assert.equal(await terminal.accessOf?.({ command: 'Get-Content file' }, place), 'read');
  for (const command of ['Get-Content file -Wait', 'head -n 5 file', 'git status', 'cat $HOME', 'ls && ls'])
    assert.equal(await terminal.accessOf?.({ command }, place), 'command', command);
});

test("a line is judged by the rules of the terminal's own language", async (t) => {
  const [bash, powerShell] = [await shellBench(t), await shellBench(t, { language: 'powershell' })];
  for (const line of ['ls -la', 'head -n 5 file', 'pwd && ls', 'cat file other']) {
    assert.ok(await bash.isReading(line), line);
    assert.ok(!(await powerShell.isReading(line)), line);
  }
  for (const line of ['ls -Force', 'Get-Content file', 'LS']) {
    assert.ok(await powerShell.isReading(line), line);
    assert.ok(!(await bash.isReading(line)), line);
  }
});

test('a command that a person approved keeps the environment and the PATH of the user, but for editors and pagers', async (t) => {
  const { run, specs } = await terminalBench(t);
  assert.ok((await run('npm test')).ok);
  const { withoutEnv, env, loads } = specs[0] ?? {};
  assert.deepEqual([withoutEnv, env, loads], [withoutTerminal.withoutEnv, withoutTerminal.env, undefined]);
  assert.deepEqual([env?.PATH, withoutEnv?.some((name) => name.includes('*'))], [undefined, false]);
});

test('what is no longer a reading when its turn comes is not run where only reading is allowed', async (t) => {
  const { run, specs, root } = await terminalBench(t);
  assert.ok((await run('cat sub/file', { permission: 'read-only' })).ok);
  await rm(path.join(root, 'sub'), { recursive: true });
  await symlink('../root-twin', path.join(root, 'sub'));
  const late = await run('cat sub/secret', { permission: 'read-only' });
  assert.ok(!late.ok);
  assert.equal(late.error.kind, 'refused');
  const allowed = await run('cat sub/secret', { permission: 'workspace-write', allowedAs: 'read' });
  assert.ok(!allowed.ok);
  assert.equal(specs.length, 1);
});

test('a program of the workspace is not run in place of the one that was meant', async (t) => {
  const bench = await toolBench(t);
  await mkdir(path.join(bench.root, 'bin'));
  await writeFile(path.join(bench.root, 'bin/cat'), '#!/bin/sh\necho hostile\n', { mode: 0o755 });
  await writeFile(path.join(bench.root, 'file'), 'text\n');
  const hostile = { ...process.env, PATH: `${bench.root}/bin:bin:.:${process.env.PATH ?? ''}` };
  const programs = createPrograms(hostile);
  const searchPath = await programs.searchPath(['cat'], [bench.root]);
  assert.ok(
    searchPath !== undefined && !searchPath.split(':').some((folder) => folder.startsWith(bench.root)),
  );
});

test('variables, start-up files and functions of the environment reach no command that reads', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'file'), 'text\n');
  await writeFile(path.join(bench.root, 'startup'), 'echo hostile\n');
  const hostile = {
    BASH_ENV: path.join(bench.root, 'startup'),
    'BASH_FUNC_cat%%': '() { echo hostile; }',
    GREP_COLORS: 'hostile',
    LD_PRELOAD: path.join(bench.root, 'startup'),
    SHELLOPTS: 'xtrace',
  };
  Object.assign(process.env, hostile);
  t.after(() => Object.keys(hostile).forEach((name) => delete process.env[name]));
  assert.equal(await bench.text('terminal', { command: 'cat file' }), 'exit 0\nstdout:\ntext');
  assert.match(await bench.text('terminal', { command: 'A=1; cat file' }), /hostile/, 'the attack works');
});

test('an approval is bound to the scripts that the command names, by their bytes', async (t) => {
  const { terminal, root, bound } = await terminalBench(t);
  await writeFile(path.join(root, 'run.sh'), 'echo 1\n');
  const place = { sessionId: 's', cwd: root, roots: [root] };
  const hash = createHash('sha256').update('echo 1\n').digest('hex');
  assert.deepEqual(await terminal.boundTo?.({ command: './run.sh --fast' }, place), [
    { path: path.join(root, 'run.sh'), hash },
  ]);
  for (const command of [
    'bash run.sh',
    'bash "run.sh" $X',
    'sh -c ./run.sh',
    'X=$(./run.sh)',
    '. run.sh|cat',
  ])
    assert.deepEqual(await bound(command), ['run.sh'], command);
});

test('the script of a line that is no shell is bound, too', async (t) => {
  const { root, bound } = await terminalBench(t);
  await writeFile(path.join(root, 'a b.sh'), '');
  await writeFile(path.join(root, 'c.sh'), '');
  assert.deepEqual(await bound(`bash 'a b.sh' "`), ['-b.sh', 'a b.sh']);
  assert.deepEqual(await bound('if ./c.sh; then <<<'), ['c.sh']);
});

test('a script that is not there is bound as absent, and a word that is no file is not', async (t) => {
  const { bound } = await terminalBench(t);
  assert.deepEqual(await bound('./later.sh x; node later.mjs'), ['-later.sh', '-later.mjs']);
  assert.deepEqual(await bound('echo hello world'), []);
});

test('what an interpreter completes to a script is bound', async (t) => {
  const { root, bound } = await terminalBench(t);
  await mkdir(path.join(root, 'tool'));
  for (const file of ['main.js', 'tool/index.js']) await writeFile(path.join(root, file), '');
  assert.deepEqual(await bound('node main'), ['main.js', '-main']);
  assert.ok((await bound('node tool')).includes('tool/index.js'));
});

test('what build tools take their orders from is bound, from the folder upwards', async (t) => {
  const { root, bound } = await terminalBench(t);
  await writeFile(path.join(root, 'package.json'), '{}');
  await writeFile(path.join(root, 'Makefile'), '');
  assert.deepEqual(await bound('npm test'), ['package.json']);
  assert.deepEqual(await bound('pnpm run build', 'sub'), ['-sub/package.json', 'package.json']);
  assert.deepEqual(await bound('cd sub && npm test'), ['package.json', '-sub/package.json']);
  assert.deepEqual(await bound('make all'), ['-GNUmakefile', '-makefile', 'Makefile']);
});

test('nothing outside of the workspace is bound, and nothing that is no regular file', async (t) => {
  const { bound } = await terminalBench(t);
  assert.deepEqual(await bound('bash /etc/profile out/secret ../root-twin/secret'), []);
  assert.deepEqual(await bound('ls sub in out /dev/null'), []);
});

test('a file that changed has another hash, and a command that names more than can be looked at is bound to nothing', async (t) => {
  const { terminal, root, bound } = await terminalBench(t);
  const place = { sessionId: 's', cwd: root, roots: [root] };
  const hashOf = async (): Promise<unknown> =>
    (await terminal.boundTo?.({ command: 'sh file' }, place))?.map(({ hash }) => hash);
  const before = await hashOf();
  await writeFile(path.join(root, 'file'), 'changed');
  assert.notDeepEqual(await hashOf(), before);
  const many = Array.from({ length: 5000 }, (_, index) => `./s${index}.sh`).join(' ');
  await assert.rejects(bound(many), /more than can be looked at/);
});

test('a script is bound also among many words and folders, and where its name is quoted in parts', async (t) => {
  const { root, bound } = await terminalBench(t);
  await writeFile(path.join(root, 'run'), '');
  const words = (count: number, end: string): string =>
    Array.from({ length: count }, (_, index) => `w${index}${end}`).join(' ');
  assert.ok((await bound(`sh run ${words(200, '.sh')}`)).includes('run'));
  assert.ok((await bound(`echo ${words(2000, '')}; sh run`)).includes('run'));
  for (const folder of ['a', 'b', 'c', 'd', 'e']) await mkdir(path.join(root, folder));
  await writeFile(path.join(root, 'e/other'), '');
  assert.ok((await bound('ls a b c d; cd e && sh other')).includes('e/other'));
  for (const command of ["sh r'u'n; echo $X", 'sh "r"un $X', String.raw`sh r\un $X`])
    assert.deepEqual(await bound(command), ['run'], command);
});

test('a folder that a link leads to is bound, so that what was allowed in a folder runs in no other', async (t) => {
  const { root, bound } = await terminalBench(t);
  await mkdir(path.join(root, 'build'));
  assert.deepEqual(await bound('rm -rf .', 'build'), []);
  await rm(path.join(root, 'build'), { recursive: true });
  await symlink('sub', path.join(root, 'build'));
  assert.deepEqual(await bound('rm -rf .', 'build'), ['sub']);
  await rm(path.join(root, 'build'));
  await symlink('sub/deep', path.join(root, 'build'));
  assert.deepEqual(await bound('rm -rf .', './build'), ['sub/deep']);
});
