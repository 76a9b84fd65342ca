/**
 * Empty folders that stand in for protected places which do not exist, because bubblewrap can only mount over what is there.
 * Programs share them: each that needs one has a folder of its own in it, and the last that leaves takes it away.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readlinkSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isMountedElsewhere } from './mountedPlaces.ts';
import { findProcessNow } from './processIdentity.ts';

// Only empty folders are made in a stand-in: git and searches show none.
const prefix = '.allsettled-';
/** Says that the stand-in was made by a program of ours, and can be removed. */
const madeMark = `${prefix}stand-in`;
const holdPrefix = `${prefix}hold-`;

const lookAgainMs = 5;
/** The longest that the death of a sandbox is waited for. */
const waitAtMostMs = 10_000;

/** The stand-ins that this program holds, counted by command. A stand-in exists as long as a hold of any program is in it. */
export class StandIns {
  private readonly holds = new Map<string, number>();
  private readonly holdName = `${holdPrefix}${machineTag()}-${processTag(process.pid) ?? process.pid}`;

  /**
   * Holds a stand-in at the place, made if nothing is there. False, and nothing is held, for what is no stand-in, and where
   * none can be made.
   */
  hold(place: string): boolean {
    if (!this.enter(place)) return false;
    this.holds.set(place, (this.holds.get(place) ?? 0) + 1);
    return true;
  }

  /** Gives up one hold; the last of all programs removes the stand-in once no sandbox has it mounted. Never rejects. */
  async release(place: string): Promise<void> {
    const left = (this.holds.get(place) ?? 1) - 1;
    this.holds.set(place, left);
    if (left > 0) return;
    this.holds.delete(place);
    attempt(() => rmdirSync(path.join(place, this.holdName)));
    await removeUnheld(place);
  }

  /** Gives up everything, as the program is about to end. */
  async releaseAll(): Promise<void> {
    const places = [...this.holds.keys()];
    for (const place of places) this.holds.set(place, 1);
    await Promise.allSettled(places.map((place) => this.release(place)));
  }

  private enter(place: string): boolean {
    // The folder can be taken away by another program between two steps.
    for (;;) {
      const made = attempt(() => mkdirSync(place));
      if (made === 'done') attempt(() => mkdirSync(path.join(place, madeMark)));
      else if (made !== 'EEXIST') return false;
      if (namesIn(place)?.every(isOurs) === false) return false;
      const entered = attempt(() => mkdirSync(path.join(place, this.holdName)));
      if (entered !== 'ENOENT') return entered === 'done' || entered === 'EEXIST';
    }
  }
}

/** A folder that has nothing but what stand-ins hold. An empty one may be about to become a stand-in. */
export function isStandIn(place: string): boolean {
  return namesIn(place)?.every(isOurs) ?? false;
}

async function removeUnheld(place: string): Promise<void> {
  const giveUpAt = performance.now() + waitAtMostMs;
  for (;;) {
    removeDeadHolds(place);
    const names = namesIn(place) ?? [];
    if (!names.includes(madeMark) || names.some(isHold)) return;
    // A sandbox that has it mounted would lose the mount, and its command could make the place.
    if (!isMountedElsewhere(place)) return remove(place);
    // The next command in this folder looks after it.
    if (performance.now() > giveUpAt) return;
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

function remove(place: string): void {
  attempt(() => rmdirSync(path.join(place, madeMark)));
  // Another program has entered meanwhile, and is the one to remove it; or a person has made something of the folder.
  if (attempt(() => rmdirSync(place)) === 'ENOTEMPTY' && isStandIn(place))
    attempt(() => mkdirSync(path.join(place, madeMark)));
}

/** Removes the holds of a program that was killed together with all that would have cleared them up. */
function removeDeadHolds(place: string): void {
  for (const name of namesIn(place) ?? [])
    if (isHold(name) && !isAlive(place, name)) attempt(() => rmdirSync(path.join(place, name)));
}

const foreignMs = 24 * 60 * 60 * 1000;

/** A hold of another machine or container, whose processes can't be looked for, counts for a day. */
function isAlive(place: string, hold: string): boolean {
  const [machine, process] = hold.slice(holdPrefix.length).split(/-(.*)/s);
  if (machine === machineTag()) return process === processTag(Number.parseInt(process ?? '', 10));
  const made = statSync(path.join(place, hold), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - made < foreignMs;
}

function isOurs(name: string): boolean {
  return name.startsWith(prefix);
}

function isHold(name: string): boolean {
  return name.startsWith(holdPrefix);
}

/** One for all processes that see each other under the same ids. */
function machineTag(): string {
  return short(`${readlinkSync('/proc/self/ns/pid')} ${startOf(process.pid).split(' ')[0]}`);
}

function processTag(pid: number): string | undefined {
  return findProcessNow(pid) && `${pid}-${short(startOf(pid))}`;
}

function startOf(pid: number): string {
  return findProcessNow(pid)?.start ?? '';
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

/** The name of the error where it failed. */
function attempt(work: () => void): string {
  try {
    work();
    return 'done';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
