/** What a call costs that does nothing: in the executor alone, and in a whole streamed turn. */
import { benchCall, type Contestant, type Job } from '../contestant.ts';
import { agent } from '../contestants/agent.ts';
import { aiSdk } from '../contestants/aiSdk.ts';
import { eagerRunner, plainRunner } from '../contestants/anthropicRunner.ts';
import { guardedQueue, plainQueue, promiseAllSettled } from '../contestants/bare.ts';
import { engine } from '../contestants/engine.ts';
import { openAiAgents } from '../contestants/openAiAgents.ts';
import { toolNode } from '../contestants/toolNode.ts';
import { keptBytesPerCall } from '../keptMemory.ts';
import { inRounds, median, timed } from '../measure.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

/** How many calls a batch has, and how many batches one round runs, so that a round is long enough to be timed. */
interface Size {
  readonly calls: number;
  readonly batches: number;
}

const sizes: readonly Size[] = [
  { calls: 14, batches: 100 },
  { calls: 1000, batches: 10 },
  { calls: 10_000, batches: 1 },
];
const turnSizes: readonly Size[] = [
  { calls: 14, batches: 40 },
  { calls: 200, batches: 5 },
  { calls: 1000, batches: 1 },
];

/** Rounds that are the compiler's. */
const warmUps = 10;

interface Entrant extends Contestant {
  /** Larger batches would take minutes, and so would more than one of these. */
  readonly atMost?: number;
}

export const scenario: Scenario = {
  about: 'microseconds for each call that does nothing, journal off',
  async measure(rounds) {
    const executors = [engine, promiseAllSettled, plainQueue, guardedQueue, await toolNode()];
    const agents = { ...(await openAiAgents()), atMost: 200 };
    const turns: readonly Entrant[] = [agent, plainRunner, eagerRunner, await aiSdk(), agents];
    return [
      await tableOf('Overhead of the executor alone, microseconds a call', executors, sizes, 4 * rounds + 1),
      await memoryTable(executors),
      {
        ...(await tableOf('Overhead of a whole turn, microseconds a call', turns, turnSizes, 6 * rounds + 1)),
        note:
          'Streamed over loopback through the SDK, client and server in one process; @openai/agents gets the ' +
          'message whole, without a server, and no larger one, because its cost grows with the square.',
      },
    ];
  },
};

async function tableOf(
  title: string,
  entrants: readonly Entrant[],
  of: readonly Size[],
  rounds: number,
): Promise<Table> {
  const rows = new Map<string, Record<string, string | number>>(
    entrants.map(({ name }) => [name, { '': name }]),
  );
  // All sizes in each round: what the machine does meanwhile meets them alike.
  const entries = of.flatMap(({ calls, batches }) => {
    const job = jobOf(calls);
    const column = `${calls} calls`;
    return entrants
      .filter(({ atMost = Infinity }) => calls <= atMost)
      .map((entrant) => ({
        name: JSON.stringify([entrant.name, column]),
        measure: () => perCall(entrant, job, calls === entrant.atMost ? 1 : batches),
      }));
  });
  await inRounds(warmUps, entries);
  for (const [name, figures] of await inRounds(rounds, entries)) {
    const [entrant = '', column = ''] = JSON.parse(name) as readonly string[];
    const row = rows.get(entrant);
    if (row) row[column] = median(figures);
  }
  return { title, rows: [...rows.values()].map(withRatio) };
}

function withRatio(row: Row): Row {
  const many = row['10000 calls'];
  const fewer = row['1000 calls'];
  return typeof many === 'number' && typeof fewer === 'number'
    ? { ...row, '10000 : 1000': many / fewer }
    : row;
}

async function perCall(contestant: Contestant, job: Job, batches: number): Promise<number> {
  const ms = await timed(async () => {
    for (let batch = 0; batch < batches; batch += 1) {
      const answers = await contestant.run(job);
      if (answers.length !== job.calls.length) throw new Error(`${contestant.name} lost answers.`);
    }
  });
  return (ms * 1000) / (batches * job.calls.length);
}

function jobOf(count: number): Job {
  return {
    tools: [{ name: 'noop', run: () => 'ok' }],
    calls: Array.from({ length: count }, (_, index) => benchCall('noop', `call_${index}`)),
  };
}

async function memoryTable(executors: readonly Contestant[]): Promise<Table> {
  const job = jobOf(10_000);
  const rows: Row[] = [];
  for (const contestant of executors)
    rows.push({ '': contestant.name, 'bytes a call': await keptBytesPerCall(contestant, job) });
  return {
    title: 'Memory kept after a batch of 10,000',
    rows,
    note: "The engine's figure is its session: every call's input, outcome and times. The others keep the results alone.",
  };
}
