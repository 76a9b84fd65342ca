/** The files of a run's answer: what it promised to write, and where its text is kept. */
import type { RunEnding, RunId } from '../core/agents.ts';
import type { Log } from '../core/ports.ts';
import type { Agent } from '../core/states.ts';

/** What tells a file from what it was before; times are epoch milliseconds. */
export interface FileStamp {
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Changes also where a file took the place of another. */
  readonly identity: string;
}

export interface AnswerFiles {
  /** Undefined where there is no regular file. Never rejects. */
  stamp(path: string): Promise<FileStamp | undefined>;
  /** Keeps the text of a run in the session's folder, and names the file. */
  keep(runId: RunId, text: string): Promise<string>;
  /** Writes a file whole or not at all. Rejects where it can't. */
  save(path: string, text: string): Promise<void>;
}

/**
 * The ending with the file that holds the run's whole text. A completed answer goes into the save file too; where that
 * can't be written, the message says so. Never rejects.
 */
export async function withAnswerKept(
  ending: RunEnding,
  { id, parent, saveFile }: Pick<Agent, 'id' | 'parent' | 'saveFile'>,
  runId: RunId,
  { answers, log }: { readonly answers: AnswerFiles; readonly log: Log },
): Promise<RunEnding> {
  if (ending.text === '' || (!parent && saveFile === undefined)) return ending;
  try {
    if (saveFile === undefined || ending.status !== 'completed')
      return { ...ending, outputFile: await answers.keep(runId, ending.text) };
    await answers.save(saveFile, ending.text);
    return { ...ending, outputFile: saveFile };
  } catch (error) {
    log.warn(`The answer of ${id} could not be written: ${String(error)}`);
    const where = saveFile === undefined ? 'a file' : saveFile;
    return {
      ...ending,
      message: `${ending.message} The answer could not be saved to ${where}: ${String(error)}`,
    };
  }
}
