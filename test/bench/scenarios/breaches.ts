/**
 * Counts writes to protected places by simultaneous confined commands, of this program and beside another.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createSandbox, type OwnedSandbox } from '../../../src/adapters/node/sandbox.ts';
import { attack, pictureOf } from '../../fixtures/breaches.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

const commands = 16;
const processes = createProcesses({ clock: nodeClock });

export const scenario: Scenario = {
  about: 'what confined commands at once get to write of the protected places',
  measure: async (rounds) => [await breachTable(rounds)],
};

interface Counts {
  started: number;
  failed: number;
  breaches: number;
  leftovers: number;
}

type Prepare = (workspace: string) => void;

const settings: readonly (readonly [name: string, prepare: Prepare, programs: number])[] = [
  ['an empty folder', () => undefined, 1],
  ['a new repository', (workspace) => void execFileSync('git', ['init', '--quiet', workspace]), 1],
  ['an empty folder, two programs', () => undefined, 2],
];

/** The rounds are spread over the settings in turn. */
async function breachTable(rounds: number): Promise<Table> {
  const world = await realpath(await mkdtemp(path.join(tmpdir(), 'allsettled-breaches-')));
  const sandboxes = ['one', 'another'].map((name) => sandboxIn(path.join(world, name)));
  const counts = new Map(
    settings.map(([name]): [string, Counts] => [name, { started: 0, failed: 0, breaches: 0, leftovers: 0 }]),
  );
  try {
    for (let round = 0; round < rounds; round += 1) {
      const [name, prepare, programs] = settings[round % settings.length] ?? settings[0]!;
      const workspace = await mkdtemp(path.join(world, 'workspace-'));
      prepare(workspace);
      await attackOnce(workspace, sandboxes.slice(0, programs), counts.get(name)!);
    }
  } finally {
    for (const sandbox of sandboxes) sandbox.dispose();
    await rm(world, { recursive: true, force: true });
  }
  return {
    title: `${commands} confined commands at once, ${rounds} rounds`,
    rows: [...counts].map(([name, { started, failed, breaches, leftovers }]): Row => ({
      '': name,
      started,
      'failed to start': failed,
      breaches,
      leftovers,
    })),
    note: 'Each command tries several times to write, replace, move and link .git and .vscode.',
  };
}

function sandboxIn(folder: string): OwnedSandbox {
  return createSandbox({
    processes,
    clock: nodeClock,
    stateDir: path.join(folder, 'state'),
    home: path.join(folder, 'home'),
  });
}

async function attackOnce(
  workspace: string,
  sandboxes: readonly OwnedSandbox[],
  counts: Counts,
): Promise<void> {
  const before = await pictureOf(workspace);
  const ended = await Promise.allSettled(
    sandboxes.map((sandbox) =>
      attack({ sandbox, processes, workspace, commands: commands / sandboxes.length, followers: 0 }),
    ),
  );
  for (const end of ended) {
    if (end.status === 'rejected') throw end.reason;
    counts.started += end.value.started;
    counts.failed += end.value.failures.length;
    if (end.value.failures[0] !== undefined) console.error(end.value.failures[0]);
  }
  const changed = (await pictureOf(workspace)).filter((line) => !before.includes(line));
  counts.breaches += changed.filter((line) => line.includes('BREACH')).length;
  counts.leftovers += changed.filter((line) => !line.includes('BREACH')).length;
}
