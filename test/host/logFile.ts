/** A file for what VS Code prints, which is too much to show and too useful to lose. */
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { logsFolder } from './paths.ts';

export interface LogFile {
  readonly file: string;
  write(line: string): void;
}

/** An empty log of that name; what an earlier run left is gone. */
export function openLogFile(name: string): LogFile {
  mkdirSync(logsFolder, { recursive: true });
  const file = path.join(logsFolder, `${name}.log`);
  const stream = createWriteStream(file);
  return { file, write: (line) => void stream.write(`${line}\n`) };
}
