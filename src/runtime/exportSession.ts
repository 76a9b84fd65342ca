/** A session as a text that stands for itself. */
import type { SessionId } from '../core/events.ts';
import { fold } from '../core/reduce.ts';
import { readJournal } from '../store/journalReader.ts';
import type { SessionFolders } from '../store/sessionFolders.ts';
import { conversation } from '../views/conversation.ts';
import { treeText } from '../views/treeText.ts';

/** `journal`: every event as one line of JSON, long texts in their places. `conversation`: Markdown, all agents. */
export type ExportForm = 'journal' | 'conversation';

/** Rejects, with a message for a person, where the journal can't be read. */
export async function exportSession(
  id: SessionId,
  form: ExportForm,
  folders: SessionFolders,
): Promise<string> {
  const { events } = await readJournal(folders.journal(id), folders.blobs(id));
  if (form === 'journal') return events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const state = fold(events);
  if (!state) throw new Error(`Session ${id} can't be exported: its journal has no whole first line.`);
  const agents = [...state.agents.values()];
  // A batch has no conversation; its rows say what became of it.
  if (agents.length === 0) return `\`\`\`text\n${treeText(state, state.lastAt)}\n\`\`\`\n`;
  return agents.map((agent) => conversation(state, agent)).join('\n\n');
}
