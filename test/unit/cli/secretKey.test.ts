/** The key stands nowhere that a run leaves something: not on disk, not in what is printed, not in what the model is sent. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { maskedTerminal } from '../../../src/cli/maskedTerminal.ts';
import { agentScripts, asksFor, says, spawns, type AgentScripts } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { startCliWithKey } from './cliProcess.ts';

/** The one that the process gets; see cliProcess.ts. */
const key = 'test-key';
const [beginning, end] = ['tes', 't-key'];

async function workspace(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, 'notes'));
  await writeFile(path.join(folder, 'notes', 'secret.txt'), `KEY=${key}\n`);
  await writeFile(path.join(folder, 'leak.mjs'), leak);
  return folder;
}

/** Writes the key in two pieces to both streams, and what it found in its environment. */
const leak = `
  const pause = () => new Promise((resolve) => setImmediate(resolve));
  for (const stream of [process.stdout, process.stderr]) {
    stream.write('begin ' + ${JSON.stringify(beginning)});
    await pause();
    stream.write(${JSON.stringify(end)} + ' end\\n');
  }
  console.log(JSON.stringify(process.env));
  process.exitCode = 3;`;

/** Each file below a folder that holds the key. */
async function holders(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    if ((await stat(file)).isFile() && (await readFile(file)).includes(key)) found.push(name);
  }
  return found;
}

async function leakingScripts(t: TestContext): Promise<AgentScripts> {
  return agentScripts(t, {
    root: [
      asksFor(
        ['c1', 'terminal', { command: `"${process.execPath}" leak.mjs` }],
        [
          'c2',
          'terminal',
          { command: 'cat notes/secret.txt; yes filler | head -n 20000; cat notes/secret.txt >&2' },
        ],
        ['c3', 'read_file', { path: 'notes/secret.txt' }],
        ['c4', 'search_text', { pattern: 'KEY', path: 'notes' }],
        ['c5', 'git', { args: ['diff', '--no-index', '--', 'leak.mjs', 'notes/secret.txt'] }],
        [
          'c6',
          'edit_file',
          { path: 'notes/secret.txt', edits: [{ oldText: `KEY=${key}`, newText: 'KEY=' }] },
        ],
        spawns('c7', 'kid', { saveFile: 'answer.txt' }),
      ),
      says(`Your key is ${key}, as ${key}.`),
    ],
    kid: [says(`It is ${key}.`)],
  });
}

for (const json of [['--json'], []])
  test(`an agent that comes upon the key in many ways leaves it nowhere (${json[0] ?? 'for a person'})`, async (t) => {
    const scripts = await leakingScripts(t);
    const folder = await workspace(t);
    const run = startCliWithKey(
      folder,
      'agent',
      `Lead with ${key} root`,
      ...json,
      '--permission',
      'unlimited',
      '--base-url',
      scripts.server.url,
      '--state-dir',
      path.join(folder, 'state'),
    );
    const { stdout, stderr } = await run.ended;
    for (const printed of [stdout, stderr]) assert.ok(!printed.includes(key), printed);
    assert.match(stdout, /Your key is \[API key\], as \[API key\]\./);
    assert.deepEqual(await holders(path.join(folder, 'state')), []);
    assert.match(await readFile(path.join(folder, 'answer.txt'), 'utf8'), /It is \[API key\]\./);
    const sent = JSON.stringify([...scripts.requestsOf('root'), ...scripts.requestsOf('kid')]);
    assert.ok(!sent.includes(key));
    assert.match(sent, /begin \[API key\] end/);
    // The edit took it out of the one file that held it, whose text from before was not kept.
    assert.equal(await readFile(path.join(folder, 'notes', 'secret.txt'), 'utf8'), 'KEY=\n');
    assert.deepEqual(await holders(folder), []);
  });

test('a batch file that comes upon the key leaves it nowhere, though it asks the API for nothing', async (t) => {
  const folder = await workspace(t);
  const call = (id: string, tool: string, input: object): object => ({ id, tool, input });
  const batch = {
    version: 1,
    calls: [
      call('a', 'terminal', { command: `"${process.execPath}" leak.mjs` }),
      call('b', 'read_file', { path: 'notes/secret.txt' }),
    ],
  };
  await writeFile(path.join(folder, 'a.batch.json'), JSON.stringify(batch));
  const run = startCliWithKey(
    folder,
    'run',
    'a.batch.json',
    '--json',
    '--permission',
    'unlimited',
    '--report',
    'report.json',
    '--state-dir',
    'state',
  );
  const { stdout, stderr } = await run.ended;
  assert.ok(!(stdout + stderr).includes(key));
  assert.match(stdout, /begin \[API key\] end/);
  assert.deepEqual(await holders(folder), ['notes/secret.txt']);
});

test('a terminal shows the key in no pieces, and all that is none', async () => {
  let shown = '';
  const terminal = {
    isWatched: true,
    out: (text: string) => void (shown += text),
    err: (text: string) => void (shown += `<${text}>`),
    flushed: () => Promise.resolve(),
    lost: () => undefined,
  };
  const masked = maskedTerminal(terminal, 'sk-ant-1234');
  for (const piece of ['a sk-a', 'nt-12', '34 b sk-', 'x c sk-ant']) masked.out(piece);
  assert.equal(shown, 'a [API key] b sk-x c ');
  await masked.flushed();
  assert.equal(shown, 'a [API key] b sk-x c sk-ant<>');
  assert.equal(maskedTerminal(terminal, undefined), terminal);
});
