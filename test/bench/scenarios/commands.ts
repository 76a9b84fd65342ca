/** How long real commands take against the longest. In a process without the peers: each start copies its memory's map. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createShell } from '../../../src/adapters/node/shell.ts';
import type { Tool } from '../../../src/core/tools.ts';
import { createTerminal } from '../../../src/tools/terminal.ts';
import { runCalls } from '../contestants/engine.ts';
import { inRounds, median, timed } from '../measure.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

const commands = 14;
const bash = '/bin/bash';

export const scenario: Scenario = {
  about: 'how long a batch of commands takes, against the longest',
  measure: async (rounds) => [await commandTable(rounds)],
};

async function commandTable(rounds: number): Promise<Table> {
  const terminal = createTerminal({
    files: createFiles(),
    processes: createProcesses({ clock: nodeClock }),
    shell: createShell(console),
  });
  const entriesOf = (seconds: number): Parameters<typeof inRounds<number>>[1] => [
    { name: 'AllSettled engine, terminal', measure: () => timed(() => sleepInTerminal(terminal, seconds)) },
    { name: 'bare spawn', measure: () => timed(() => sleepBare(seconds, true)) },
    {
      name: 'bare spawn of bash, which the terminal runs',
      measure: () => timed(() => sleepBare(seconds, bash)),
    },
  ];
  await inRounds(3, entriesOf(0.01)); // The first rounds are the compiler's.
  const figures = await inRounds(rounds, entriesOf(1));
  const rows = [...figures].map(([name, ms]): Row => ({
    '': name,
    'against 1 s': (median(ms) / 1000).toFixed(4),
  }));
  return {
    title: `${commands} commands \`sleep 1\` at once`,
    rows,
    note: 'Node starts one process after the other, each in a time that grows with its own memory.',
  };
}

async function sleepInTerminal(terminal: Tool, seconds: number): Promise<void> {
  const calls = Array.from({ length: commands }, (_, index) => ({
    id: `call_${index}`,
    tool: 'terminal',
    input: { kind: 'parsed', value: { command: `sleep ${seconds}` } } as const,
  }));
  const { state } = await runCalls([terminal], calls, { cwd: process.cwd() });
  const failed = [...state.calls.values()].find((call) => call.state.status !== 'succeeded');
  if (failed) throw new Error(JSON.stringify(failed.state));
}

async function sleepBare(seconds: number, shell: string | true): Promise<void> {
  const children = Array.from({ length: commands }, () => spawn(`sleep ${seconds}`, { shell }));
  await Promise.allSettled(children.map((child) => once(child, 'close')));
}
