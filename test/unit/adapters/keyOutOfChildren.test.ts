import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { childEnvironment } from '../../../src/adapters/node/environment.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { recordOutput } from '../../../src/adapters/node/recordOutput.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import type { CapturedStream, ProcessSpec } from '../../../src/core/processPorts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const key = 'sk-ant-api03-AbCdEf_0123-xyz';

function textOf({ kept }: CapturedStream): string {
  return kept.isWhole ? kept.text : `${kept.head}[...]${kept.tail}`;
}

test('a key in what a command writes is masked in all that is kept and shown, wherever its pieces end', async (t) => {
  const outputFile = path.join(await temporaryFolder(t), 'output.txt');
  const line = `é ${key} €\n`;
  const bytes = Buffer.from(line);
  for (let at = 0; at <= bytes.length; at += 1) {
    const child = { stdout: new PassThrough(), stderr: new PassThrough() };
    let shown = '';
    const onChunk = (_: string, chunk: string): void => void (shown += chunk);
    const recording = recordOutput(child, { outputFile, onChunk }, Infinity, [key]);
    for (const stream of [child.stdout, child.stderr])
      for (const piece of [bytes.subarray(0, at), bytes.subarray(at)]) {
        stream.write(piece);
        await nextTurn();
      }
    child.stdout.end();
    child.stderr.end();
    const { stdout, stderr } = await recording.finish();
    const expected = 'é [API key] €\n';
    assert.deepEqual([textOf(stdout), textOf(stderr)], [expected, expected], `cut at ${at}`);
    assert.equal(await readFile(outputFile, 'utf8'), `${expected}\n--- stderr ---\n${expected}`);
    assert.equal(shown, expected + expected);
  }
});

test('what looked like the beginning of a key and was none is kept', async () => {
  const child = { stdout: new PassThrough(), stderr: new PassThrough() };
  const recording = recordOutput(child, {}, Infinity, [key]);
  child.stdout.write('it begins with sk-ant');
  await nextTurn();
  assert.equal(textOf((await recording.finish()).stdout), 'it begins with sk-ant');
});

const environment = {
  ...process.env,
  ANTHROPIC_API_KEY: key,
  ANTHROPIC_AUTH_TOKEN: 'token-secret',
  ANTHROPIC_CUSTOM_HEADERS: 'x-secret: 1',
  ANTHROPIC_BASE_URL: 'https://secret.example',
  anthropic_other: 'other-secret',
  MY_OWN_NAME: key,
  AS_HEADER: `Bearer ${key}`,
  PLAIN: 'plain',
};

test('no variable of the API is in the environment of a child, whatever its case', () => {
  const left = childEnvironment(environment);
  const names = Object.keys(left).filter((name) => /anthropic/i.test(name));
  assert.deepEqual(names, []);
});

async function run(t: TestContext, command: ProcessSpec['command']): Promise<string> {
  const cwd = await temporaryFolder(t);
  const processes = createProcesses({
    clock: nodeClock,
    baseEnv: environment,
    apiKey: () => Promise.resolve(`${key}\n`),
  });
  const end = await processes.run({ command, cwd, signal: new AbortController().signal });
  assert.ok(end.kind === 'exited', end.kind);
  return textOf(end.output.stdout) + textOf(end.output.stderr);
}

test('neither a command line nor a program finds the key in its environment, under no name', async (t) => {
  const shell = await run(t, { kind: 'shell', line: 'env; echo "$MY_OWN_NAME$AS_HEADER"' });
  const program = await run(t, { kind: 'program', file: 'env', args: [] });
  const git = await run(t, {
    kind: 'program',
    file: 'git',
    args: ['-c', 'alias.show-env=!env', 'show-env'],
  });
  for (const seen of [shell, program, git]) {
    assert.doesNotMatch(seen, /secret|MY_OWN_NAME|AS_HEADER|ANTHROPIC|API key/i);
    assert.match(seen, /^PLAIN=plain$/m);
  }
});

test('ripgrep is started without the variables of the API', async (t) => {
  const folder = await temporaryFolder(t);
  const script = path.join(folder, 'rg');
  await writeFile(script, `#!/bin/sh\nenv >'${folder}/seen'\n`, { mode: 0o755 });
  await writeFile(path.join(folder, 'a.txt'), 'a');
  const names = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'] as const;
  for (const name of names) process.env[name] = 'secret';
  t.after(() => names.forEach((name) => delete process.env[name]));
  const search = createTextSearch({ files: createFiles(), ripgrepPath: () => Promise.resolve(script) });
  const query = { pattern: 'a', isRegex: false, path: folder, maxMatches: 1 };
  await search.search(query, new AbortController().signal);
  assert.doesNotMatch(await readFile(path.join(folder, 'seen'), 'utf8'), /ANTHROPIC|secret/);
});

test('a key that the machine does not give leaves commands as they are', async (t) => {
  const cwd = await temporaryFolder(t);
  const apiKey = (): Promise<string> => Promise.reject(new Error('locked'));
  const processes = createProcesses({ clock: nodeClock, apiKey });
  const command = { kind: 'shell', line: 'echo ran' } as const;
  const end = await processes.run({ command, cwd, signal: new AbortController().signal });
  assert.equal(end.kind === 'exited' && textOf(end.output.stdout), 'ran\n');
});
