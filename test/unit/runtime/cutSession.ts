/** A session whose journal ends after any of its events, as if its host had died there. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export interface WholeSession {
  readonly stateDir: string;
  readonly sessionId: string;
  /** Of its journal, each with its checksum. */
  readonly lines: readonly string[];
  readonly events: readonly SessionEvent[];
}

/** The session as its disposed runtime has left it. */
export async function wholeSession(stateDir: string, sessionId: string): Promise<WholeSession> {
  const journal = await readFile(new SessionFolders(stateDir).journal(sessionId), 'utf8');
  const lines = journal.trimEnd().split('\n');
  return { stateDir, sessionId, lines, events: lines.map((line) => JSON.parse(line) as SessionEvent) };
}

/** A state folder in which the host died after so many events. */
export async function diedAfter(
  t: TestContext,
  { stateDir: whole, sessionId, lines }: WholeSession,
  count: number,
): Promise<string> {
  const stateDir = await temporaryFolder(t);
  const from = dirname(new SessionFolders(whole).journal(sessionId));
  const journal = new SessionFolders(stateDir).journal(sessionId);
  await mkdir(dirname(journal), { recursive: true });
  for (const part of ['blobs', 'outputs'])
    await cp(join(from, part), join(dirname(journal), part), { recursive: true }).catch(() => undefined);
  await writeFile(
    journal,
    lines
      .slice(0, count)
      .map((line) => `${line}\n`)
      .join(''),
  );
  return stateDir;
}

/** The numbers of events after which the session is to be cut: right behind each that fits. */
export function cutsAfter(events: readonly SessionEvent[], fits: (event: SessionEvent) => boolean): number[] {
  return events.flatMap((event, index) => (fits(event) ? [index + 1] : []));
}
