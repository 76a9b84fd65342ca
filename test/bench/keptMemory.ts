/** How much memory a batch leaves behind. */
import type { Contestant, Job } from './contestant.ts';
import { engine, engineTool, requestOf, runCalls } from './contestants/engine.ts';

/** The growth of the heap per call, with what the contestant keeps held. Needs --expose-gc. */
export async function keptBytesPerCall(contestant: Contestant, job: Job): Promise<number> {
  const keep = contestant === engine ? () => sessionOf(job) : () => contestant.run(job);
  await keep();
  const before = await settledHeap();
  const kept = await keep();
  const after = await settledHeap();
  return kept === undefined ? Number.NaN : (after - before) / job.calls.length;
}

/** The session outlives its batch. */
async function sessionOf(job: Job): Promise<unknown> {
  const { state } = await runCalls(
    job.tools.map((tool) => engineTool(tool)),
    job.calls.map(requestOf),
  );
  return state;
}

/** The heap after garbage collection, and after what it set free in later ticks. */
export async function settledHeap(): Promise<number> {
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
