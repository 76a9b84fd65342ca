/**
 * Runs everything that this project checks, one after the other, to the end whatever fails. The very last line is the
 * sum of all: `N passed, N failed`.
 */
import path from 'node:path';
import { addCounts, countsText, noCounts, runnerCounts } from './counts.ts';
import type { Counts } from './counts.ts';
import { projectFolder, projectNode } from './paths.ts';
import { runProgram } from './runProgram.ts';
import { runScript } from './runScript.ts';

await runScript(async () => {
  const results: readonly [string, Counts][] = [
    ['lint, format and types', await runLint()],
    ['unit tests', await runRunner('runUnitTests.ts')],
    ['host tests', await runRunner('runHostTests.ts')],
    ['workbench test', await runRunner('runWorkbenchTest.ts')],
  ];
  console.log('');
  for (const [name, counts] of results) console.log(`${name}: ${countsText(counts)}`);
  const sum = results.map(([, counts]) => counts).reduce(addCounts, noCounts);
  console.log(countsText(sum));
  return sum.failed > 0 ? 1 : 0;
});

/** Clean sources count as one test. */
async function runLint(): Promise<Counts> {
  console.log('\n== lint, format and types');
  const { exitCode } = await runProgram('npm', ['run', '--silent', 'lint'], {
    cwd: projectFolder,
    isShown: true,
  });
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runRunner(script: string): Promise<Counts> {
  console.log(`\n== ${script}`);
  const args = [path.join(import.meta.dirname, script)];
  const { exitCode, output } = await runProgram(projectNode, args, { cwd: projectFolder, isShown: true });
  return runnerCounts(output, exitCode);
}
