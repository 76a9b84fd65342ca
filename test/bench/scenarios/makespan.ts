/** How long a batch takes against its longest call: as a whole turn, and as real commands. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import type { Tool } from '../../../src/core/tools.ts';
import { createTerminal } from '../../../src/tools/terminal.ts';
import { benchCall, type Job } from '../contestant.ts';
import { agent } from '../contestants/agent.ts';
import { aiSdk } from '../contestants/aiSdk.ts';
import { eagerRunner, plainRunner } from '../contestants/anthropicRunner.ts';
import { plainQueue, promiseAllSettled } from '../contestants/bare.ts';
import { engine, runCalls } from '../contestants/engine.ts';
import { openAiAgents } from '../contestants/openAiAgents.ts';
import { toolNode } from '../contestants/toolNode.ts';
import { delay, inRounds, median, timed } from '../measure.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

const batches = [
  { calls: 10, seconds: 1 },
  { calls: 5, seconds: 3 },
  { calls: 3, seconds: 2 },
] as const;

const commands = 14;
const bash = '/bin/bash';

export const scenario: Scenario = {
  about: 'how long a batch takes, against its longest call',
  measure: async (rounds) => [await turnTable(rounds), await commandTable(rounds)],
};

async function turnTable(rounds: number): Promise<Table> {
  const contestants = [
    agent,
    plainRunner,
    eagerRunner,
    await aiSdk(),
    engine,
    await toolNode(),
    await openAiAgents(),
    promiseAllSettled,
    plainQueue,
  ];
  // Connections, and code that runs for the first time, are not what is measured.
  for (let time = 0; time < 15; time += 1)
    for (const contestant of contestants) await contestant.run(waiting(10, 0.01));
  const rows = new Map<string, Record<string, string | number>>(
    contestants.map(({ name }) => [name, { '': name }]),
  );
  for (const { calls, seconds } of batches) {
    const figures = await inRounds(
      rounds,
      contestants.map((contestant) => ({
        name: contestant.name,
        measure: () => timed(() => contestant.run(waiting(calls, seconds))),
      })),
    );
    for (const [name, ms] of figures) {
      const row = rows.get(name);
      if (row) row[`${calls} x ${seconds} s`] = (median(ms) / (seconds * 1000)).toFixed(4);
    }
  }
  return {
    title: 'Makespan of calls that wait, against the longest',
    rows: [...rows.values()],
    note: 'The first four are whole turns, streamed over loopback by the SDK; the others get the calls at once.',
  };
}

function waiting(count: number, seconds: number): Job {
  return {
    tools: [{ name: 'wait', run: () => delay(seconds * 1000).then(() => 'waited') }],
    calls: Array.from({ length: count }, (_, index) => benchCall('wait', `call_${index}`)),
  };
}

async function commandTable(rounds: number): Promise<Table> {
  const terminal = createTerminal(createFiles(), createProcesses({ clock: nodeClock }));
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
