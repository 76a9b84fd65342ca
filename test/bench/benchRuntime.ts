/** The whole runtime over real files and processes, without a model unless the ports name one. */
import path from 'node:path';
import { nodeClock } from '../../src/adapters/node/clock.ts';
import { createFiles } from '../../src/adapters/node/files.ts';
import { outputReader } from '../../src/adapters/node/outputReader.ts';
import { createProcesses } from '../../src/adapters/node/processes.ts';
import { createRunningProcesses } from '../../src/adapters/node/runningProcesses.ts';
import { createShell } from '../../src/adapters/node/shell.ts';
import { createTextSearch } from '../../src/adapters/node/textSearch.ts';
import type { Settings } from '../../src/core/ports.ts';
import { createRuntime, type RuntimePorts } from '../../src/runtime/createRuntime.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { strictLog } from './contestants/engine.ts';

export const benchSettings: Settings = {
  lanes: () => ({ io: 16, process: 16, model: 16 }),
  timeoutMs: () => undefined,
  model: () => 'bench',
  maxTokens: () => 1000,
  retries: () => ({ turn: 0, longestWaitMs: 1000 }),
  maxOutputFileBytes: () => 1024 * 1024,
  baseUrl: () => undefined,
};

/** Keeps its sessions below the folder. The caller disposes it. */
export function startRuntime(folder: string, ports: Partial<RuntimePorts> = {}): Runtime {
  const files = createFiles();
  let ids = 0;
  return createRuntime({
    host: { name: 'bench', version: '1' },
    stateDir: path.join(folder, 'state'),
    clock: nodeClock,
    log: strictLog,
    approvals: { ask: () => Promise.resolve('nobodyThere') },
    unsaved: { ask: () => Promise.resolve('nobodyThere') },
    settings: benchSettings,
    secrets: { apiKey: () => Promise.resolve('bench') },
    files,
    textSearch: createTextSearch({ ripgrepPath: undefined, files }),
    processes: createProcesses({ clock: nodeClock }),
    shell: createShell(strictLog),
    runningProcesses: createRunningProcesses(nodeClock),
    outputReader,
    newId: () => `${process.pid}-${(ids += 1)}`,
    ...ports,
  });
}
