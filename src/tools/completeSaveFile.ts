/** Completes the save file of a list of parallel agents from the answers that are on record. */
import type { SessionState, TaskList } from '../core/states.ts';
import type { UnsavedAnswers } from '../core/tasks.ts';
import { formatAgentOutput } from '../formats/agentOutput.ts';
import type { SaveFile } from '../store/saveFile.ts';
import { withoutKey } from '../store/withoutKey.ts';
import { missingAnswers } from './taskAnswers.ts';

export interface SaveFileToComplete {
  readonly saveFile: Pick<SaveFile, 'append' | 'complete' | 'read'>;
  /** The tasks whose answers could not be saved when they came. */
  readonly failed: ReadonlySet<number>;
  /** Is masked in what is saved. */
  readonly keyInUse: string | undefined;
}

/** Adds what the file lacks. Names what it lacks even then; undefined if it has all. Never rejects. */
export async function completeSaveFile(
  state: SessionState,
  list: TaskList,
  { saveFile, failed, keyInUse }: SaveFileToComplete,
): Promise<UnsavedAnswers | undefined> {
  let why = await saveFile.complete();
  const left = new Set(why === undefined ? [] : failed);
  const there = await saveFile.read().catch(() => ''); // Adding to it tells why.
  for (const output of missingAnswers(state, list, there)) {
    const problem = await saveFile.append(formatAgentOutput(withoutKey(output, keyInUse)));
    if (problem === undefined) continue;
    left.add(output.index);
    why ??= problem;
  }
  if (left.size === 0 || why === undefined) return undefined;
  return { indexes: [...left].toSorted((a, b) => a - b), why };
}
