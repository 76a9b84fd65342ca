/** Writes the JSON Schema of batch files to the path that is given: `node src/cli/writeBatchSchema.ts dist/batch.schema.json`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { nodeClock } from '../adapters/node/clock.ts';
import { createFiles } from '../adapters/node/files.ts';
import { outputReader } from '../adapters/node/outputReader.ts';
import { createProcesses } from '../adapters/node/processes.ts';
import { createShell } from '../adapters/node/shell.ts';
import { createTextSearch } from '../adapters/node/textSearch.ts';
import { batchJsonSchema } from '../formats/batchSchema.ts';
import { createTools } from '../tools/allTools.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Say where to: node src/cli/writeBatchSchema.ts FILE');

const files = createFiles();
const textSearch = createTextSearch({ ripgrepPath: undefined, files });
const calls = { find: () => undefined };
const processes = createProcesses({ clock: nodeClock });
const shell = createShell(console);
const memory = {
  lastSeen: () => undefined,
  intend: () => Promise.resolve(undefined),
  writesInPlace: () => Promise.resolve(undefined),
};
const subAgents = { find: () => undefined };
const tasks = { find: () => undefined, open: () => Promise.reject(new Error('There is no session.')) };
const ports = { files, textSearch, processes, shell, calls, outputReader, memory, subAgents, tasks };
const tools = createTools({ ...ports, keyInUse: () => undefined, stateDir: tmpdir() });
await mkdir(dirname(target), { recursive: true });
await writeFile(target, `${JSON.stringify(batchJsonSchema(tools), null, 2)}\n`);
