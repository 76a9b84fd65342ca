/** The part of the composition root that is heavy, loaded with the first session. */
import { randomUUID } from 'node:crypto';
import { nodeClock } from './adapters/node/clock.ts';
import { createFileLocks } from './adapters/node/fileLocks.ts';
import { createFiles, type UnsavedTexts } from './adapters/node/files.ts';
import { filesByPlace, searchByPlace } from './adapters/node/filesByPlace.ts';
import { findRipgrep } from './adapters/node/findRipgrep.ts';
import { outputReader } from './adapters/node/outputReader.ts';
import { findProcess } from './adapters/node/processIdentity.ts';
import { createProcesses } from './adapters/node/processes.ts';
import { createRunningProcesses } from './adapters/node/runningProcesses.ts';
import { createSandbox } from './adapters/node/sandbox.ts';
import { createShellWithHelper } from './adapters/node/shellWithHelper.ts';
import { createTextSearch } from './adapters/node/textSearch.ts';
import type { VirtualDisk } from './core/filePorts.ts';
import { createRuntime } from './runtime/createRuntime.ts';
import type { RuntimePorts } from './runtime/createRuntime.ts';
import type { Runtime } from './runtime/runtime.ts';
import { SessionFolders } from './store/sessionFolders.ts';
import { defaultStateDir } from './store/stateDir.ts';

export { parseTranscript } from './formats/transcript.ts';
export { ownProgram } from './adapters/node/ownProgram.ts';
export { prefixBounds, suggestedPrefix } from './safety/commandPrefix.ts';

/** What the window gives: ports, and facts of the editor. */
export interface EditorPorts extends Pick<
  RuntimePorts,
  'log' | 'approvals' | 'unsaved' | 'settings' | 'secrets' | 'host' | 'diagnostics'
> {
  readonly editorFiles: UnsavedTexts;
  readonly virtualDisk: VirtualDisk;
  /** The editor's own folder, which may hold a ripgrep. */
  readonly appRoot: string;
  /** Tells the person once why commands can't be confined, where they asked for it. */
  readonly tellNoSandbox: (reason: string) => void;
}

/** The runtime over this machine and this window. */
export function createEditorRuntime({
  editorFiles,
  virtualDisk,
  appRoot,
  tellNoSandbox,
  ...ports
}: EditorPorts): Runtime {
  const stateDir = defaultStateDir();
  const folders = new SessionFolders(stateDir);
  const locks = createFileLocks({ folder: folders.fileLocks, clock: nodeClock, findProcess });
  const files = filesByPlace(createFiles(editorFiles, locks), virtualDisk);
  const processes = createProcesses({
    clock: nodeClock,
    maxFileBytes: () => ports.settings.maxOutputFileBytes(),
    apiKey: () => ports.secrets.apiKey(),
    runningFolder: (id) => folders.running(id),
  });
  const ripgrepPath = findRipgrep(appRoot);
  const runtime = createRuntime({
    ...ports,
    stateDir,
    clock: nodeClock,
    files,
    textSearch: searchByPlace(createTextSearch({ files, ripgrepPath }), files, virtualDisk),
    processes,
    shell: createShellWithHelper(ports.log, nodeClock),
    sandbox: createSandbox({ processes, clock: nodeClock, stateDir, onUnavailable: tellNoSandbox }),
    runningProcesses: createRunningProcesses(nodeClock),
    outputReader,
    newId: () => randomUUID().slice(0, 8),
  });
  // Whatever ends this host must not leave commands behind, nor what could still be saved.
  process.once('exit', () => {
    processes.killAll();
    runtime.disposeNow();
  });
  return runtime;
}
