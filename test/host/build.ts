/** Builds the extension and the command line into dist/. */
import { projectFolder } from './paths.ts';
import { runProgram } from './runProgram.ts';

/** Rejects when the build failed; its output has been shown then. */
export async function build(): Promise<void> {
  console.log('Building ...');
  const { exitCode, output } = await runProgram('npm', ['run', '--silent', 'build'], { cwd: projectFolder });
  if (exitCode !== 0) throw new Error(`The build failed:\n${output}`);
}
