/** How many tests passed and failed, as every runner of this project says it: `N passed, N failed`. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export const noCounts: Counts = { passed: 0, failed: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

export function countsText({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}

/** The counts of the last line that is one of counts alone, or undefined where there is none. */
export function readCounts(output: string): Counts | undefined {
  const last = [...output.matchAll(/^(?:│ )?(\d+) passed, (\d+) failed\r?$/gm)].at(-1);
  return last && { passed: Number(last[1]), failed: Number(last[2]) };
}

/** A runner that failed without saying so in its counts, or that ran nothing, is one failure. */
export function runnerCounts(output: string, exitCode: number): Counts {
  const counts = readCounts(output) ?? noCounts;
  const isSilentFailure = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
  return isSilentFailure ? { ...counts, failed: 1 } : counts;
}
