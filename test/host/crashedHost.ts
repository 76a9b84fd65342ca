/** An agent whose extension host is killed while a command of it runs: what the model says, and what is seen from outside. */
import { readdir, readFile, watch, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionEvent } from '../../src/core/events.ts';
import { readJournal } from '../../src/store/journalReader.ts';
import { SessionFolders } from '../../src/store/sessionFolders.ts';
import { asksFor, says, spawns } from '../fixtures/agentScripts.ts';
import { messageStart } from '../fixtures/sseEvents.ts';
import { startMessagesServer } from '../fixtures/sseServer.ts';
import type { MessagesBody, MessagesServer, ServerReply } from '../fixtures/sseServer.ts';

export const crashPrompt = 'Note it, whatever happens.';
export const subAgent = 'Lookout';

/** Where the agent works, and who plays its model. */
export interface CrashPlace {
  readonly stateDir: string;
  readonly folder: string;
  readonly server: MessagesServer;
}

/** The file that the command makes when it is in the middle of its work; it holds the command's process id. */
const begun = 'begun';

const turns: readonly ServerReply[] = [
  asksFor(
    ['r1', 'read_file', { path: 'a.txt' }],
    ['c1', 'terminal', { command: 'echo one >> notes.txt' }],
    spawns('s1', subAgent, { background: true }),
    ['e1', 'edit_file', { path: 'a.txt', edits: [{ oldText: 'alpha', newText: 'alpha alpha' }] }],
  ),
  asksFor(
    [
      'c2',
      'terminal',
      { command: `echo two >> notes.txt; echo $$ > part; mv part ${begun}; exec sleep 600` },
    ],
    ['w2', 'write_file', { path: 'made.txt', content: 'made\n' }],
  ),
  says('Noted.'),
];

/**
 * What the model says depends on the history alone, so that whoever goes on is answered alike. Only the sub-agent's first
 * reply never ends, so that it too is at work when its host is killed.
 */
export function startCrashModel(): Promise<MessagesServer> {
  let asksOfSubAgent = 0;
  return startMessagesServer(({ messages }: MessagesBody) => {
    if (String(messages[0]?.content[0]?.['text']).includes(subAgent)) {
      asksOfSubAgent += 1;
      return asksOfSubAgent === 1 ? { events: [messageStart()], then: 'stall' } : says('Nothing in sight.');
    }
    const said = messages.filter(({ role }) => role === 'assistant').length;
    return turns[said] ?? says('Noted.');
  });
}

export async function writeCrashFiles(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'a.txt'), 'alpha\n');
}

/** Settles with the process id of the command that never ends, once it is in the middle of its work. */
export async function commandAtWork(folder: string): Promise<number> {
  const closing = new AbortController();
  const changes = watch(folder, { signal: closing.signal });
  const pid = async (): Promise<number | undefined> => {
    const text = await readFile(path.join(folder, begun), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : Number(text);
  };
  // The watcher is there already, so nothing is missed.
  const early = await pid();
  if (early !== undefined) {
    closing.abort();
    return early;
  }
  for await (const { filename } of changes) {
    const found = filename === begun ? await pid() : undefined;
    if (found !== undefined) return found;
  }
  throw new Error('The folder can not be watched.');
}

/** The events of the agent's session, as the disk has them. */
export async function crashedSession(stateDir: string): Promise<readonly SessionEvent[]> {
  const folders = new SessionFolders(stateDir);
  for (const id of await readdir(path.join(stateDir, 'sessions'))) {
    const { events } = await readJournal(folders.journal(id), folders.blobs(id));
    if (events.some((event) => event.type === 'run.queued' && event.prompt === crashPrompt)) return events;
  }
  throw new Error('The session has no journal.');
}
