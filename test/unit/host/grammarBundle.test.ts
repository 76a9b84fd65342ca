import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { asModule, buildHelper, common, copyGrammars, splitBundles } from '../../host/build.ts';
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

const programs = { 'the extension': inHelper, 'the command line': here };

for (const [name, program] of Object.entries(programs)) {
  test(`in a bundle like that of ${name} the shell's grammar is found beside it alone`, async (t) => {
    const folder = await temporaryFolder(t);
    const outfile = path.join(folder, 'out.mjs');
    const stdin = { contents: program, resolveDir: projectFolder };
    await esbuild.build({ ...common, ...asModule, stdin, outfile });
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

test('X3: the extension loads no grammar, because the host that it shares would have to optimise it', async (t) => {
  const { metafile } = await esbuild.build({
    ...splitBundles(await temporaryFolder(t)),
    metafile: true,
    write: false,
  });
  const inputs = inputsOf(metafile, 'src/extension.ts');
  assert.ok(inputs.some((input) => input.endsWith('src/editorRuntime.ts')));
  assert.deepEqual(
    inputs.filter((input) => input.includes('web-tree-sitter')),
    [],
  );
  assert.ok(inputsOf(metafile, 'src/cli/main.ts').some((input) => input.includes('web-tree-sitter')));
});

/** The sources in the bundle of an entry and in all that it loads, at once or later. */
function inputsOf({ outputs }: esbuild.Metafile, entry: string): string[] {
  const [start] = Object.entries(outputs).flatMap(([file, { entryPoint }]) =>
    entryPoint === entry ? [file] : [],
  );
  const loaded = new Set([start]);
  // A set also visits what is added while it is walked.
  for (const file of loaded) {
    for (const { path: next, external } of outputs[file ?? '']?.imports ?? [])
      if (external !== true) loaded.add(next);
  }
  return [...loaded].flatMap((file) => Object.keys(outputs[file ?? '']?.inputs ?? {}));
}
