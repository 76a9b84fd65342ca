/** Runs the unit tests; arguments are patterns of files in place of all. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runScript } from './runScript.ts';
import { cacheFolder, projectFolder, projectNode } from './paths.ts';

const patterns = process.argv.length > 2 ? process.argv.slice(2) : ['test/unit/**/*.test.ts'];
// Node's own choice leaves one processor idle, the half of a machine that has two.
const atOnce = `--test-concurrency=${availableParallelism()}`;
const reporter = pathToFileURL(path.join(import.meta.dirname, 'unitReporter.ts')).href;

await runScript(async () => {
  const tests = spawn(
    projectNode,
    ['--test', atOnce, '--test-timeout=120000', `--test-reporter=${reporter}`, ...patterns],
    {
      cwd: projectFolder,
      // The tests start programs from the sources many hundred times; each saves the half of its start.
      env: { ...process.env, NODE_COMPILE_CACHE: path.join(cacheFolder, 'compiled') },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  process.on('exit', () => void tests.kill());
  const [exitCode] = (await once(tests, 'exit')) as [number | null];
  return exitCode ?? 1;
});
