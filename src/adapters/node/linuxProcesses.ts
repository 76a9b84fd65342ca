/** Finds on Linux all that a process started, also what has left its group. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly session: number;
  /** Clock ticks from the boot to its start. */
  readonly startTicks: number;
}

/**
 * The processes that belong to these sessions, are traced otherwise, or descend from one that is; sessions that they have
 * opened are added. So a process stays known when its parent dies, as long as it was seen once.
 */
export function membersOf(
  sessions: Set<number>,
  rows: readonly ProcessRow[],
  isTraced: (row: ProcessRow) => boolean = () => false,
): ReadonlySet<number> {
  const members = new Set(rows.filter(isTraced).map(({ pid }) => pid));
  for (const { pid, session } of rows) if (members.has(pid)) sessions.add(session);
  let sizeBefore: number;
  do {
    sizeBefore = members.size;
    for (const { pid, parentPid, session } of rows) {
      if (members.has(pid)) continue;
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

/** The processes with this id or a later one, without those to be left out; all when the ids have begun anew since. */
export function listProcessesFrom(
  pid: number,
  isLeftOut: (pid: number) => boolean = () => false,
): readonly ProcessRow[] {
  const latest = Number(textOf('/proc/loadavg').trim().split(' ').at(-1));
  if (listed !== undefined || !(latest >= pid)) return listProcesses();
  const isWanted = (id: number): boolean => id >= pid && !isLeftOut(id);
  return readdirSync('/proc').flatMap((name) => (isWanted(Number(name)) ? readRow(name) : []));
}

/** Undefined for a process that is not there. */
export function startTicksOf(pid: number): number | undefined {
  return readRow(String(pid))[0]?.startTicks;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
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
  const fields = stat.slice(afterName).split(' ');
  const [state, parentPid, , session] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number.parseInt(stat, 10),
    parentPid: Number(parentPid),
    session: Number(session),
    // The 22nd of all fields.
    startTicks: Number(fields[19]),
  };
}
