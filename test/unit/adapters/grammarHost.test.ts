import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { GrammarHost, type GrammarHostOptions } from '../../../src/adapters/node/grammarHost.ts';
import { loadGrammar } from '../../../src/adapters/node/grammarParser.ts';
import { createShellGrammar } from '../../../src/adapters/node/shellGrammar.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const helperFile = path.resolve(import.meta.dirname, '../../../src/adapters/node/grammarHelper.ts');

function startHost(t: TestContext, options: Partial<GrammarHostOptions> = {}): GrammarHost {
  const host = new GrammarHost({ language: 'bash', clock: nodeClock, ...options });
  t.after(() => host.dispose());
  return host;
}

/** A helper that is ready, and does this with `request` and `reply`; each of its lives adds a line to the file. */
async function fakeHelper(t: TestContext, answer: string): Promise<string> {
  const file = path.join(await temporaryFolder(t), 'helper.mjs');
  await writeFile(
    file,
    `import { appendFileSync, readFileSync } from 'node:fs';
    const lives = process.argv[1] + '.lives';
    appendFileSync(lives, 'x');
    const life = readFileSync(lives, 'utf8').length;
    const reply = (message) => process.send(message);
    process.on('disconnect', () => process.exit());
    process.on('message', (request) => { ${answer} });
    reply({ kind: 'ready' });`,
  );
  return file;
}

const parsed = `reply({ kind: 'parsed', id: request.id,
  tree: { type: request.line + ' in life ' + life, isNamed: true, start: 0, end: 0, children: [] } });`;

for (const [language, lines] of [
  ['bash', ['ls -la | wc', 'for f in a; do ls; done', 'ls "a', 'ls *.ts && cat a']],
  ['powershell', ['Get-ChildItem | Select-Object -First 3', 'foreach ($f in 1) { ls }', 'ls "a']],
] as const) {
  test(`X3: the helper makes the same trees of ${language} as the grammar in this process`, async (t) => {
    const host = startHost(t, { language });
    const parse = await loadGrammar(language);
    // All are asked at once: none waits for another's answer to be sent.
    const answers = await Promise.allSettled(lines.map((line) => host.parse(line)));
    assert.deepEqual(
      answers,
      lines.map((line) => ({ status: 'fulfilled', value: parse(line) })),
    );
  });
}

test('X3: the helper ends with a host that is killed', async () => {
  const host = `require('node:child_process').fork(process.argv[1], ['bash'], {
    execArgv: [], stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  }).once('message', ({ kind }) => process.stdout.write(kind));`;
  const child = spawn(process.execPath, ['-e', host, helperFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(String(await once(child.stdout, 'data')), 'ready');
  child.kill('SIGKILL');
  // The helper has the pipe too, so the pipe ends with the last of the two.
  assert.equal(await text(child.stdout), '');
});

test('X3: a helper that dies with a line is started again, and that line is asked once more', async (t) => {
  const file = await fakeHelper(t, `if (life === 1) process.kill(process.pid, 'SIGKILL'); else ${parsed}`);
  const host = startHost(t, { helperFile: file });
  assert.equal((await host.parse('ls'))?.type, 'ls in life 2');
  assert.equal((await host.parse('cat'))?.type, 'cat in life 2');
});

test('X3: a line that kills every helper is known by none, and the next line is', async (t) => {
  const file = await fakeHelper(t, `if (request.line === 'bad') process.exit(3); else ${parsed}`);
  const host = startHost(t, { helperFile: file });
  await assert.rejects(host.parse('bad'), {
    message: 'The program that parses command lines broke off: it ended (3).',
  });
  assert.equal((await host.parse('ls'))?.type, 'ls in life 3');
});

test('X3: a helper that can not start makes no line a reading one, says why, and is tried again later', async (t) => {
  let now = 0;
  const clock = { monotonicMs: () => now, after: () => ({ dispose: () => undefined }) };
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'helper.mjs');
  const host = startHost(t, { helperFile: file, clock });
  const warnings: string[] = [];
  const log = { warn: (message: string) => void warnings.push(message) };
  const grammar = createShellGrammar({ log, load: () => Promise.resolve((line) => host.parse(line)) });
  assert.equal(await grammar.parse('ls'), undefined);
  const real = await fakeHelper(t, parsed);
  await writeFile(file, `process.argv[1] = ${JSON.stringify(real)}; await import(${JSON.stringify(real)});`);
  now = 29_999;
  assert.equal(await grammar.parse('ls'), undefined);
  assert.match(
    warnings.join('\n'),
    /does not count as reading: The program .* broke off: it ended \(1\)\.$/m,
  );
  now = 30_000;
  assert.equal((await grammar.parse('ls'))?.type, 'ls in life 1');
});

test('X3: a helper that does not answer in time is ended, and other lines are asked of the next', async (t) => {
  const timers: (() => void)[] = [];
  const clock = {
    monotonicMs: () => 0,
    after(_delayMs: number, callback: () => void) {
      timers.push(callback);
      return { dispose: () => undefined };
    },
  };
  const file = await fakeHelper(t, `if (life > 1 || request.line === 'first') ${parsed}`);
  const host = startHost(t, { helperFile: file, clock });
  assert.equal((await host.parse('first'))?.type, 'first in life 1');
  const [slow, other] = [host.parse('slow'), host.parse('other')];
  timers[1]?.();
  await assert.rejects(slow, { message: 'no answer came within 10 s' });
  assert.equal((await other)?.type, 'other in life 2');
});

test('X3: a disposed host answers no more', async (t) => {
  const host = startHost(t);
  await host.parse('ls');
  host.dispose();
  await assert.rejects(host.parse('ls'), { message: 'This program is about to end.' });
});
