/** Schedules calls on paper: how soon a graph could be done at best, with so many slots. */

/** A call that waits for others, given by their places. */
export interface PlannedCall {
  readonly ms: number;
  readonly after: readonly number[];
  /** When it is known of, in milliseconds; 0 where absent. */
  readonly releasedAt?: number;
}

/** The end of the last call when each free slot takes the ready call of the highest priority, among equals the one that was ready first. */
export function listSchedule(
  calls: readonly PlannedCall[],
  width: number,
  priority: (place: number) => number,
): number {
  const ends = new Map<number, number>();
  const waiting = new Set(calls.keys());
  const ready = new Set<number>();
  let running: readonly { readonly place: number; readonly end: number }[] = [];
  for (let now = 0; ;) {
    for (const { place, end } of running) if (end <= now) ends.set(place, end);
    running = running.filter(({ end }) => end > now);
    for (const place of waiting) if (isReady(calls[place], ends, now)) ready.add(place);
    const next = [...ready].sort((a, b) => priority(b) - priority(a)).slice(0, width - running.length);
    for (const place of next) {
      waiting.delete(place);
      ready.delete(place);
    }
    running = [...running, ...next.map((place) => ({ place, end: now + (calls[place]?.ms ?? 0) }))];
    const releases = [...waiting].map((place) => calls[place]?.releasedAt ?? 0).filter((at) => at > now);
    const soonest = Math.min(...running.map(({ end }) => end), ...releases);
    if (!Number.isFinite(soonest)) return Math.max(0, ...ends.values());
    now = soonest;
  }
}

function isReady(call: PlannedCall | undefined, ends: ReadonlyMap<number, number>, now: number): boolean {
  return (call?.releasedAt ?? 0) <= now && (call?.after ?? []).every((place) => ends.has(place));
}

/** The priority of somebody who takes what is ready first. */
export function firstCome(): number {
  return 0;
}

/** How many calls the longest chain has that begins with each call: what is known where durations are not. */
export function chainLengths(calls: readonly PlannedCall[]): readonly number[] {
  return criticalPaths(calls.map((call) => ({ ...call, ms: 1 })));
}

/** The best of many list schedules: by critical path, by length, as written, first come, and by chance. */
export function bestListSchedule(calls: readonly PlannedCall[], width: number, random: () => number): number {
  const paths = criticalPaths(calls);
  const rules: ((place: number) => number)[] = [
    (place) => paths[place] ?? 0,
    (place) => calls[place]?.ms ?? 0,
    (place) => -place,
    firstCome,
  ];
  for (let rule = 0; rule < 300; rule += 1) {
    const chance = calls.map((_, place) => (paths[place] ?? 0) * (0.7 + 0.6 * random()));
    rules.push((place) => chance[place] ?? 0);
  }
  return Math.min(...rules.map((rule) => listSchedule(calls, width, rule)));
}

/** From each call's start to the end of the longest chain behind it. Calls come after earlier ones alone. */
export function criticalPaths(calls: readonly PlannedCall[]): readonly number[] {
  const paths = calls.map(({ ms }) => ms);
  for (const [place, call] of [...calls.entries()].reverse())
    for (const earlier of call.after)
      paths[earlier] = Math.max(paths[earlier] ?? 0, (calls[earlier]?.ms ?? 0) + (paths[place] ?? 0));
  return paths;
}

/** Numbers from 0 up to 1, the same in each run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
