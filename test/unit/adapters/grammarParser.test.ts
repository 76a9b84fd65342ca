import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { loadGrammar } from '../../../src/adapters/node/grammarParser.ts';

const module = path.resolve(import.meta.dirname, '../../../src/adapters/node/grammarParser.ts');

const program = `
  const { loadGrammar } = await import(process.argv[1]);
  const parse = await loadGrammar(process.argv[2]);
  for (let index = 0; index < 300; index += 1) parse('grep -rn foo' + index + ' . | head -20');
`;

for (const language of ['bash', 'powershell']) {
  test(`X3: V8 compiles the grammar of ${language} once and never optimises it`, async () => {
    const args = ['--trace-wasm-compilation-times', '--input-type=module', '-e', program, module, language];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
    assert.match(stdout, /using Liftoff/);
    assert.doesNotMatch(stdout, /using TurboFan/);
  });
}

test('X3: a faulty line that is given up leaves nothing for the next line', async () => {
  const parse = await loadGrammar('bash');
  // Recovery from these faults takes seconds.
  assert.equal(parse('a=('.repeat(3000)), undefined);
  assert.equal(parse('ls')?.type, 'program');
  assert.equal(parse('ls')?.end, 2);
});
