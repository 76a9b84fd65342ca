/** The sources of the API key, and those who can read it then. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findApiKey, takeKeyOf, type KeySource } from '../../../src/cli/apiKey.ts';
import { agentScripts, asksFor, newTexts, says, type AgentScripts } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { jsonLines, type CliEnd } from './cliProcess.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const key = 'sk-from-a-file-0123456789';
const fromEnvironment = 'sk-from-the-environment';
const posix = { skip: process.platform === 'win32' };

interface Bench {
  readonly scripts: AgentScripts;
  readonly workspace: string;
  /** Beside the workspace. */
  readonly keyFile: string;
}

/** A model that asks for one command, and a key file that is its owner's alone. */
async function bench(t: TestContext, command: string): Promise<Bench> {
  const scripts = await agentScripts(t, {
    root: [asksFor(['c', 'terminal', { command }]), says('Done.')],
  });
  const folder = await temporaryFolder(t);
  const workspace = path.join(folder, 'ws');
  await mkdir(workspace);
  const keyFile = path.join(folder, 'key');
  await writeFile(keyFile, `${key}\n`, { mode: 0o600 });
  return { scripts, workspace, keyFile };
}

/** Runs an agent with these options, and what is open for it beside its two outputs. */
async function agent(
  { scripts, workspace }: Bench,
  options: readonly string[],
  input: 'ignore' | 'pipe' = 'ignore',
  third?: number,
): Promise<CliEnd> {
  const args = ['agent', 'Lead root', '--base-url', scripts.server.url, '--state-dir', '../st', ...options];
  const child = spawn(process.execPath, [main, ...args], {
    cwd: workspace,
    env: { ...process.env, ANTHROPIC_API_KEY: fromEnvironment },
    stdio: [input, 'pipe', 'pipe', ...(third === undefined ? [] : [third])],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  child.stdin?.end(`${key}\n`);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, ...text };
}

/** In whatever header it is. */
function keySent({ scripts }: Bench): string {
  const { authorization = '', 'x-api-key': own = '' } = scripts.server.requests[0]?.headers ?? {};
  return `${authorization}${String(own)}`;
}

const unlimited = ['--permission', 'unlimited'];
/** A command that prints what it finds of a key in its parent, in a form that no mask sees. */
const look =
  'cat /proc/$PPID/environ /proc/self/environ | tr "\\0" "\\n" | grep -a sk-from-a | rev; ' +
  'ls -l /proc/$PPID/fd /proc/self/fd | grep "/key$"; cat <&3; echo looked';

describe('E1: a key that is in no environment', posix, () => {
  test('from a file is used, and neither the program nor its commands have it in their environment', async (t) => {
    const it = await bench(t, look);
    const { exitCode, stderr } = await agent(it, [...unlimited, '--api-key-file', it.keyFile]);
    assert.equal(exitCode, 0, stderr);
    assert.match(keySent(it), new RegExp(`${key}$`));
    const [found = ''] = newTexts(it.scripts.requestsOf('root')[1]);
    assert.match(found, /stdout:\nlooked/);
  });

  test('from a descriptor is used, which is closed then', async (t) => {
    const it = await bench(t, look);
    const third = openSync(it.keyFile, 'r');
    const { exitCode, stderr } = await agent(it, [...unlimited, '--api-key-fd', '3'], 'ignore', third);
    closeSync(third);
    assert.equal(exitCode, 0, stderr);
    assert.match(keySent(it), new RegExp(`${key}$`));
    assert.match(newTexts(it.scripts.requestsOf('root')[1])[0] ?? '', /stdout:\nlooked/);
  });

  test('from the standard input is used, and masked where it turns up', async (t) => {
    const it = await bench(t, `echo ${key}`);
    const { exitCode, stdout } = await agent(it, [...unlimited, '--api-key-fd', '0', '--json'], 'pipe');
    assert.equal(exitCode, 0);
    assert.match(keySent(it), new RegExp(`${key}$`));
    assert.ok(!stdout.includes(key));
  });

  test('in a file is out of reach of a confined command', async (t) => {
    const it = await bench(t, `rev '../key'; echo looked`);
    const options = ['--sandbox', 'required', '--api-key-file', '../key'];
    assert.equal((await agent(it, options)).exitCode, 0);
    const [found = ''] = newTexts(it.scripts.requestsOf('root')[1]);
    assert.doesNotMatch(found, new RegExp([...key].reverse().join('')));
    assert.match(found, /looked|commands can't be confined here/);
  });

  test('in a file that others can use is used, with a warning', async (t) => {
    const it = await bench(t, 'echo x');
    await chmod(it.keyFile, 0o644);
    const { exitCode, stderr } = await agent(it, [...unlimited, '--api-key-file', '../key']);
    assert.equal(exitCode, 0);
    assert.match(
      stderr,
      /^allsettled: the key file \.\.\/key can be used by other users \(mode 644\): chmod 600 it\.\n/,
    );
  });
});

test('E1: the environment variable is taken out of the environment', () => {
  const environment = { ANTHROPIC_API_KEY: ' sk-x ', PATH: '/bin' };
  assert.equal(takeKeyOf(environment), 'sk-x');
  assert.deepEqual(environment, { PATH: '/bin' });
  assert.equal(takeKeyOf({ ANTHROPIC_API_KEY: ' ' }), undefined);
});

const bad: readonly (readonly [KeySource, RegExp])[] = [
  [{ kind: 'file', file: 'missing' }, /^--api-key-file missing can't be read: ENOENT/],
  [{ kind: 'file', file: '..' }, /^--api-key-file \.\. is no regular file/],
  [{ kind: 'file', file: '../pipe' }, /is no regular file\. Use --api-key-fd for a pipe\.$/],
  [{ kind: 'file', file: '../empty' }, /^--api-key-file \.\.\/empty is empty: give one line with the key\.$/],
  [
    { kind: 'file', file: '../two' },
    /^--api-key-file \.\.\/two has more than one line or word: give one line with the key alone\.$/,
  ],
  [
    { kind: 'file', file: '../odd' },
    /^--api-key-file \.\.\/odd has a character that no key has: look at the file\.$/,
  ],
  [{ kind: 'file', file: '../long' }, /is too long to be a key/],
  [{ kind: 'descriptor', descriptor: 999 }, /^--api-key-fd 999: no file or pipe is open there\. Open one: /],
];

test('E1: a key that can not be had is named, with what to do instead', posix, async (t) => {
  const folder = await temporaryFolder(t);
  const workspace = path.join(folder, 'ws');
  await mkdir(workspace);
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
  await writeFile(path.join(folder, 'empty'), ' \n');
  await writeFile(path.join(folder, 'two'), `${key}\n${key}\n`);
  await writeFile(path.join(folder, 'odd'), 'sk-ключ');
  await writeFile(path.join(folder, 'long'), 'k'.repeat(20_000));
  for (const [source, message] of bad) {
    const found = await findApiKey(source, workspace, 'of the environment');
    assert.match(found.ok ? 'found' : found.message, message);
  }
});

test('E1: a key file that agents could read is wrong usage, and nothing runs', posix, async (t) => {
  const it = await bench(t, 'echo x');
  await writeFile(path.join(it.workspace, 'inside'), key, { mode: 0o600 });
  execFileSync('ln', ['-s', 'ws/inside', path.join(it.workspace, '../link')]);
  const { exitCode, stdout } = await agent(it, ['--api-key-file', '../link', '--json']);
  assert.equal(exitCode, 2);
  const { type, kind, problems } = jsonLines(stdout).at(-1) ?? {};
  assert.deepEqual([type, kind], ['result', 'agent']);
  assert.match(JSON.stringify(problems), /inside lies in the workspace, where agents can read it/);
  assert.equal(it.scripts.server.requests.length, 0);
});
