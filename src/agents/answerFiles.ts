/** The files of a run's answer: what it promised to write, and where its text is kept. */
import type { RunEnding, RunId } from '../core/agents.ts';
import type { Log, Recorder } from '../core/ports.ts';
import type { Agent, SessionState } from '../core/states.ts';
import { textHash } from '../store/textHash.ts';

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
  /**
   * Writes a file whole or not at all. Rejects where it can't, where a text stands there whose hash is not known, and where
   * a canonical path is none any more, because a folder has become a link.
   */
  save(path: string, text: string, isKnown: (hash: string) => boolean, isCanonical: boolean): Promise<void>;
}

interface AnswerPorts {
  readonly answers: AnswerFiles;
  readonly log: Log;
  readonly recorder: Pick<Recorder, 'state'>;
}

/**
 * The ending with the file that holds the run's whole text. A completed answer goes into the save file too; where that
 * can't be written, the message says so. Never rejects.
 */
export async function withAnswerKept(
  ending: RunEnding,
  agent: Agent,
  runId: RunId,
  { answers, log, recorder }: AnswerPorts,
): Promise<RunEnding> {
  const { id, parent, saveFile } = agent;
  if (ending.text === '' || (!parent && saveFile === undefined)) return ending;
  try {
    if (saveFile === undefined || ending.status !== 'completed')
      return { ...ending, outputFile: await answers.keep(runId, ending.text) };
    const isKnown = (hash: string): boolean => isKnownText(recorder.state, agent, saveFile, hash);
    // A person may name a path that leads through links.
    await answers.save(saveFile, ending.text, isKnown, parent !== undefined);
    return { ...ending, outputFile: saveFile };
  } catch (error) {
    log.warn(`The answer of ${id} could not be written: ${String(error)}`);
    const where = saveFile === undefined ? 'a file' : saveFile;
    const message = `${ending.message} The answer could not be saved to ${where}: ${String(error)}`;
    const kept =
      saveFile === undefined ? undefined : await answers.keep(runId, ending.text).catch(() => undefined);
    return { ...ending, message, ...(kept !== undefined && { outputFile: kept }) };
  }
}

/** Whether who asked for the answer, or its agent, has read or written that text; a person who named the file needn't. */
function isKnownText({ agents }: SessionState, agent: Agent, path: string, hash: string): boolean {
  const parent = agent.parent && agents.get(agent.parent.agentId);
  if (!parent || parent.seenFiles.get(path) === hash || agent.seenFiles.get(path) === hash) return true;
  return agent.runs.some(
    ({ state }) => 'endedAt' in state && state.outputFile === path && textHash(state.text) === hash,
  );
}
