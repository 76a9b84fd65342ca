/** All tools that work by themselves; containers come from elsewhere. */
import type { Files, Processes, TextSearch } from '../core/ports.ts';
import type { Tool } from '../core/tools.ts';
import { createGit } from './git.ts';
import { createListFiles } from './listFiles.ts';
import { createReadFile } from './readFile.ts';
import { createSearchText } from './searchText.ts';
import { createTerminal } from './terminal.ts';

/** What the tools need from the outside. */
export interface ToolPorts {
  readonly files: Files;
  readonly textSearch: TextSearch;
  readonly processes: Processes;
}

export function createTools({ files, textSearch, processes }: ToolPorts): readonly Tool[] {
  return [
    createReadFile(files),
    createListFiles(files),
    createSearchText(files, textSearch),
    createGit(files, processes),
    createTerminal(files, processes),
  ];
}
