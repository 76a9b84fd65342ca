/** Where the program can't start as it should. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { nodeProblem, oldestNode } from '../../../src/cli/nodeVersion.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { jsonLines } from './cliProcess.ts';

const project = path.join(import.meta.dirname, '../../..');
const main = path.join(project, 'src/cli/main.ts');

describe('part 2 s: in a folder that is gone', { skip: process.platform === 'win32' }, () => {
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
  const inGone = async (t: Parameters<typeof temporaryFolder>[0], ...args: readonly string[]) => {
    const cwd = await temporaryFolder(t);
    const command = ['-c', script, 'sh', process.execPath, main, ...args];
    return spawnSync('sh', command, { cwd, encoding: 'utf8', input: '' });
  };
  const words = /The folder that this was started in is gone\. Change to one that exists\./;

  for (const args of [
    ['run', 'a.batch.json'],
    ['agent', 'Go'],
    ['agents', 'a.agents.json'],
    ['resume', 'x'],
  ])
    test(`${args[0]} says so and runs nothing`, async (t) => {
      const plain = await inGone(t, ...args);
      assert.match(plain.stderr, words);
      assert.deepEqual([plain.status, plain.stdout], [2, '']);
      const json = await inGone(t, ...args, '--json');
      const results = jsonLines(json.stdout);
      assert.deepEqual([json.status, json.stderr, results.length], [2, '', 1]);
      assert.equal(results[0]?.['type'], 'result');
      assert.match(JSON.stringify(results[0]?.['problems']), words);
    });

  test('--version and --help are answered', async (t) => {
    const version = await inGone(t, '--version');
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    const help = await inGone(t, '--help');
    assert.match(help.stdout, /allsettled run FILE/);
    assert.deepEqual([version.status, version.stderr, help.status, help.stderr], [0, '', 0, '']);
  });
});

describe('a Node.js that is too old', () => {
  const old = `data:text/javascript,Object.defineProperty(process,'version',{value:'v20.20.2'})`;
  const start = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--import', old, main, ...args], { encoding: 'utf8' });

  test('is named, with the version that is needed', () => {
    const { status, stdout, stderr } = start('--version');
    assert.match(stderr, /^allsettled: Node\.js 22 or newer is needed, and \S+ is v20\.20\.2\./);
    assert.deepEqual([status, stdout], [2, '']);
  });

  test('is named in a result for a script', () => {
    const { status, stdout, stderr } = start('run', 'x', '--json');
    const [result] = jsonLines(stdout);
    assert.deepEqual([status, stderr, result?.['type'], result?.['kind']], [2, '', 'result', 'unknown']);
  });

  test('is one before the oldest of the manifest', () => {
    const manifest = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')) as {
      readonly engines: { readonly node: string };
    };
    assert.equal(manifest.engines.node, `>=${oldestNode}`);
    assert.equal(nodeProblem('v22.0.0', 'node'), undefined);
    assert.match(nodeProblem('v8.1.0', '/bin/node') ?? '', /\/bin\/node is v8\.1\.0/);
  });

  test('can load the file that names it: it imports nothing else at once', () => {
    const source = readFileSync(main, 'utf8');
    assert.deepEqual(source.match(/^import .*$/gm), ["import { nodeProblem } from './nodeVersion.ts';"]);
    assert.doesNotMatch(readFileSync(path.join(project, 'src/cli/nodeVersion.ts'), 'utf8'), /^import /m);
  });
});
