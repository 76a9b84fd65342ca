/** Matches lines in a thread that can be ended, because a regular expression can run for ever. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { TextSearchResult } from '../../core/filePorts.ts';

/** A line that matched, and where its match begins. */
export interface LineHit {
  readonly index: number;
  readonly start: number;
}

export interface Matcher {
  /** One at a time. Rejects when the thread was ended. */
  match(lines: readonly string[]): Promise<readonly LineHit[]>;
  end(): void;
}

// A string, so that the bundle stays one file.
const threadSource = `
const { parentPort, workerData } = require('node:worker_threads');
const wanted = new RegExp(workerData);
parentPort.on('message', (lines) => {
  const hits = [];
  lines.forEach((line, index) => {
    const start = line.replace(/\\r$/, '').search(wanted);
    if (start !== -1) hits.push({ index, start });
  });
  parentPort.postMessage(hits);
});
`;

/** Fails where the pattern is no regular expression. The caller ends the matcher. */
export function startMatcher(
  pattern: string,
  isRegex: boolean,
): { readonly ok: true; readonly matcher: Matcher } | Extract<TextSearchResult, { ok: false }> {
  const source = isRegex ? pattern : pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  try {
    new RegExp(source);
  } catch (error) {
    const message = `${(error as Error).message}. Correct the pattern, or search for it literally with "regex": false.`;
    return { ok: false, error: { kind: 'invalidInput', message } };
  }
  const thread = new Worker(threadSource, { eval: true, workerData: source });
  const ended = new Promise<never>((_resolve, reject) => {
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('its thread ended')));
  });
  // Nobody may be waiting when the thread ends.
  ended.catch(() => undefined);
  return {
    ok: true,
    matcher: {
      async match(lines) {
        const answer = once(thread, 'message');
        answer.catch(() => undefined);
        thread.postMessage(lines);
        const [hits] = (await Promise.race([answer, ended])) as [readonly LineHit[]];
        return hits;
      },
      end: () => void thread.terminate(),
    },
  };
}
