/** All tools. */
import type { FileMemory, Files, KnownCalls, OutputReader, Processes, TextSearch } from '../core/ports.ts';
import type { Tool } from '../core/tools.ts';
import { createEditFile } from './editFile.ts';
import { createGit } from './git.ts';
import { createListFiles } from './listFiles.ts';
import { createReadFile } from './readFile.ts';
import { createReadOutput } from './readOutput.ts';
import { createRunBatch } from './runBatch.ts';
import { createSearchText } from './searchText.ts';
import { createTerminal } from './terminal.ts';
import { createWriteFile } from './writeFile.ts';

/** What the tools need from the outside. */
export interface ToolPorts {
  readonly files: Files;
  readonly textSearch: TextSearch;
  readonly processes: Processes;
  readonly calls: KnownCalls;
  readonly outputReader: OutputReader;
  readonly memory: FileMemory;
  /** Absolute; nothing writes there. */
  readonly stateDir: string;
}

export function createTools(ports: ToolPorts): readonly Tool[] {
  const { files, textSearch, processes, calls, outputReader } = ports;
  const tools = [
    createReadFile(files),
    createListFiles(files),
    createSearchText(files, textSearch),
    createWriteFile(ports),
    createEditFile(ports),
    createGit(files, processes),
    createTerminal(files, processes),
    createReadOutput(calls, outputReader),
  ];
  return [...tools, createRunBatch(tools)];
}
