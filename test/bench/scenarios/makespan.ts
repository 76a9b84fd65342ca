/** How long a batch takes against its longest call. */
import { benchCall, type Job } from '../contestant.ts';
import { agent } from '../contestants/agent.ts';
import { aiSdk } from '../contestants/aiSdk.ts';
import { eagerRunner, plainRunner } from '../contestants/anthropicRunner.ts';
import { plainQueue, promiseAllSettled } from '../contestants/bare.ts';
import { engine } from '../contestants/engine.ts';
import { openAiAgents } from '../contestants/openAiAgents.ts';
import { toolNode } from '../contestants/toolNode.ts';
import { delay, inRounds, median, timed } from '../measure.ts';
import type { Scenario, Table } from '../scenario.ts';

const batches = [
  { calls: 10, seconds: 1 },
  { calls: 5, seconds: 3 },
  { calls: 3, seconds: 2 },
] as const;

export const scenario: Scenario = {
  about: 'how long a batch takes, against its longest call',
  measure: async (rounds) => [await turnTable(rounds)],
};

async function turnTable(rounds: number): Promise<Table> {
  const contestants = [
    agent,
    plainRunner,
    eagerRunner,
    await aiSdk(),
    engine,
    await toolNode(),
    await openAiAgents(),
    promiseAllSettled,
    plainQueue,
  ];
  // Connections, and code that runs for the first time, are not what is measured.
  for (let time = 0; time < 15; time += 1)
    for (const contestant of contestants) await contestant.run(waiting(10, 0.01));
  const rows = new Map<string, Record<string, string | number>>(
    contestants.map(({ name }) => [name, { '': name }]),
  );
  for (const { calls, seconds } of batches) {
    const figures = await inRounds(
      rounds,
      contestants.map((contestant) => ({
        name: contestant.name,
        measure: () => timed(() => contestant.run(waiting(calls, seconds))),
      })),
    );
    for (const [name, ms] of figures) {
      const row = rows.get(name);
      if (row) row[`${calls} x ${seconds} s`] = (median(ms) / (seconds * 1000)).toFixed(4);
    }
  }
  return {
    title: 'Makespan of calls that wait, against the longest',
    rows: [...rows.values()],
    note: 'The first four are whole turns, streamed over loopback by the SDK; the others get the calls at once.',
  };
}

function waiting(count: number, seconds: number): Job {
  return {
    tools: [{ name: 'wait', run: () => delay(seconds * 1000).then(() => 'waited') }],
    calls: Array.from({ length: count }, (_, index) => benchCall('wait', `call_${index}`)),
  };
}
