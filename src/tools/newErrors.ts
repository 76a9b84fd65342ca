/** The errors that language services report of a file after an edit, and did not before it. */
import type { Disposable } from '../core/emitter.ts';
import type { Diagnostics, FileError } from '../core/filePorts.ts';
import type { Clock } from '../core/ports.ts';
import { WaitBudget } from './waitBudget.ts';

/** The longest that an edit waits for the services, in milliseconds. */
const longestWaitMs = 1500;
/** Services report in several steps: so long after the last one an edit takes it that all is said. */
const quietMs = 300;

const mostTold = 10;
const mostChars = 300;

export interface NewErrors {
  /** Begins to look at a file that is about to be written; undefined where nothing is expected to be said of it. */
  watch(path: string): WatchedFile | undefined;
}

/** Disposed by who began to look. */
export interface WatchedFile extends Disposable {
  /** A text that names the new errors, once the services have had their say; undefined where there are none. Never rejects. */
  told(signal: AbortSignal): Promise<string | undefined>;
}

/** Waits that overlap, or follow each other, share one `waitMs`, so that many edits are not held up by more than that. */
export function createNewErrors(
  { diagnostics, clock }: { readonly diagnostics: Diagnostics; readonly clock: Clock },
  waitMs = longestWaitMs,
): NewErrors {
  const budget = new WaitBudget(clock, waitMs);
  return {
    watch(path) {
      const settling = new Settling(clock);
      const subscription = diagnostics.watch(path, () => settling.noteReport());
      if (subscription === undefined) return undefined;
      const before = diagnostics.errorsOf(path);
      return {
        dispose: () => subscription.dispose(),
        async told(signal) {
          await budget.spend((ms) => settling.wait(ms, signal));
          return newErrorsText(newErrors(before, diagnostics.errorsOf(path)));
        },
      };
    },
  };
}

/** Waits until the services have been quiet for a while after a report. */
class Settling {
  private readonly clock: Clock;
  private readonly over = Promise.withResolvers<void>();
  private isWaiting = false;
  private hasReport = false;
  private quiet: Disposable | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  noteReport(): void {
    this.hasReport = true;
    if (this.isWaiting) this.awaitQuiet();
  }

  async wait(longestMs: number, signal: AbortSignal): Promise<void> {
    if (longestMs <= 0 || signal.aborted) return;
    this.isWaiting = true;
    const end = (): void => this.over.resolve();
    const longest = this.clock.after(longestMs, end);
    signal.addEventListener('abort', end, { once: true });
    if (this.hasReport) this.awaitQuiet();
    await this.over.promise;
    signal.removeEventListener('abort', end);
    longest.dispose();
    this.quiet?.dispose();
    this.isWaiting = false;
  }

  private awaitQuiet(): void {
    this.quiet?.dispose();
    this.quiet = this.clock.after(quietMs, () => this.over.resolve());
  }
}

/** Those of `after` that have no counterpart in `before`, by their messages: an edit moves lines. In the order of their lines. */
export function newErrors(before: readonly FileError[], after: readonly FileError[]): readonly FileError[] {
  const known = new Map<string, number>();
  for (const { message } of before) known.set(message, (known.get(message) ?? 0) + 1);
  const inOrder = after.toSorted((a, b) => a.line - b.line);
  return inOrder.filter(({ message }) => {
    const count = known.get(message) ?? 0;
    known.set(message, count - 1);
    return count <= 0;
  });
}

/** Undefined where there are none. */
export function newErrorsText(errors: readonly FileError[]): string | undefined {
  if (errors.length === 0) return undefined;
  const shown = errors.slice(0, mostTold).map(({ line, message }) => `line ${line}: ${inOneLine(message)}`);
  const rest = errors.length - shown.length;
  const noun = errors.length === 1 ? 'error that was' : 'errors that were';
  const lines = [`The editor now reports ${errors.length} ${noun} not there before the edit:`, ...shown];
  return [...lines, ...(rest > 0 ? [`and ${rest} more.`] : [])].join('\n');
}

function inOneLine(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim().toWellFormed();
  return line.length > mostChars ? `${line.slice(0, mostChars).toWellFormed()}…` : line;
}
