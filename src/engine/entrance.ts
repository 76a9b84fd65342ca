/**
 * Lets the calls of a batch begin as their lane can take them. Ten thousand calls in a lane's queue would cost their
 * memory without starting a moment earlier, and would keep the next agent's calls behind them all.
 */
import type { Clock } from '../core/ports.ts';
import type { Lane } from '../core/tools.ts';
import { Breather } from './breather.ts';
import { laneNames } from './lanes.ts';

interface Line<Item> {
  readonly items: Item[];
  next: number;
  /** How many have begun and are not over, nor aside. */
  inside: number;
}

export interface EntranceOptions<Item> {
  readonly clock: Clock;
  /** How many calls may be on their way to the lane, or in it. */
  readonly room: (lane: Lane) => number;
  /** Begins one; whoever is in line and has begun already is passed over. */
  readonly begin: (item: Item, lane: Lane) => void;
  readonly hasBegun: (item: Item) => boolean;
}

export class Entrance<Item> {
  private readonly options: EntranceOptions<Item>;
  private readonly lines: Readonly<Record<Lane, Line<Item>>> = {
    io: { items: [], next: 0, inside: 0 },
    process: { items: [], next: 0, inside: 0 },
    model: { items: [], next: 0, inside: 0 },
  };

  constructor(options: EntranceOptions<Item>) {
    this.options = options;
  }

  /** Puts one at the end of its lane's line, and lets in whom there is room for. */
  add(lane: Lane, item: Item): void {
    this.lines[lane].items.push(item);
    this.admit(lane);
  }

  /** One that was let in is over, or waits for something other than its lane. */
  stepOut(lane: Lane): void {
    this.lines[lane].inside -= 1;
    this.admit(lane);
  }

  /** One that stepped out needs its lane again. */
  stepIn(lane: Lane): void {
    this.lines[lane].inside += 1;
  }

  /** Lets everybody in: they were stopped, and need no room. */
  async admitAll(): Promise<void> {
    const breather = new Breather(this.options.clock);
    for (const lane of laneNames) {
      while (this.admitNext(lane)) if (breather.isDue) await breather.pause();
    }
  }

  private admit(lane: Lane): void {
    const line = this.lines[lane];
    while (line.inside < this.options.room(lane) && this.admitNext(lane));
  }

  private admitNext(lane: Lane): boolean {
    const line = this.lines[lane];
    const item = line.items[line.next];
    if (item === undefined) return false;
    line.next += 1;
    if (this.options.hasBegun(item)) return true;
    line.inside += 1;
    this.options.begin(item, lane);
    return true;
  }
}
