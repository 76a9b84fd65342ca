import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { shellBench } from './shellBench.ts';

/**
 * Scripts of package.json files and commands from the documentation of packages, each judged by hand. Harmless: reads and
 * prints, in the folder that it runs in or of the machine, and comes to an end.
 */
const table = path.resolve(import.meta.dirname, '../../fixtures/realCommands.tsv');

interface RealCommand {
  readonly command: string;
  readonly from: string;
  readonly isHarmless: boolean;
}

async function realCommands(): Promise<RealCommand[]> {
  const [, ...lines] = (await readFile(table, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const [harmless, command = '', from = ''] = line.split('\t');
    assert.ok(harmless === 'yes' || harmless === 'no', line);
    return { command, from, isHarmless: harmless === 'yes' };
  });
}

test('of real commands none is taken for reading that is not, and four of five that are', async (t) => {
  const bench = await shellBench(t);
  const commands = await realCommands();
  const reading = new Set<RealCommand>();
  for (const each of commands) if (await bench.isReading(each.command)) reading.add(each);
  const harmless = commands.filter(({ isHarmless }) => isHarmless);
  const recognised = harmless.filter((each) => reading.has(each));
  t.diagnostic(
    `${commands.length} commands; of ${harmless.length} harmless ones ${recognised.length} recognised`,
  );
  const taken = [...reading].filter(({ isHarmless }) => !isHarmless).map(({ command }) => command);
  assert.deepEqual(taken, [], 'false read-only');
  assert.ok(commands.length >= 300 && harmless.length >= 40);
  assert.ok(recognised.length / harmless.length >= 0.8, `${recognised.length} of ${harmless.length}`);
});

test('the table of real commands names no command twice, and where each is from', async () => {
  const commands = await realCommands();
  assert.equal(new Set(commands.map(({ command }) => command)).size, commands.length);
  for (const { command, from } of commands) assert.match(from, /^(@[^/]+\/)?[^/]+\/.+/, command);
});
