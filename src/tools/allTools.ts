/** All tools. */
import type { Files, KnownCalls, OutputReader, Processes, TextSearch } from '../core/ports.ts';
import type { Tool } from '../core/tools.ts';
import { createGit } from './git.ts';
import { createListFiles } from './listFiles.ts';
import { createReadFile } from './readFile.ts';
import { createReadOutput } from './readOutput.ts';
import { createRunBatch } from './runBatch.ts';
import { createSearchText } from './searchText.ts';
import { createTerminal } from './terminal.ts';

/** What the tools need from the outside. */
export interface ToolPorts {
  readonly files: Files;
  readonly textSearch: TextSearch;
  readonly processes: Processes;
  readonly calls: KnownCalls;
  readonly outputReader: OutputReader;
}

export function createTools(ports: ToolPorts): readonly Tool[] {
  const { files, textSearch, processes, calls, outputReader } = ports;
  const tools = [
    createReadFile(files),
    createListFiles(files),
    createSearchText(files, textSearch),
    createGit(files, processes),
    createTerminal(files, processes),
    createReadOutput(calls, outputReader),
  ];
  return [...tools, createRunBatch(tools)];
}
