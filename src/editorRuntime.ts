/** The part of the composition root that is heavy, loaded with the first session. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { nodeClock } from './adapters/node/clock.ts';
import { createFiles } from './adapters/node/files.ts';
import { findRipgrep } from './adapters/node/findRipgrep.ts';
import { outputReader } from './adapters/node/outputReader.ts';
import { createProcesses } from './adapters/node/processes.ts';
import { createTextSearch } from './adapters/node/textSearch.ts';
import { unsavedFiles } from './adapters/vscode/unsavedFiles.ts';
import { createRuntime } from './runtime/createRuntime.ts';
import type { RuntimePorts } from './runtime/createRuntime.ts';
import type { Runtime } from './runtime/runtime.ts';
import { defaultStateDir } from './store/stateDir.ts';

export { parseTranscript } from './formats/transcript.ts';

/** The runtime over this machine and this window. */
export async function createEditorRuntime(
  ports: Pick<RuntimePorts, 'log' | 'approvals' | 'settings' | 'secrets'>,
): Promise<Runtime> {
  const files = createFiles(unsavedFiles);
  const processes = createProcesses({
    clock: nodeClock,
    maxFileBytes: () => ports.settings.maxOutputFileBytes(),
  });
  // Whatever ends this host must not leave commands behind.
  process.once('exit', () => processes.killAll());
  const ripgrepPath = await findRipgrep(vscode.env.appRoot);
  return createRuntime({
    ...ports,
    host: { name: vscode.env.appName, version: vscode.version },
    stateDir: defaultStateDir(),
    clock: nodeClock,
    files,
    textSearch: createTextSearch({ files, ripgrepPath }),
    processes,
    outputReader,
    newId: () => randomUUID().slice(0, 8),
  });
}
