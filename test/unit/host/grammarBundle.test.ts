import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { asCommonJs, asModule, common, copyGrammars } from '../../host/build.ts';
import { projectFolder } from '../../host/paths.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const run = promisify(execFile);

const program = `
  import { createShellGrammar } from './src/adapters/node/shellGrammar.ts';
  const log = { warn: (message) => console.log(message) };
  void createShellGrammar({ log, language: process.argv[2] }).parse('ls | wc').then((tree) => console.log(tree?.type));
`;

const formats = {
  'the extension': [asCommonJs, 'out.cjs'],
  'the command line': [asModule, 'out.mjs'],
} as const;

for (const [name, [format, file]] of Object.entries(formats)) {
  test(`in a bundle like that of ${name} the shell's grammar is found beside it alone`, async (t) => {
    const folder = await temporaryFolder(t);
    const outfile = path.join(folder, file);
    const stdin = { contents: program, resolveDir: projectFolder };
    await esbuild.build({ ...common, ...format, stdin, outfile });
    await copyGrammars(folder);
    const workspace = await temporaryFolder(t);
    const answer = async (language: string): Promise<string> =>
      (await run(process.execPath, [outfile, language], { cwd: workspace })).stdout.trim();
    for (const language of ['bash', 'powershell']) assert.equal(await answer(language), 'program');
    await rm(path.join(folder, 'grammars'), { recursive: true });
    assert.match(await answer('bash'), /^The shell's grammar could not be loaded[^]*\nundefined$/);
  });
}
