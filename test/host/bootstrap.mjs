/**
 * Runs a script of this project with the project's own Node, and installs the packages first where they are missing
 * or no longer what package-lock.json says. It works on Node 20 with nothing installed.
 * Usage: node test/host/bootstrap.mjs SCRIPT [ARGUMENT...]
 */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingPackages } from './missingPackages.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const isWindows = process.platform === 'win32';
const binaries = path.join(root, 'node_modules', '.bin');
const projectNode = path.join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');

installPackages();
handOver(process.argv.slice(2));

function installPackages() {
  const missing = missingPackages(root, projectNode);
  if (missing.length === 0) return;
  console.log(
    `Installing packages (${missing[0]}${missing.length > 1 ? ' and others are' : ' is'} missing or old) ...`,
  );
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: 'inherit' };
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: isWindows });
  if (status === 0) return;
  console.error(`npm ci failed${error ? `: ${error.message}` : ''}. Mend what it reports, then try again.`);
  process.exit(1);
}

function handOver([script, ...args]) {
  const env = { ...process.env, PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(projectNode, [path.resolve(root, script), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  child.on('error', (error) => {
    console.error(`Cannot start ${projectNode}: ${error.message}. Remove node_modules and try again.`);
    process.exit(1);
  });
  // A terminal sends Ctrl-C to the child as well; it ends what it started, then this process follows.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm runs scripts through a shell that does not hand SIGTERM on, and nothing tells a process that its parent is gone.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill(), 1000).unref();
  child.on('exit', (code) => process.exit(code ?? 1));
}
