/** Calls that depend on each other: how long the batch takes against its critical path, or the best schedule. */
import type { CallRequest } from '../../../src/core/calls.ts';
import { engineTool, runCalls } from '../contestants/engine.ts';
import {
  bestListSchedule,
  chainLengths,
  criticalPaths,
  firstCome,
  listSchedule,
  seeded,
  type PlannedCall,
} from '../listSchedule.ts';
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
const playedGraphs = 3;
const randomGraphs = Array.from({ length: 20 }, (_, index) => randomGraph(60, seeded(index + 1)));

interface Played {
  readonly ms: number;
  readonly violations: number;
}

export const scenario: Scenario = {
  about: 'calls that depend on each other',
  async measure(rounds) {
    const warmUp = smallGraph.map((call) => ({ ...call, ms: 5 }));
    for (const player of [inEngine, byHand]) await play(warmUp, player);
    return [await smallTable(rounds), await randomTable(rounds), paperTable()];
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
  for (const [index, graph] of randomGraphs.slice(0, playedGraphs).entries()) {
    const best = bestListSchedule(graph, width, seeded(99));
    const chains = chainLengths(graph);
    const onPaper = (priority: (place: number) => number): string =>
      (listSchedule(graph, width, priority) / best).toFixed(4);
    const figures = await inRounds(rounds, [
      { name: `${index + 1}: AllSettled engine`, measure: () => play(graph, inEngine) },
      { name: `${index + 1}: p-queue by hand, critical path first`, measure: () => play(graph, byHand) },
    ]);
    for (const [name, played] of figures)
      rows.push({
        ...rowOf(name, played, best),
        'first come / best': onPaper(firstCome),
        'longest chain / best': onPaper((place) => chains[place] ?? 0),
        'best, ms': best,
      });
  }
  return { title: `Random graphs of 60 calls, lane width ${width}`, rows, note: aboutBest };
}

const aboutBest =
  'Best: the shortest of 304 list schedules on paper, by critical path, by length, as written, first come and by chance.';

/** What a rule costs that does not know how long calls take, without timers and processors. */
function paperTable(): Table {
  const rules: Readonly<Record<string, (graph: readonly PlannedCall[]) => readonly number[]>> = {
    'first come, first served': (graph) => graph.map(firstCome),
    'as written': (graph) => graph.map((_, place) => -place),
    'longest chain of calls first': chainLengths,
    'critical path first, which knows durations': criticalPaths,
  };
  const bests = randomGraphs.map((graph) => bestListSchedule(graph, width, seeded(99)));
  const rows = Object.entries(rules).map(([name, rule]): Row => {
    const ratios = randomGraphs.map((graph, index) => {
      const priorities = rule(graph);
      return listSchedule(graph, width, (place) => priorities[place] ?? 0) / (bests[index] ?? Number.NaN);
    });
    return {
      '': name,
      'median / best': median(ratios).toFixed(4),
      'worst / best': Math.max(...ratios).toFixed(4),
      'over 1.03': `${ratios.filter((ratio) => ratio > 1.03).length} of ${ratios.length}`,
    };
  });
  return { title: `On paper: ${randomGraphs.length} such graphs`, rows, note: aboutBest };
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
  const ends = graph.map(() => Promise.withResolvers<void>());
  const run = async (place: number): Promise<void> => {
    await work(place);
    ends[place]?.resolve();
    // What comes after it must be in the queue before its slot is free, or the slot goes to a lesser call.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const runs = graph.map(async ({ after }, place) => {
    await Promise.allSettled(after.flatMap((other) => ends[other]?.promise ?? []));
    await queue.add(() => run(place), { priority: paths[place] ?? 0 });
  });
  await Promise.allSettled(runs);
}

async function unordered(graph: readonly PlannedCall[], work: Work): Promise<void> {
  await Promise.allSettled([...graph.keys()].map(work));
}

/** Calls of 100 to 500 ms, beside which a millisecond of a timer is little, each after up to three earlier ones. */
function randomGraph(count: number, random: () => number): readonly PlannedCall[] {
  return Array.from({ length: count }, (_, place) => ({
    ms: 100 + Math.floor(random() * 400),
    after: earlier(place, random),
  }));
}

function earlier(place: number, random: () => number): readonly number[] {
  if (place === 0) return [];
  const wanted = Math.floor(random() * 4);
  return [...new Set(Array.from({ length: wanted }, () => Math.floor(random() * place)))];
}
