/** Runs one scenario in a process of its own and sends its tables to the runner. Usage: runScenario.ts NAME ROUNDS */
import { scenarios, type Table } from './scenario.ts';

/** What the child sends. */
export interface ScenarioReport {
  readonly tables: readonly Table[];
  /** Promises that were rejected and that nobody heard: each would end a program without a guard. */
  readonly unheardRejections: number;
}

if (process.send) await report();

async function report(): Promise<void> {
  const [name = '', rounds = '1'] = process.argv.slice(2);
  let unheardRejections = 0;
  process.on('unhandledRejection', () => void (unheardRejections += 1));
  const { scenario } = (await scenarios[name]?.()) ?? {};
  if (!scenario) throw new Error(`There is no scenario ${name}.`);
  const tables = await scenario.measure(Number(rounds));
  const done = { tables, unheardRejections } satisfies ScenarioReport;
  // Calls that never end would keep this process.
  process.send?.(done, () => process.exit(0));
}
