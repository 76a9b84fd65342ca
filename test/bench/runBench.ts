/**
 * The benchmark: AllSettled beside its peers, in one run.
 * Usage: npm run bench [-- SCENARIO...] [--rounds N]
 */
import { fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installPeers } from './installPeers.ts';
import type { ScenarioReport } from './runScenario.ts';
import { scenarios, withoutPeers } from './scenario.ts';
import { tableText } from './table.ts';

interface Measured extends ScenarioReport {
  readonly scenario: string;
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly seconds: number;
}

const cacheFolder = path.join(import.meta.dirname, '.cache');

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '3' } },
  });
  const rounds = Number(values.rounds);
  const unknown = positionals.filter((name) => !(name in scenarios));
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.error(
      `Usage: npm run bench [-- SCENARIO...] [--rounds N]\nScenarios: ${Object.keys(scenarios).join(', ')}`,
    );
    process.exitCode = 2;
    return;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
  if (!names.every((name) => withoutPeers.has(name))) await installPeers();
  console.log(`${machine()}. Medians of ${rounds} rounds.\n`);
  const measured: Measured[] = [];
  for (const name of names) measured.push(await measure(name, rounds));
  await save(measured, rounds);
}

async function measure(scenario: string, rounds: number): Promise<Measured> {
  const loadBefore = load();
  const startedAt = performance.now();
  const report = await inOwnProcess(scenario, rounds);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const measured = { scenario, loadBefore, loadAfter: load(), seconds, ...report };
  for (const table of report.tables) console.log(tableText(table));
  const unheard = report.unheardRejections;
  console.log(
    `[${scenario}: ${seconds} s, load average ${loadBefore} before and ${measured.loadAfter} after` +
      `${unheard > 0 ? `, ${unheard} rejections that nobody handled` : ''}]\n`,
  );
  return measured;
}

/** Each scenario begins with a fresh heap, and what its peers leave behind dies with it. */
function inOwnProcess(scenario: string, rounds: number): Promise<ScenarioReport> {
  return new Promise((resolve, reject) => {
    const script = path.join(import.meta.dirname, 'runScenario.ts');
    const child = fork(script, [scenario, String(rounds)], {
      execArgv: [...process.execArgv, '--expose-gc'],
    });
    const stop = (): void => void child.kill();
    process.once('exit', stop);
    child.once('message', (report) => resolve(report as ScenarioReport));
    child.once('exit', (code) => {
      process.off('exit', stop);
      reject(new Error(`The scenario ${scenario} ended with code ${code} and without a report.`));
    });
  });
}

async function save(measured: readonly Measured[], rounds: number): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const file = path.join(cacheFolder, 'bench.json');
  const content = { at: new Date().toISOString(), machine: machine(), rounds, scenarios: measured };
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
  console.log(`Written to ${path.relative(process.cwd(), file)}`);
}

function machine(): string {
  return `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, load average ${load()}`;
}

function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}
