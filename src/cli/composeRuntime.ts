/** Puts a runtime together for a terminal, where no person can be asked. */
import { randomUUID } from 'node:crypto';
import { nodeClock } from '../adapters/node/clock.ts';
import { createFileLocks } from '../adapters/node/fileLocks.ts';
import { createFiles } from '../adapters/node/files.ts';
import { findRipgrep } from '../adapters/node/findRipgrep.ts';
import { outputReader } from '../adapters/node/outputReader.ts';
import { findProcess } from '../adapters/node/processIdentity.ts';
import { createProcesses } from '../adapters/node/processes.ts';
import { createRunningProcesses } from '../adapters/node/runningProcesses.ts';
import { createSandbox } from '../adapters/node/sandbox.ts';
import { createShell } from '../adapters/node/shell.ts';
import { createTextSearch } from '../adapters/node/textSearch.ts';
import type { Approvals, Log, Settings } from '../core/ports.ts';
import type { Permission } from '../core/agents.ts';
import type { SandboxUse } from '../core/sandboxPorts.ts';
import { createRuntime } from '../runtime/createRuntime.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { SessionFolders } from '../store/sessionFolders.ts';
import { defaults, version } from './manifest.ts';
import type { Terminal } from './terminal.ts';
import { tellUnsaved } from './unsavedSessions.ts';

export interface ComposeOptions {
  /** Absolute. */
  readonly stateDir: string;
  /** Only ever from the command line: an address from the environment could send the key anywhere. */
  readonly baseUrl: string | undefined;
  /** What becomes of commands; off where absent. */
  readonly sandbox: SandboxUse | undefined;
  /** The most that a session which goes on may do; no limit of its own where absent. */
  readonly permission: Permission | undefined;
  readonly terminal: Terminal;
  readonly apiKey: string | undefined;
  /** Canonical path of the file that holds the key; no confined command can read it. */
  readonly keyFile: string | undefined;
}

export interface ComposedRuntime {
  readonly runtime: Runtime;
  /** Kills every child process and saves what can be saved at once, for an exit that can't wait. */
  leaveNow(): void;
  /** Whether the session could not be saved, and was stopped. */
  isUnsaved(): boolean;
}

/** The caller disposes the runtime. */
export function composeRuntime(options: ComposeOptions): ComposedRuntime {
  const folders = new SessionFolders(options.stateDir);
  const locks = createFileLocks({ folder: folders.fileLocks, clock: nodeClock, findProcess });
  const files = createFiles(undefined, locks);
  const apiKey = (): Promise<string | undefined> => Promise.resolve(options.apiKey);
  const processes = createProcesses({
    clock: nodeClock,
    maxFileBytes: () => defaults.maxOutputFileBytes,
    apiKey,
    runningFolder: (id) => folders.running(id),
  });
  const unsaved = tellUnsaved(options.terminal);
  const log = logTo(options.terminal);
  const runtime = createRuntime({
    host: { name: 'cli', version },
    stateDir: options.stateDir,
    clock: nodeClock,
    log,
    approvals: nobodyThere,
    unsaved,
    settings: settingsWith(options),
    secrets: { apiKey },
    files,
    textSearch: createTextSearch({ ripgrepPath: findRipgrep(), files }),
    processes,
    shell: createShell(log),
    sandbox: createSandbox({
      processes,
      clock: nodeClock,
      stateDir: options.stateDir,
      secretFiles: options.keyFile === undefined ? [] : [options.keyFile],
      onUnavailable: (reason) => log.warn(`commands can't be confined. ${reason}`),
    }),
    runningProcesses: createRunningProcesses(nodeClock),
    outputReader,
    newId: () => randomUUID().slice(0, 8),
  });
  return {
    runtime,
    leaveNow: () => {
      processes.killAll();
      runtime.disposeNow();
    },
    isUnsaved: () => unsaved.hasTold(),
  };
}

const nobodyThere: Approvals = { ask: () => Promise.resolve('nobodyThere') };

function settingsWith({
  baseUrl,
  permission,
  sandbox = 'off',
}: Pick<ComposeOptions, 'baseUrl' | 'permission' | 'sandbox'>): Settings {
  return {
    lanes: () => defaults.lanes,
    timeoutMs: () => undefined,
    model: () => defaults.model,
    maxTokens: () => defaults.maxTokens,
    retries: () => defaults.retries,
    maxOutputFileBytes: () => defaults.maxOutputFileBytes,
    baseUrl: () => baseUrl,
    sandbox: () => sandbox,
    ...(permission && { permission: () => permission }),
  };
}

/** Warnings and errors go to `err`; what only a developer wants is dropped. */
export function logTo(terminal: Terminal): Log {
  return {
    info: () => undefined,
    warn: (message) => terminal.err(`allsettled: ${message}\n`),
    error: (message, cause) =>
      terminal.err(`allsettled: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}\n`),
  };
}
