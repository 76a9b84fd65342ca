/** Finds on Linux all that a process started, also what has left its group. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly session: number;
}

/**
 * The processes that belong to these sessions or descend from one that does; sessions that descendants have
 * opened are added. So a process stays known when its parent dies, as long as it was seen once.
 */
export function membersOf(sessions: Set<number>, rows: readonly ProcessRow[]): ReadonlySet<number> {
  const members = new Set<number>();
  let sizeBefore: number;
  do {
    sizeBefore = members.size;
    for (const { pid, parentPid, session } of rows) {
      if (!sessions.has(session) && !members.has(parentPid)) continue;
      members.add(pid);
      sessions.add(session);
    }
  } while (members.size > sizeBefore);
  return members;
}

let listed: readonly ProcessRow[] | undefined;

/** All processes that have not ended. Calls in one turn of the event loop share a reading: a hundred can be stopped at once. */
export function listProcesses(): readonly ProcessRow[] {
  if (listed === undefined) {
    listed = readdirSync('/proc').flatMap(readRow);
    setImmediate(() => (listed = undefined));
  }
  return listed;
}

function readRow(name: string): ProcessRow[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    const row = parseStat(readFileSync(`/proc/${name}/stat`, 'latin1'));
    return row === undefined ? [] : [row];
  } catch {
    return []; // It ended meanwhile.
  }
}

/** One line of `/proc/<pid>/stat`; undefined for a process that has ended and was not waited for. */
export function parseStat(stat: string): ProcessRow | undefined {
  // The second field is a name in parentheses, which can hold spaces and parentheses of its own.
  const afterName = stat.lastIndexOf(')') + 2;
  const [state, parentPid, , session] = stat.slice(afterName).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { pid: Number.parseInt(stat, 10), parentPid: Number(parentPid), session: Number(session) };
}
