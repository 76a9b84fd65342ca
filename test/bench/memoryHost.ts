/** A host as an editor's: runs one call and prints `result`. Usage: memoryHost FOLDER CALLS [--helper] */
import { nodeClock } from '../../src/adapters/node/clock.ts';
import { createShell } from '../../src/adapters/node/shell.ts';
import { createShellWithHelper } from '../../src/adapters/node/shellWithHelper.ts';
import { parseBatchFile } from '../../src/formats/parseBatchFile.ts';
import { startRuntime } from './benchRuntime.ts';
import { strictLog } from './contestants/engine.ts';

void run(); // Its rejection ends the program with an error.

async function run(): Promise<void> {
  const [folder = '', calls = '', helper] = process.argv.slice(2);
  const shell = helper === '--helper' ? createShellWithHelper(strictLog, nodeClock) : createShell(strictLog);
  const runtime = startRuntime(folder, { shell });
  const parsed = parseBatchFile(`{ "version": 1, "calls": ${calls} }`, runtime.catalog);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { settled } = await runtime.runBatch({
    batch: parsed.batch,
    permission: 'read-only',
    cwd: folder,
    roots: [folder],
  });
  for (const { status } of await settled) if (status !== 'succeeded') throw new Error(status);
  console.log('result');
  await runtime.dispose();
  process.exit();
}
