/** A person cancels half-way: five calls have finished, two ignore the stop, three have not started. */
import { benchCall, type Contestant, type Job } from '../contestant.ts';
import { agent } from '../contestants/agent.ts';
import { aiSdk } from '../contestants/aiSdk.ts';
import { eagerRunner, plainRunner } from '../contestants/anthropicRunner.ts';
import { guardedQueue, plainQueue, promiseAllSettled } from '../contestants/bare.ts';
import { engine } from '../contestants/engine.ts';
import { openAiAgents } from '../contestants/openAiAgents.ts';
import { toolNode } from '../contestants/toolNode.ts';
import { delay, inRounds, median, observe } from '../measure.ts';
import type { Row, Scenario } from '../scenario.ts';

const quick = 5;
const all = 10;
const settleMs = 50;
const deafMs = 550;
const patienceMs = 1000;

interface Cancelled {
  readonly kept: number;
  readonly answered: number;
  readonly startedAfter: number;
  /** Infinity where it was not back in time. */
  readonly backMs: number;
}

export const scenario: Scenario = {
  about: 'cancelled half-way through 10 calls',
  async measure(rounds) {
    const contestants = [
      agent,
      engine,
      plainRunner,
      eagerRunner,
      await aiSdk(),
      await toolNode(),
      await openAiAgents(),
      promiseAllSettled,
      plainQueue,
      guardedQueue,
    ];
    const figures = await inRounds(
      rounds,
      contestants.map((contestant) => ({ name: contestant.name, measure: () => cancelHalfWay(contestant) })),
    );
    return [
      {
        title: 'Cancelled half-way',
        rows: [...figures].map(([name, cancelled]) => rowOf(name, cancelled)),
        note: `5 of 10 calls had finished; the rest ignore the stop and last half a second longer. Two run at once where that is bounded. Given up after ${patienceMs} ms (-).`,
      },
    ];
  },
};

function rowOf(name: string, cancelled: readonly Cancelled[]): Row {
  return {
    '': name,
    'results kept': `${Math.min(...cancelled.map(({ kept }) => kept))} of ${quick}`,
    answered: `${Math.min(...cancelled.map(({ answered }) => answered))} of ${all}`,
    'started after': Math.max(...cancelled.map(({ startedAfter }) => startedAfter)),
    'back after, ms': median(cancelled.map(({ backMs }) => backMs)),
  };
}

async function cancelHalfWay(contestant: Contestant): Promise<Cancelled> {
  const stopping = new AbortController();
  let startedAfter = 0;
  let finished = 0;
  const halfWay = Promise.withResolvers<void>();
  const finish = (value: string): string => {
    finished += 1;
    if (finished === quick) halfWay.resolve();
    return `<result of ${value}>`;
  };
  const run = (work: (value: string) => Promise<string>) => (value: string) => {
    if (stopping.signal.aborted) startedAfter += 1;
    return work(value);
  };
  const job: Job = {
    tools: [
      { name: 'quick', run: run((value) => delay(20).then(() => finish(value))) },
      { name: 'deaf', run: run((value) => delay(deafMs).then(() => `<late ${value}>`)) },
    ],
    calls: Array.from({ length: all }, (_, index) =>
      benchCall(index < quick ? 'quick' : 'deaf', `call_${index}`),
    ),
    signal: stopping.signal,
    width: 2,
  };
  const running = contestant.run(job);
  running.catch(() => undefined); // It may reject before anyone looks.
  await halfWay.promise;
  await delay(settleMs);
  stopping.abort();
  const seen = await observe(running, patienceMs);
  await delay(700); // What would start later has started by then.
  const answers = seen.kind === 'settled' ? seen.value : [];
  return {
    kept: answers.filter(({ text }) => text.includes('<result of ')).length,
    answered: new Set(answers.map(({ id }) => id)).size,
    startedAfter,
    backMs: seen.kind === 'pending' ? Infinity : seen.ms,
  };
}
