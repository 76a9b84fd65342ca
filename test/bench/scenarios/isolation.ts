/** One nasty call among 14: how many neighbours keep their results, and how many calls have an answer. */
import { benchCall, type BenchCall, type BenchTool, type Contestant, type Job } from '../contestant.ts';
import { agent } from '../contestants/agent.ts';
import { aiSdk } from '../contestants/aiSdk.ts';
import { eagerRunner, plainRunner } from '../contestants/anthropicRunner.ts';
import { guardedQueue, plainQueue, promiseAllSettled } from '../contestants/bare.ts';
import { engine } from '../contestants/engine.ts';
import { openAiAgents } from '../contestants/openAiAgents.ts';
import { toolNode } from '../contestants/toolNode.ts';
import { delay, median, observe } from '../measure.ts';
import type { Row, Scenario } from '../scenario.ts';

const deadlineMs = 1000;
const patienceMs = 1500;
const neighbours = 13;
const nastyPlace = 6;

interface Nasty {
  readonly name: string;
  readonly run?: BenchTool['run'];
  readonly call?: Partial<BenchCall>;
}

const nastyCalls: readonly Nasty[] = [
  {
    name: 'throws now',
    run: () => {
      throw new Error('at once');
    },
  },
  { name: 'rejects later', run: () => delay(20).then(() => Promise.reject(new Error('later'))) },
  { name: 'rejects undefined', run: () => Promise.reject(undefined) },
  { name: 'throws a string', run: () => Promise.reject('just text') },
  { name: 'returns nothing', run: () => undefined },
  { name: 'returns 50 MB', run: () => 'x'.repeat(50 * 1024 * 1024) },
  { name: 'never settles', run: () => new Promise(() => undefined) },
  { name: 'ignores its signal', run: () => delay(3 * deadlineMs).then(() => 'too late') },
  { name: 'unknown tool', call: { tool: 'no_such_tool' } },
  { name: 'bad input', call: { rawInput: '{"value": 7}' } },
  { name: 'duplicate id', call: { id: 'call_2' } },
  { name: 'unparsable input', call: { rawInput: '{"value": "a' } },
];

/** What became of one batch. */
interface Verdict {
  readonly nasty: string;
  readonly kept: number;
  readonly outcomes: number;
  readonly ms: number;
  readonly largestAnswer: number;
  readonly ending: string;
}

export const scenario: Scenario = {
  about: '12 nasty calls, each as one of 14',
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
    const rows: Row[] = [];
    const details: Row[] = [];
    for (const contestant of contestants) {
      const verdicts = await verdictsOf(contestant, rounds);
      rows.push(sum(contestant.name, verdicts));
      details.push(detail(contestant.name, verdicts));
    }
    return [
      {
        title: 'Isolation',
        rows,
        note:
          `A deadline of ${deadlineMs} ms; given up after ${patienceMs} ms. "answered" counts different ids. ` +
          'The deadline is that of the two calls that never end; - where the batch was not back.',
      },
      { title: 'Isolation, neighbours kept of 13 / ids answered of 14', rows: details },
    ];
  },
};

async function verdictsOf(contestant: Contestant, rounds: number): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const nasty of nastyCalls) {
    const repeated: Verdict[] = [];
    for (let round = 0; round < rounds; round += 1) repeated.push(await verdictOf(contestant, nasty));
    const [worst] = [...repeated].sort((a, b) => a.kept - b.kept || a.outcomes - b.outcomes);
    if (worst) verdicts.push({ ...worst, ms: median(repeated.map(({ ms }) => ms)) });
  }
  return verdicts;
}

async function verdictOf(contestant: Contestant, nasty: Nasty): Promise<Verdict> {
  const seen = await observe(contestant.run(jobWith(nasty)), patienceMs);
  if (seen.kind !== 'settled')
    return {
      nasty: nasty.name,
      kept: 0,
      outcomes: 0,
      ms: Infinity,
      largestAnswer: 0,
      ending: seen.kind === 'pending' ? 'withheld' : `lost: ${seen.reason.slice(0, 60)}`,
    };
  const answers = seen.value;
  const ids = new Set(answers.map(({ id }) => id));
  return {
    nasty: nasty.name,
    kept: neighbourIds.filter((id) => answers.some(({ text }) => text.includes(`<result of ${id}>`))).length,
    outcomes: ids.size,
    ms: seen.ms,
    largestAnswer: Math.max(...answers.map(({ text }) => text.length)),
    ending: 'settled',
  };
}

const neighbourIds = Array.from({ length: neighbours }, (_, index) => `call_${index}`);

function jobWith(nasty: Nasty): Job {
  const good: BenchTool = { name: 'good', run: (value) => delay(5).then(() => `<result of ${value}>`) };
  const bad: BenchTool = { name: 'nasty', run: nasty.run ?? (() => 'ran') };
  const calls = neighbourIds.map((id) => benchCall('good', id));
  calls.splice(nastyPlace, 0, { ...benchCall('nasty', 'call_nasty'), ...nasty.call });
  return { tools: [good, bad], calls, deadlineMs };
}

function sum(name: string, verdicts: readonly Verdict[]): Row {
  const whole = verdicts.filter(({ kept, outcomes }) => kept === neighbours && outcomes === neighbours + 1);
  const endless = verdicts.filter(({ nasty }) => nasty === 'never settles' || nasty === 'ignores its signal');
  const slowest = Math.max(...endless.map(({ ms }) => ms)) / deadlineMs;
  return {
    '': name,
    'all 14 well': `${whole.length} of ${verdicts.length}`,
    'neighbours kept': `${total(verdicts, 'kept')} of ${neighbours * verdicts.length}`,
    answered: `${total(verdicts, 'outcomes')} of ${(neighbours + 1) * verdicts.length}`,
    'time / deadline': Number.isFinite(slowest) ? slowest : '-',
    'largest answer, KB': Math.max(...verdicts.map(({ largestAnswer }) => largestAnswer)) / 1024,
  };
}

function total(verdicts: readonly Verdict[], key: 'kept' | 'outcomes'): number {
  return verdicts.reduce((count, verdict) => count + verdict[key], 0);
}

function detail(name: string, verdicts: readonly Verdict[]): Row {
  const cells = verdicts.map(({ nasty, kept, outcomes, ending }): [string, string] => [
    nasty,
    ending === 'settled' ? `${kept}/${outcomes}` : (ending.split(':')[0] ?? ending),
  ]);
  return { '': name, ...Object.fromEntries(cells) };
}
