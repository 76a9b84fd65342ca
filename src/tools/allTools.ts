/** All tools. */
import type { SessionId } from '../core/events.ts';
import type { FileMemory, Files, TextSearch } from '../core/filePorts.ts';
import type { KnownCalls, OutputReader } from '../core/outputPorts.ts';
import type { Processes } from '../core/processPorts.ts';
import type { Shell } from '../core/shell.ts';
import type { SubAgentsOf } from '../core/subAgents.ts';
import type { TaskSessions } from '../core/tasks.ts';
import type { Tool } from '../core/tools.ts';
import { createAgentTools } from './agentTools.ts';
import type { ConfinementPorts } from './confinement.ts';
import { createDeleteFile } from './deleteFile.ts';
import { createEditFile } from './editFile.ts';
import { createGit } from './git.ts';
import { createGitAdd } from './gitAdd.ts';
import { createGitCommit } from './gitCommit.ts';
import { createGitStash } from './gitStash.ts';
import { createGitSwitch } from './gitSwitch.ts';
import { createListFiles } from './listFiles.ts';
import type { NewErrors } from './newErrors.ts';
import { onDiskOnly } from './onDiskOnly.ts';
import { createReadFile } from './readFile.ts';
import { createReadOutput } from './readOutput.ts';
import { createRenameFile } from './renameFile.ts';
import { createRunAgents } from './runAgents.ts';
import { createRunBatch } from './runBatch.ts';
import { createSearchText } from './searchText.ts';
import { createSpawnAgent } from './spawnAgent.ts';
import { createTerminal } from './terminal.ts';
import { createWriteFile } from './writeFile.ts';

/** What the tools need from the outside. */
export interface ToolPorts extends Pick<ConfinementPorts, 'sandbox' | 'settings'> {
  readonly files: Files;
  readonly textSearch: TextSearch;
  readonly processes: Processes;
  readonly shell: Shell;
  readonly calls: KnownCalls;
  readonly outputReader: OutputReader;
  readonly memory: FileMemory;
  /** Absent: no language service is there to ask. */
  readonly newErrors?: NewErrors;
  readonly subAgents: SubAgentsOf;
  readonly tasks: TaskSessions;
  /** The API key, which is masked in what is saved. */
  readonly keyInUse: () => string | undefined;
  /** Absolute; nothing writes there. */
  readonly stateDir: string;
  /** Whether a person looks at each edit under workspace-write before it is made; false where absent. */
  readonly reviewsEdits?: (sessionId: SessionId) => boolean;
}

export function createTools(ports: ToolPorts): readonly Tool[] {
  const { files, textSearch, processes, calls, outputReader } = ports;
  const names: string[] = [];
  const tools = [
    createReadFile(files),
    createListFiles(files),
    createSearchText(files, textSearch),
    ...[
      createWriteFile(ports),
      createEditFile(ports),
      createDeleteFile(ports),
      createRenameFile(ports),
      createGit(files, processes, ports.shell),
      createGitAdd(files, processes),
      createGitCommit(files, processes),
      createGitSwitch(files, processes),
      createGitStash(files, processes),
      createTerminal(ports),
    ].map(onDiskOnly),
    createReadOutput(calls, outputReader),
    createSpawnAgent(ports.subAgents),
    ...createAgentTools(ports.subAgents),
    createRunAgents(ports, names),
  ];
  const all = [...tools, createRunBatch(tools)];
  names.push(...all.map(({ name }) => name));
  return all;
}
