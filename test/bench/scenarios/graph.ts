/** Calls that depend on each other: how long the batch takes against its critical path, or the best schedule. */
import type { CallRequest } from '../../../src/core/calls.ts';
import { engineTool, runCalls } from '../contestants/engine.ts';
import { bestListSchedule, criticalPaths, listSchedule, seeded, type PlannedCall } from '../listSchedule.ts';
import PQueue from '../../../node_modules/p-queue/dist/index.js';
import { delay, inRounds, median } from '../measure.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

/** Two chains of 2.5 s and 2.1 s that share a start, and calls beside them: a barrier waits for the wrong ones. */
const smallGraph: readonly PlannedCall[] = [
  { ms: 500, after: [] },
  { ms: 1000, after: [] },
  { ms: 1500, after: [0] },
  { ms: 200, after: [0] },
  { ms: 500, after: [2] },
  { ms: 900, after: [1] },
  { ms: 200, after: [3, 5] },
  { ms: 300, after: [3] },
];

const width = 8;
const randomGraphs = [1, 2, 3].map((seed) => randomGraph(60, seeded(seed)));

interface Played {
  readonly ms: number;
  readonly violations: number;
}

export const scenario: Scenario = {
  about: 'calls that depend on each other',
  async measure(rounds) {
    const warmUp = smallGraph.map((call) => ({ ...call, ms: 5 }));
    for (const player of [inEngine, byHand]) await play(warmUp, player);
    return [await smallTable(rounds), await randomTable(rounds)];
  },
};

async function smallTable(rounds: number): Promise<Table> {
  const best = Math.max(...criticalPaths(smallGraph));
  const figures = await inRounds(rounds, [
    { name: 'AllSettled engine, after', measure: () => play(smallGraph, inEngine) },
    { name: 'Promise.allSettled, a barrier per level', measure: () => play(smallGraph, inLevels) },
    { name: 'Promise.allSettled, unordered', measure: () => play(smallGraph, unordered) },
  ]);
  const rows = [...figures].map(([name, played]): Row => rowOf(name, played, best));
  return { title: `A graph with a critical path of ${best / 1000} s`, rows };
}

function rowOf(name: string, played: readonly Played[], best: number): Row {
  return {
    '': name,
    'time / best': (median(played.map(({ ms }) => ms)) / best).toFixed(4),
    'started before what they come after': Math.max(...played.map(({ violations }) => violations)),
  };
}

async function randomTable(rounds: number): Promise<Table> {
  const rows: Row[] = [];
  for (const [index, graph] of randomGraphs.entries()) {
    const best = bestListSchedule(graph, width, seeded(99));
    const asWritten = listSchedule(graph, width, () => 0);
    const figures = await inRounds(rounds, [
      { name: `${index + 1}: AllSettled engine`, measure: () => play(graph, inEngine) },
      { name: `${index + 1}: p-queue by hand, critical path first`, measure: () => play(graph, byHand) },
    ]);
    for (const [name, played] of figures)
      rows.push({
        ...rowOf(name, played, best),
        'as written / best': (asWritten / best).toFixed(4),
        'best, ms': best,
      });
  }
  return {
    title: `Random graphs of 60 calls, lane width ${width}`,
    rows,
    note: 'Best: the shortest of 303 list schedules on paper, by critical path, by length, as written and by chance.',
  };
}

type Work = (place: number) => Promise<void>;
type Player = (graph: readonly PlannedCall[], work: Work) => Promise<unknown>;

async function play(graph: readonly PlannedCall[], player: Player): Promise<Played> {
  const ended = new Set<number>();
  let violations = 0;
  const startedAt = performance.now();
  await player(graph, async (place) => {
    const { ms, after } = graph[place] ?? { ms: 0, after: [] };
    if (after.some((other) => !ended.has(other))) violations += 1;
    await delay(ms);
    ended.add(place);
  });
  return { ms: performance.now() - startedAt, violations };
}

async function inEngine(graph: readonly PlannedCall[], work: Work): Promise<void> {
  const tool = engineTool({ name: 'work', run: (place) => work(Number(place)).then(() => 'done') });
  const calls = graph.map(({ after }, place): CallRequest => ({
    id: `call_${place}`,
    tool: 'work',
    input: { kind: 'parsed', value: { value: String(place) } },
    after: after.map((other) => ({ id: `call_${other}`, when: 'succeeded' })),
  }));
  await runCalls([tool], calls, { width });
}

/** What one gets from turn after turn: all that is ready, then a barrier. */
async function inLevels(graph: readonly PlannedCall[], work: Work): Promise<void> {
  const done = new Set<number>();
  while (done.size < graph.length) {
    const ready = [...graph.keys()].filter(
      (place) => !done.has(place) && (graph[place]?.after ?? []).every((other) => done.has(other)),
    );
    await Promise.allSettled(ready.map(work));
    for (const place of ready) done.add(place);
  }
}

/** Somebody who knows how long each call takes and writes the schedule by hand: the machine's own share of the time. */
async function byHand(graph: readonly PlannedCall[], work: Work): Promise<void> {
  const queue = new PQueue({ concurrency: width });
  const paths = criticalPaths(graph);
  const ends: Promise<unknown>[] = [];
  for (const [place, { after }] of graph.entries()) {
    const ready = Promise.allSettled(after.flatMap((other) => ends[other] ?? []));
    ends.push(ready.then(() => queue.add(() => work(place), { priority: paths[place] ?? 0 })));
  }
  await Promise.allSettled(ends);
}

async function unordered(graph: readonly PlannedCall[], work: Work): Promise<void> {
  await Promise.allSettled([...graph.keys()].map(work));
}

/** Calls of 20 to 200 ms, each after up to three earlier ones. */
function randomGraph(count: number, random: () => number): readonly PlannedCall[] {
  return Array.from({ length: count }, (_, place) => ({
    ms: 20 + Math.floor(random() * 180),
    after: earlier(place, random),
  }));
}

function earlier(place: number, random: () => number): readonly number[] {
  if (place === 0) return [];
  const wanted = Math.floor(random() * 4);
  return [...new Set(Array.from({ length: wanted }, () => Math.floor(random() * place)))];
}
