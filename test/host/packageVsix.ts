/** Builds the extension and packs it as the only `allsettled-<version>.vsix` of the project's folder. */
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { build } from './build.ts';
import { projectFolder } from './paths.ts';
import { runScript } from './runScript.ts';

/** Settles with the file's path; rejects when the build failed or vsce refuses something. */
export async function packageVsix(): Promise<string> {
  await build();
  for (const name of readdirSync(projectFolder)) {
    if (/^allsettled-.*\.vsix$/.test(name)) rmSync(path.join(projectFolder, name));
  }
  const { version } = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const packagePath = path.join(projectFolder, `allsettled-${version}.vsix`);
  await createVSIX({
    cwd: projectFolder,
    packagePath,
    // Everything is in the bundles.
    dependencies: false,
    // The README's links are meant for the files beside it.
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
  });
  return packagePath;
}

if (import.meta.main) {
  await runScript(async () => {
    const file = await packageVsix();
    console.log(`${path.basename(file)}: ${(statSync(file).size / 1024).toFixed(0)} KB`);
    return 0;
  });
}
