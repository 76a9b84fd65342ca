/** Builds the extension and packs it as the only `allsettled-<version>.vsix` of the project's folder. */
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.ts';
import { projectFolder, projectNode } from './paths.ts';
import { runProgram } from './runProgram.ts';
import { runScript } from './runScript.ts';

const vsce = path.join(projectFolder, 'node_modules', '@vscode', 'vsce', 'vsce');

/** Settles with the file's path; rejects when the build failed or vsce refuses something. */
export async function packageVsix({ isShown = false } = {}): Promise<string> {
  await build();
  for (const name of readdirSync(projectFolder)) {
    if (/^allsettled-.*\.vsix$/.test(name)) rmSync(path.join(projectFolder, name));
  }
  const { exitCode, output } = await runProgram(projectNode, [vsce, 'package', ...vsceOptions], {
    cwd: projectFolder,
    isShown,
  });
  if (exitCode !== 0) throw new Error(`The extension could not be packed:\n${output}`);
  const manifest = readFileSync(path.join(projectFolder, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return path.join(projectFolder, `allsettled-${version}.vsix`);
}

const vsceOptions = [
  // Everything is in the bundles.
  '--no-dependencies',
  // The README's links are meant for the files beside it, and there is no repository address to put before them.
  '--no-rewrite-relative-links',
  '--allow-missing-repository',
];

if (import.meta.main) {
  await runScript(async () => {
    const file = await packageVsix({ isShown: true });
    console.log(`${path.basename(file)}: ${(statSync(file).size / 1024).toFixed(0)} KB`);
    return 0;
  });
}
