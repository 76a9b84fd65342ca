import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { asCommonJs, asModule, buildHelper, common, copyGrammars } from '../../host/build.ts';
import { projectFolder } from '../../host/paths.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const run = promisify(execFile);

const here = `
  import { createShell } from './src/adapters/node/shell.ts';
  const shell = createShell({ warn: (message) => console.log(message) });
  void shell.grammar.parse('ls | wc').then((tree) => console.log(tree?.type));
`;

const inHelper = `
  import { nodeClock } from './src/adapters/node/clock.ts';
  import { createShellWithHelper } from './src/adapters/node/shellWithHelper.ts';
  const shell = createShellWithHelper({ warn: (message) => console.log(message) }, nodeClock);
  void shell.grammar.parse('ls | wc').then((tree) => console.log(tree?.type));
`;

const formats = {
  'the extension': [asCommonJs, 'out.cjs', inHelper],
  'the command line': [asModule, 'out.mjs', here],
} as const;

for (const [name, [format, file, program]] of Object.entries(formats)) {
  test(`in a bundle like that of ${name} the shell's grammar is found beside it alone`, async (t) => {
    const folder = await temporaryFolder(t);
    const outfile = path.join(folder, file);
    const stdin = { contents: program, resolveDir: projectFolder };
    await esbuild.build({ ...common, ...format, stdin, outfile });
    await buildHelper('grammarHelper', folder);
    await copyGrammars(folder);
    const workspace = await temporaryFolder(t);
    const answer = async (): Promise<string> =>
      (await run(process.execPath, [outfile], { cwd: workspace })).stdout.trim();
    assert.equal(await answer(), 'program');
    await rm(path.join(folder, 'grammars'), { recursive: true });
    assert.match(
      await answer(),
      /could not be .*, so (no command counts|it does not count) as reading[^]*\nundefined$/,
    );
  });
}

test('X3: the bundle of the extension holds no grammar, because the host that it shares would have to optimise it', async (t) => {
  const folder = await temporaryFolder(t);
  const outfile = path.join(folder, 'editorRuntime.cjs');
  const entryPoints = ['src/editorRuntime.ts'];
  await esbuild.build({ ...common, ...asCommonJs, entryPoints, outfile, external: ['vscode'] });
  assert.doesNotMatch(await readFile(outfile, 'utf8'), /web-tree-sitter/);
});
