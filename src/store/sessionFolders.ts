/** Where each session lives on disk: `<state folder>/sessions/<session id>/`. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallId } from '../core/calls.ts';
import type { SessionEvent, SessionId } from '../core/events.ts';
import type { Outputs } from '../core/outputPorts.ts';
import { withoutKey } from './withoutKey.ts';

/** The beginnings of all sessions. */
export interface FirstEvents {
  readonly events: readonly SessionEvent[];
  /** The sessions whose first line can't be read: nothing is known of them but that they are there. */
  readonly unreadable: readonly SessionId[];
}

export class SessionFolders {
  /** The folder in which programs that share the state folder lock the files that they write. */
  readonly fileLocks: string;
  private readonly root: string;

  constructor(stateDir: string) {
    this.fileLocks = join(stateDir, 'locks');
    this.root = join(stateDir, 'sessions');
  }

  journal(id: SessionId): string {
    return join(this.root, id, 'journal.ndjson');
  }

  blobs(id: SessionId): string {
    return join(this.root, id, 'blobs');
  }

  /** Who had the session; see sessionOwner.ts. */
  owners(id: SessionId): string {
    return join(this.root, id, 'owners');
  }

  /** The notes of its commands that run; see leftProcesses.ts. */
  running(id: SessionId): string {
    return join(this.root, id, 'running');
  }

  /** The replies that are being written; see partialTexts.ts. */
  partialTexts(id: SessionId): string {
    return join(this.root, id, 'partial');
  }

  /** Makes the folders of a session, for its owner alone. */
  async create(id: SessionId): Promise<void> {
    for (const folder of [this.blobs(id), this.outputFolder(id)])
      await mkdir(folder, { recursive: true, mode: 0o700 });
  }

  /** Files for the whole output of a session's calls. A call id may hold any character; its hash may not. */
  outputs(id: SessionId, keyInUse: () => string | undefined = () => undefined): Outputs {
    const pathOf = (callId: CallId, attempt: number): string => {
      const name = createHash('sha256').update(callId).digest('hex').slice(0, 24);
      return join(this.outputFolder(id), `${name}-${attempt}.txt`);
    };
    return {
      fileFor: (callId, attempt) => Promise.resolve(pathOf(callId, attempt)),
      keep: async (callId, attempt, text) => {
        await writeFile(pathOf(callId, attempt), withoutKey(text, keyInUse()), { mode: 0o600 });
        return pathOf(callId, attempt);
      },
    };
  }

  /** Newest first. One without a line in its journal has not begun. */
  async firstEvents(): Promise<FirstEvents> {
    const ids = await readdir(this.root).catch(() => []);
    const events: SessionEvent[] = [];
    const unreadable: SessionId[] = [];
    for (const id of ids.sort().reverse()) {
      const line = await firstLine(this.journal(id)).catch(() => 'unreadable');
      const event = line === undefined ? undefined : parsed(line);
      if (event?.type === 'session.started') events.push(event);
      else if (line !== undefined) unreadable.push(id);
    }
    return { events, unreadable };
  }

  private outputFolder(id: SessionId): string {
    return join(this.root, id, 'outputs');
  }
}

/** Undefined where there is none. Rejects where it can't be told. */
async function firstLine(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  try {
    for await (const line of file?.readLines() ?? []) return line;
    return undefined;
  } finally {
    await file?.close();
  }
}

function parsed(line: string): SessionEvent | undefined {
  try {
    return JSON.parse(line) as SessionEvent;
  } catch {
    return undefined;
  }
}
