/** A runtime over real tools, real processes and a temporary folder. */
import type { TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { outputReader } from '../../../src/adapters/node/outputReader.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createRunningProcesses } from '../../../src/adapters/node/runningProcesses.ts';
import { createShell } from '../../../src/adapters/node/shell.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import { createRuntime, type RuntimePorts } from '../../../src/runtime/createRuntime.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import type { Settings } from '../../../src/core/ports.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { strictLog } from '../../fixtures/memorySession.ts';

/** What a user's settings say in tests. */
export function testSettings(baseUrl: string | undefined): Settings {
  return {
    lanes: () => ({ io: 8, process: 8, model: 4 }),
    timeoutMs: () => undefined,
    model: () => 'test-model',
    maxTokens: () => 1000,
    retries: () => ({ turn: 6, longestWaitMs: 60_000 }),
    maxOutputFileBytes: () => 1024 * 1024,
    baseUrl: () => baseUrl,
  };
}

/** `stateDir` holds the journals; the test's end disposes the runtime. */
export function testRuntime(
  t: Pick<TestContext, 'after'>,
  stateDir: string,
  baseUrl?: string,
  rest: Partial<RuntimePorts> = {},
): Runtime {
  const files = createFiles();
  const folders = new SessionFolders(stateDir);
  let ids = 0;
  const runtime = createRuntime({
    host: { name: 'test', version: '1' },
    stateDir,
    clock: nodeClock,
    log: strictLog,
    approvals: { ask: () => Promise.resolve('nobodyThere') },
    unsaved: { ask: () => Promise.resolve('nobodyThere') },
    settings: testSettings(baseUrl),
    secrets: { apiKey: () => Promise.resolve('test-key') },
    files,
    textSearch: createTextSearch({ ripgrepPath: undefined, files }),
    processes: createProcesses({ clock: nodeClock, runningFolder: (id) => folders.running(id) }),
    shell: createShell(strictLog),
    runningProcesses: createRunningProcesses(nodeClock),
    outputReader,
    newId: () => `${process.pid}-${(ids += 1)}`,
    ...rest,
  });
  t.after(() => runtime.dispose());
  return runtime;
}
