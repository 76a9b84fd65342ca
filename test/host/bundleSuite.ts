/** Bundles the tests that run inside VS Code, one file each, because VS Code loads no TypeScript. */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { cacheFolder } from './paths.ts';

const sources = path.join(import.meta.dirname, 'suite');

/** Settles with the path of the entry for `extensionTestsPath`. */
export async function bundleSuite(): Promise<string> {
  const target = path.join(cacheFolder, 'suite');
  rmSync(target, { recursive: true, force: true });
  const tests = readdirSync(sources).filter((name) => name.endsWith('.test.ts'));
  await build({
    entryPoints: ['index.ts', ...tests].map((name) => path.join(sources, name)),
    outdir: target,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    // CommonJS has no import.meta.
    define: { 'import.meta.url': 'bundledUrl', 'import.meta.dirname': '__dirname' },
    banner: { js: "const bundledUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
  return path.join(target, 'index.cjs');
}
