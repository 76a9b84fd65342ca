import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingEnvironment } from '../../../src/adapters/node/readingEnvironment.ts';
import { shellCommand, type ShellCommand } from '../../../src/adapters/node/shellCommand.ts';
import { loadGrammar } from '../../../src/adapters/node/grammarParser.ts';
import { createShellGrammar } from '../../../src/adapters/node/shellGrammar.ts';
import { strictLog } from '../../fixtures/memorySession.ts';

const windows = { SystemRoot: 'D:\\Windows', Path: 'C:\\repo', PSModulePath: 'C:\\repo\\modules' };
const grammar = createShellGrammar({ log: strictLog, load: () => loadGrammar('powershell') });

function onWindows(line: string, loads?: 'ownModules'): ShellCommand {
  return shellCommand(line, windows, { platform: 'win32', loads });
}

/** The whole of what PowerShell is told to run, and what of it is the line with its ending. */
function scripts({ args, added }: ShellCommand): { readonly script: string; readonly line: string } {
  return { script: args.at(-1) ?? '', line: Object.values(added).join() };
}

test('on Linux and macOS a line is bash, and sh where there is no bash', () => {
  assert.deepEqual(shellCommand('ls $X', {}, { platform: 'linux', hasBash: true }), {
    file: '/bin/bash',
    args: ['--noprofile', '--norc', '-c', 'ls $X'],
    added: {},
  });
  assert.deepEqual(shellCommand('ls', {}, { platform: 'darwin', hasBash: false }), {
    file: '/bin/sh',
    args: ['-c', 'ls'],
    added: {},
  });
});

test('on Windows a line is PowerShell, that of the system and no other, without profile and questions', () => {
  const { file, args } = onWindows('ls');
  assert.equal(file, 'D:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
  assert.deepEqual(args.slice(0, -1), [
    '-NoLogo',
    '-NoProfile',
    '-NonInteractive',
    '-ExecutionPolicy',
    'RemoteSigned',
    '-Command',
  ]);
});

test('a folder of the system that is no absolute path is not believed', () => {
  for (const SYSTEMROOT of ['', 'repo', '\\repo', '\\\\host\\share', undefined]) {
    const { file } = shellCommand('ls', { SYSTEMROOT }, { platform: 'win32' });
    assert.equal(file, 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
  }
});

const awkward = [
  'echo "a b" \'c\'',
  'echo %PATH% ^& !x! \\"',
  'a"; exit; "',
  "'@\n`",
  '$x | ForEach-Object { "$_" }',
];

test('no character of the line is quoted, escaped or among the arguments', () => {
  const plain = scripts(onWindows('')).script;
  assert.doesNotMatch(plain, /"/);
  for (const line of awkward) {
    const ran = scripts(onWindows(line));
    assert.equal(ran.script, plain);
    assert.ok(ran.line.startsWith(`${line}\n`), line);
  }
});

test('what stands around the line is PowerShell to the grammar, and ends with the exit code of the line', async () => {
  for (const line of ['ls', 'ls # comment', 'npm test;', 'if ($x) { ls }', 'git log 2>&1 | Out-String']) {
    const ran = scripts(onWindows(line));
    assert.ok(await grammar.parse(ran.script), ran.script);
    assert.ok(await grammar.parse(ran.line), ran.line);
    assert.match(ran.line, /exit \$LASTEXITCODE[^]*exit 1$/);
  }
});

test('a line that is not complete takes nothing of what stands behind it', async () => {
  const { line: ending } = scripts(onWindows(''));
  for (const line of ['ls |', 'ls "', '{ ls', "@'\n", '$x =']) {
    assert.equal(scripts(onWindows(line)).line, line + ending);
    assert.equal(await grammar.parse(line + ending), undefined, line);
  }
  // A backtick at the end of a line joins it with the next, which has nothing to give before its semicolon.
  assert.ok(ending.startsWith('\n;'));
});

test('output is UTF-8, progress is not shown, and what the line starts does not see the line', () => {
  const { script } = scripts(onWindows('ls'));
  assert.match(script, /\$ProgressPreference = 'SilentlyContinue'/);
  assert.match(script, /\[Console\]::OutputEncoding = \[Text\.UTF8Encoding\]::new\(\$false\)/);
  assert.match(
    script,
    /\$env:(\w+)\); \$env:\1 = \$null; if \(\$AllSettledCommand\) { \. \$AllSettledCommand }/,
  );
});

test('a command that was not asked about finds no modules but those of PowerShell itself', () => {
  const setting = "$env:PSModulePath = $PSHOME + '\\Modules'; ";
  assert.ok(scripts(onWindows('ls', 'ownModules')).script.startsWith(setting));
  assert.ok(!scripts(onWindows('ls')).script.includes('PSModulePath'));
});

test('its environment is what PowerShell starts with, and nothing that names a program, a profiler or a folder of modules', () => {
  const environment = {
    ...windows,
    Temp: 'C:\\Temp',
    USERPROFILE: 'C:\\Users\\me',
    COR_PROFILER_PATH: 'C:\\repo\\x.dll',
    COR_ENABLE_PROFILING: '1',
    PATHEXT: '.REPO',
    __PSLockdownPolicy: '0',
    NODE_OPTIONS: '--require ./x',
    ANTHROPIC_API_KEY: 'key',
  };
  assert.deepEqual(readingEnvironment('powershell', '/ignored', environment), {
    TEMP: 'C:\\Temp',
    USERPROFILE: 'C:\\Users\\me',
    SYSTEMROOT: 'D:\\Windows',
    WINDIR: 'D:\\Windows',
    PATH: 'D:\\Windows\\System32',
    PSMODULEPATH: 'D:\\Windows\\System32\\WindowsPowerShell\\v1.0\\Modules',
  });
});

test("bash's gets the PATH that was found for it", () => {
  const { PATH, ...others } = readingEnvironment('bash', '/usr/bin', { HOME: '/home/me', BASH_ENV: 'x' });
  assert.equal(PATH, '/usr/bin');
  assert.deepEqual(Object.keys(others), ['LC_ALL', 'TERM']);
});
