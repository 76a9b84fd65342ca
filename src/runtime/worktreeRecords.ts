/** The notes on worktrees in the state folder: written before a worktree is made, removed after it is gone. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KnownWorktree, WorktreeOwner } from '../core/worktrees.ts';
import { worktreesFolder } from '../safety/writablePath.ts';

/** `takenTree`: the content that was applied or merged. `top`: of the worktree, of which the agent may have only a part. */
export interface WorktreeRecord extends KnownWorktree {
  readonly v: 1;
  readonly top: string;
  readonly takenTree?: string;
}

/** Below the state folder: `worktrees/<session>/<agent>.json`, and the worktree in the folder `<agent>` beside it. */
export class WorktreeRecords {
  /** Where what was not taken is kept. */
  readonly kept: string;
  private readonly folder: string;

  constructor(stateDir: string) {
    this.folder = path.join(stateDir, worktreesFolder);
    this.kept = path.join(this.folder, 'kept');
  }

  /** The folder that holds an agent's worktree, and whatever is needed beside it. */
  folderOf({ sessionId, agentId }: WorktreeOwner): string {
    return path.join(this.folder, sessionId, agentId);
  }

  /** On disk when it settles. */
  async write(record: WorktreeRecord): Promise<void> {
    const file = this.fileOf(record);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.tmp`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(`${file}.tmp`, file);
  }

  async read(owner: WorktreeOwner): Promise<WorktreeRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(this.fileOf(owner), 'utf8')) as WorktreeRecord;
      return record.v === 1 ? record : undefined;
    } catch {
      return undefined; // None was written, or it was not written to its end: then no worktree was made.
    }
  }

  async remove(owner: WorktreeOwner): Promise<void> {
    await rm(this.folderOf(owner), { recursive: true, force: true });
    await rm(this.fileOf(owner), { force: true });
  }

  /** All of them, newest first. */
  async all(): Promise<readonly WorktreeRecord[]> {
    const records: WorktreeRecord[] = [];
    for (const sessionId of await namesIn(this.folder))
      for (const name of await namesIn(path.join(this.folder, sessionId))) {
        const agentId = /^(.+)\.json$/.exec(name)?.[1];
        const record = agentId === undefined ? undefined : await this.read({ sessionId, agentId });
        if (record) records.push(record);
      }
    return records.sort((a, b) => b.createdAt - a.createdAt);
  }

  private fileOf(owner: WorktreeOwner): string {
    return `${this.folderOf(owner)}.json`;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
