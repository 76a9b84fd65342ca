/** What a program without a framework does: Promise.allSettled, and p-queue with and without its options. */
// LangChain brings an old p-queue of its own, which is nearer.
import PQueue from '../../../node_modules/p-queue/dist/index.js';
import { bind, defaultWidth, type Answer, type BenchCall, type Contestant, type Job } from '../contestant.ts';

export const promiseAllSettled: Contestant = {
  name: 'Promise.allSettled',
  run: (job) => settle(job, (call) => start(job, call)),
};

export const plainQueue: Contestant = {
  name: 'p-queue',
  run: (job) => {
    const queue = new PQueue({ concurrency: job.width ?? defaultWidth });
    return settle(job, (call) => queue.add(() => start(job, call)));
  },
};

/** Frees the slot of what it gave up on, while that goes on. */
export const guardedQueue: Contestant = {
  name: 'p-queue, timeout and signal',
  run: (job) => {
    const queue = new PQueue({ concurrency: job.width ?? defaultWidth });
    const signal = job.signal ?? new AbortController().signal;
    const options = { timeout: job.deadlineMs ?? 30_000, signal };
    return settle(job, (call) => queue.add(() => start(job, call), options));
  },
};

async function start(job: Job, call: BenchCall): Promise<unknown> {
  return bind(job, call)();
}

async function settle(
  { calls }: Job,
  run: (call: BenchCall) => Promise<unknown>,
): Promise<readonly Answer[]> {
  const settled = await Promise.allSettled(calls.map(run));
  return settled.map((end, index) => ({
    id: calls[index]?.id ?? '',
    text: end.status === 'fulfilled' ? String(end.value) : `Error: ${String(end.reason)}`,
  }));
}
