/** Builds everything that dist/ holds: the extension, the command line, and the schemas of batch and agents files. */
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import * as esbuild from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { agentsJsonSchema } from '../../src/formats/agentsSchema.ts';
import { batchJsonSchema } from '../../src/formats/batchSchema.ts';
import { createTools } from '../../src/tools/allTools.ts';
import type { ToolPorts } from '../../src/tools/allTools.ts';
import { projectFolder } from './paths.ts';
import { runScript } from './runScript.ts';

const dist = path.join(projectFolder, 'dist');

export const common: BuildOptions = {
  absWorkingDir: projectFolder,
  bundle: true,
  minify: true,
  // Stack traces and error names stay readable.
  keepNames: true,
  platform: 'node',
  target: 'node22',
  // jsonc-parser's other entry hides its imports from a bundler.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
};

/** Bundled CommonJS packages still call `require` for what Node brings along. */
export const asModule: BuildOptions = {
  format: 'esm',
  banner: {
    js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
  },
};

/**
 * The extension and the command line, which share what both need: each piece is in the VSIX once. A dynamic import
 * is a file of its own too, so an activation loads nothing that only a running session needs.
 */
export function splitBundles(bundles: string): BuildOptions {
  return {
    ...common,
    ...asModule,
    entryPoints: { extension: 'src/extension.ts', cli: 'src/cli/main.ts' },
    outdir: bundles,
    splitting: true,
    chunkNames: '[name]-[hash]',
    external: ['vscode'],
  };
}

/** Rejects when something does not build; esbuild has said what. */
export async function build(): Promise<void> {
  console.log('Building ...');
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  await esbuild.build(splitBundles(dist));
  await chmod(path.join(dist, 'cli.js'), 0o755);
  await buildHelper('grammarHelper', dist);
  await buildSandbox();
  await copyGrammars(dist);
  // Only the tools' descriptions are asked for, which need no port.
  const tools = createTools({} as ToolPorts);
  await writeSchema('batch', batchJsonSchema(tools));
  await writeSchema('agents', agentsJsonSchema());
}

/** Bundles a program of its own, which is started from the folder of the bundles. */
export async function buildHelper(name: 'grammarHelper' | 'sandboxHelper', bundles: string): Promise<void> {
  await esbuild.build({
    ...common,
    entryPoints: [`src/adapters/node/${name}.ts`],
    outfile: path.join(bundles, `${name}.js`),
    format: 'esm',
  });
}

/** Builds the program that confines commands, and unpacks the programs that it starts on Linux. */
async function buildSandbox(): Promise<void> {
  await buildHelper('sandboxHelper', dist);
  const library = path.join(projectFolder, 'node_modules', '@anthropic-ai', 'sandbox-runtime');
  const seccomp = path.join(dist, 'seccomp');
  await mkdir(seccomp);
  for (const processor of ['x64', 'arm64']) {
    const program = await readFile(path.join(library, 'vendor', 'seccomp', processor, 'apply-seccomp'));
    await writeFile(path.join(seccomp, `${processor}.br`), brotliCompressSync(program));
  }
  await copyFile(path.join(library, 'LICENSE'), path.join(seccomp, 'LICENSE'));
}

/** What parses command lines is read at run time, from a folder beside the bundles; compressed better than a VSIX does. */
export async function copyGrammars(bundles: string): Promise<void> {
  const grammars = path.join(bundles, 'grammars');
  await mkdir(grammars);
  for (const [library, file] of grammarFiles) {
    const from = path.join(projectFolder, 'node_modules', library);
    const name = path.basename(file);
    const grammar = brotliCompressSync(await readFile(path.join(from, file)), quickly);
    await writeFile(path.join(grammars, `${name}.br`), grammar);
    await copyFile(
      path.join(from, 'LICENSE'),
      path.join(grammars, `${path.basename(name, '.wasm')}.LICENSE`),
    );
  }
}

// The best quality takes thirty times as long for a tenth less.
const quickly = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 } };

const grammarFiles = [
  ['web-tree-sitter', 'web-tree-sitter.wasm'],
  ['@vscode/tree-sitter-wasm', 'wasm/tree-sitter-bash.wasm'],
  ['@vscode/tree-sitter-wasm', 'wasm/tree-sitter-powershell.wasm'],
] as const;

function writeSchema(name: string, schema: object): Promise<void> {
  return writeFile(path.join(dist, `${name}.schema.json`), JSON.stringify(schema, null, 2));
}

if (import.meta.main) {
  await runScript(async () => {
    await build();
    return 0;
  });
}
