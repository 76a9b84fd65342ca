/** A message whose calls arrive over three seconds: when each starts, and when all results are ready. */
import { benchCall, type Contestant, type Job } from '../contestant.ts';
import { agent } from '../contestants/agent.ts';
import { aiSdk } from '../contestants/aiSdk.ts';
import { eagerRunner, plainRunner } from '../contestants/anthropicRunner.ts';
import { listSchedule, type PlannedCall } from '../listSchedule.ts';
import { delay, inRounds, median } from '../measure.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

const gapMs = 300;
const count = 10;
/** The first lasts longest. */
const calls: readonly PlannedCall[] = Array.from({ length: count }, (_, index) => ({
  ms: 3000 - (index * 2250) / (count - 1),
  after: [],
  releasedAt: (index + 1) * gapMs,
}));

interface Streamed {
  readonly ms: number;
  /** From each block's end to its call's start. */
  readonly lagsMs: readonly number[];
}

export const scenario: Scenario = {
  about: '10 calls that only read, streamed over 3 s',
  async measure(rounds) {
    const everyone = [agent, eagerRunner, plainRunner, await aiSdk()];
    const only = [agent];
    return [
      await tableOf('Eager start', everyone, 16, rounds),
      await tableOf('Eager start at lane width 4', only, 4, rounds),
    ];
  },
};

async function tableOf(
  title: string,
  contestants: readonly Contestant[],
  width: number,
  rounds: number,
): Promise<Table> {
  const longest = Math.max(...calls.map(({ ms, releasedAt = 0 }) => releasedAt + ms));
  const best = listSchedule(calls, width, (place) => -place);
  const figures = await inRounds(
    rounds,
    contestants.map((contestant) => ({ name: contestant.name, measure: () => stream(contestant, width) })),
  );
  const rows = [...figures].map(([name, streamed]): Row => ({
    '': name,
    'ready / best': (median(streamed.map(({ ms }) => ms)) / best).toFixed(4),
    'median lag, ms': median(streamed.flatMap(({ lagsMs }) => lagsMs)),
    'longest lag, ms': median(streamed.map(({ lagsMs }) => Math.max(...lagsMs))),
  }));
  return {
    title,
    rows,
    note:
      `Best: ${Math.round(best)} ms, first come first served in ${width} slots; max(arrival + duration) is ${Math.round(longest)} ms. ` +
      "The lag is from the end of a call's own block to its start.",
  };
}

async function stream(contestant: Contestant, width: number): Promise<Streamed> {
  const sentAt = new Map<string, number>();
  const lagsMs: number[] = [];
  const job: Job = {
    tools: [
      {
        name: 'look',
        run: (id) => {
          lagsMs.push(performance.now() - (sentAt.get(id) ?? 0));
          return delay(calls[Number(id.slice(5))]?.ms ?? 0).then(() => 'seen');
        },
      },
    ],
    calls: calls.map((_, index) => benchCall('look', `call_${index}`)),
    gapMs,
    width,
    onBlockSent: (id) => void sentAt.set(id, performance.now()),
  };
  await contestant.run(job);
  const firstSentAt = sentAt.get('call_0') ?? 0;
  return { ms: performance.now() - firstSentAt + gapMs, lagsMs };
}
