/** Installs the peers that the benchmark compares with, once, into test/bench/node_modules. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from '../host/runProgram.ts';

const folder = import.meta.dirname;

/** Rejects with what npm said. */
export async function installPeers(): Promise<void> {
  if (isInstalled()) return;
  console.log('Installing the systems to compare with (about 150 MB, about 20 seconds) ...');
  const options = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'];
  const { exitCode, output } = await runProgram('npm', ['ci', ...options], { cwd: folder, env: process.env });
  if (exitCode !== 0) throw new Error(`npm ci failed in test/bench: ${output}`);
}

/** npm writes its own lock file when an installation is complete. */
function isInstalled(): boolean {
  const written = path.join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(written)) return false;
  const installed = versionsIn(written);
  return Object.entries(wanted()).every(
    ([name, version]) => installed[`node_modules/${name}`]?.version === version,
  );
}

function wanted(): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return manifest.dependencies;
}

function versionsIn(file: string): Readonly<Record<string, { readonly version?: string }>> {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return lock.packages;
}
