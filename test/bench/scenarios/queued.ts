/** 10,000 queued calls: how much memory they take, and how long they keep the event loop from everything else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { startRuntime } from '../benchRuntime.ts';
import { benchCall, type Job } from '../contestant.ts';
import { plainQueue, promiseAllSettled } from '../contestants/bare.ts';
import { engine } from '../contestants/engine.ts';
import { settledHeap } from '../keptMemory.ts';
import { delay, inRounds, median } from '../measure.ts';
import type { Row, Scenario } from '../scenario.ts';

const count = 10_000;

interface Load {
  readonly peakMb: number;
  readonly longestBlockMs: number;
}

export const scenario: Scenario = {
  about: '10,000 queued calls',
  async measure(rounds) {
    const folder = await mkdtemp(path.join(tmpdir(), 'allsettled-bench-'));
    await writeFile(path.join(folder, 'note.txt'), 'one line\n');
    const runtime = startRuntime(folder);
    try {
      const figures = await inRounds(rounds + 1, [
        {
          name: 'AllSettled runtime, journal on, read_file',
          measure: () => loadOf(() => readFiles(runtime, folder)),
        },
        ...[engine, promiseAllSettled, plainQueue].map((contestant) => ({
          name: contestant.name,
          measure: () => loadOf(() => contestant.run(job)),
        })),
      ]);
      return [
        {
          title: '10,000 queued calls',
          rows: [...figures].map(([name, [, ...loads]]) => rowOf(name, loads)),
          note: 'Heap above the start at its highest, and the longest time that no timer could run. Calls of 1 ms, 16 at once but for Promise.allSettled.',
        },
      ];
    } finally {
      await runtime.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const job: Job = {
  tools: [{ name: 'wait', run: () => delay(1).then(() => 'ok') }],
  calls: Array.from({ length: count }, (_, index) => benchCall('wait', `call_${index}`)),
};

function rowOf(name: string, loads: readonly Load[]): Row {
  return {
    '': name,
    'heap above the start, MB': median(loads.map(({ peakMb }) => peakMb)),
    'longest block, ms': median(loads.map(({ longestBlockMs }) => longestBlockMs)),
  };
}

async function loadOf(work: () => Promise<unknown>): Promise<Load> {
  const before = await settledHeap();
  let peak = before;
  const sample = setInterval(() => (peak = Math.max(peak, process.memoryUsage().heapUsed)), 10);
  const blocks = monitorEventLoopDelay({ resolution: 1 });
  blocks.enable();
  await delay(20); // The monitor's own first tick.
  blocks.reset();
  await work();
  await delay(5);
  blocks.disable();
  clearInterval(sample);
  return { peakMb: (peak - before) / 1024 / 1024, longestBlockMs: blocks.max / 1e6 };
}

async function readFiles(runtime: Runtime, folder: string): Promise<void> {
  const calls = job.calls.map(({ id }) => ({ id, tool: 'read_file', input: { path: 'note.txt' } }));
  const { settled } = await runtime.runBatch({
    batch: { version: 1, calls },
    permission: 'read-only',
    cwd: folder,
    roots: [folder],
  });
  const failed = (await settled).find(({ status }) => status !== 'succeeded');
  if (failed) throw new Error(JSON.stringify(failed));
}
