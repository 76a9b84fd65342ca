/** Matches lines in a thread that can be ended, because a regular expression can run for ever. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ScriptRegex } from './writeRegex.ts';

/** A line that matched, and where its match begins. */
export interface LineHit {
  readonly index: number;
  readonly start: number;
}

export interface Matcher {
  /**
   * The first `most` lines that match. One at a time. Undefined where the lines took too long; rejects when the matcher was
   * ended, or the engine can't take the pattern.
   */
  match(lines: readonly string[], most: number): Promise<readonly LineHit[] | undefined>;
  end(): void;
}

// A string, so that the bundle stays one file.
const threadSource = `
const { parentPort, workerData } = require('node:worker_threads');
const wanted = typeof workerData === 'string' ? undefined : new RegExp(workerData.source, workerData.flags);
const find = wanted ? (line) => line.search(wanted) : (line) => line.indexOf(workerData);
parentPort.on('message', ({ lines, most }) => {
  const hits = [];
  for (let index = 0; index < lines.length && hits.length < most; index += 1) {
    const start = find(lines[index]);
    if (start !== -1) hits.push({ index, start });
  }
  parentPort.postMessage(hits);
});
`;

/** The caller ends the matcher. `limitMs` is for the lines of one call. */
export function startMatcher(wanted: string | ScriptRegex, limitMs: number): Matcher {
  let thread: Thread | undefined;
  let isEnded = false;
  return {
    async match(lines, most) {
      if (isEnded) throw new Error('the matching was ended');
      thread ??= startThread(wanted);
      const hits = await thread.ask({ lines, most }, limitMs);
      if (hits !== undefined) return hits;
      thread.end();
      thread = undefined;
      return undefined;
    },
    end() {
      isEnded = true;
      thread?.end();
    },
  };
}

interface Thread {
  ask(question: object, limitMs: number): Promise<readonly LineHit[] | undefined>;
  end(): void;
}

function startThread(wanted: string | ScriptRegex): Thread {
  const worker = new Worker(threadSource, { eval: true, workerData: wanted });
  const ended = new Promise<never>((_resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread ended')));
  });
  // No caller may be waiting when the thread ends.
  ended.catch(() => undefined);
  const started = once(worker, 'online');
  started.catch(() => undefined);
  return {
    async ask(question, limitMs) {
      await Promise.race([started, ended]);
      const answer = once(worker, 'message') as Promise<[readonly LineHit[]]>;
      answer.catch(() => undefined);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<[undefined]>((resolve) => {
        // The answer may be there already, behind what held this thread up.
        timer = setTimeout(() => setImmediate(() => resolve([undefined])), limitMs);
      });
      worker.postMessage(question);
      try {
        const [hits] = await Promise.race([answer, ended, late]);
        return hits;
      } finally {
        clearTimeout(timer);
      }
    },
    end: () => void worker.terminate(),
  };
}
