/** Installs a VS Code server from npm, once; later calls find it. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, projectNode } from './paths.ts';
import { runProgram } from './runProgram.ts';
import type { ServerVersion } from './serverVersions.ts';

export interface InstalledServer {
  readonly version: ServerVersion;
  /** The Node that runs it. */
  readonly node: string;
  /** Its main script. */
  readonly main: string;
}

/** The server of that version, installed where it is not; takes about a minute then. Rejects with what npm said. */
export async function installServer(version: ServerVersion): Promise<InstalledServer> {
  if (process.platform === 'win32') {
    throw new Error(
      'The VS Code server from npm needs Linux or macOS. Name a desktop one: VSCODE_EXECUTABLE=...',
    );
  }
  const folder = path.join(cacheFolder, version.codeServer);
  if (!existsSync(folder)) await installInto(folder, version);
  return {
    version,
    node: version.node === undefined ? projectNode : path.join(folder, 'node_modules', 'node', 'bin', 'node'),
    main: path.join(folder, 'server', 'out', 'server-main.js'),
  };
}

/** The folder appears when it is complete, so an installation that was killed leaves none. */
async function installInto(folder: string, version: ServerVersion): Promise<void> {
  console.log(`Installing VS Code server ${version.vscode} (about 600 MB, about a minute) ...`);
  await mkdir(cacheFolder, { recursive: true });
  const unfinished = await mkdtemp(path.join(cacheFolder, 'unfinished-'));
  try {
    await unpack(unfinished, version);
    await installDependencies(unfinished, version);
    // Another process may have been faster; its result is as good.
    if (!existsSync(folder)) await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function unpack(folder: string, version: ServerVersion): Promise<void> {
  const server = path.join(folder, 'server');
  await mkdir(server);
  console.log('  downloading');
  await npm(folder, process.env, 'pack', `code-server@${version.codeServer}`);
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  console.log('  unpacking');
  await need('tar', ['-xzf', archive, '-C', 'server', '--strip-components=3', 'package/lib/vscode'], folder);
  await rm(path.join(folder, archive));
  if (version.pinned) await pinDependencies(server, version.pinned);
}

async function pinDependencies(server: string, pinned: Readonly<Record<string, string>>): Promise<void> {
  const file = path.join(server, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  Object.assign(manifest.dependencies, pinned);
  await writeFile(file, JSON.stringify(manifest, null, 2));
  // The shrinkwrap names the addresses that were just replaced.
  await rm(path.join(server, 'npm-shrinkwrap.json'), { force: true });
}

async function installDependencies(folder: string, version: ServerVersion): Promise<void> {
  const server = path.join(folder, 'server');
  const env = version.node === undefined ? process.env : await installNode(folder, version.node);
  console.log('  installing its packages');
  await npm(server, env, 'install', '--omit=dev', '--ignore-scripts');
  console.log('  building its logger');
  await npm(server, env, 'rebuild', '@vscode/spdlog').catch((error: Error) => {
    console.log(`  its logger could not be built, which only makes it noisier (${firstLine(error.message)})`);
  });
}

/** The environment in which that Node comes first. */
async function installNode(folder: string, range: string): Promise<NodeJS.ProcessEnv> {
  console.log(`  installing Node ${range} for it`);
  // npm 11 runs only those install scripts that the manifest allows.
  const manifest = { private: true, allowScripts: { node: true } };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await npm(folder, process.env, 'install', '--no-package-lock', `node@${range}`);
  const first = path.join(folder, 'node_modules', '.bin');
  return { ...process.env, PATH: `${first}${path.delimiter}${process.env['PATH'] ?? ''}` };
}

function npm(folder: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  return need('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], folder, env);
}

async function need(file: string, args: string[], cwd: string, env = process.env): Promise<void> {
  const { exitCode, output } = await runProgram(file, args, { cwd, env });
  if (exitCode !== 0) throw new Error(`${file} ${args.join(' ')} failed:\n${output}`);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
