/**
 * The entry that VS Code calls: runs the bundled `*.test.cjs` files beside it, or in a folder that is not trusted the
 * `*.restricted.test.cjs` files, and rejects when a test failed. How many did is the last line of its report.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { reportLines } from './report.ts';

const testTimeoutMs = 60_000;

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', reporter: 'spec', timeout: testTimeoutMs, color: false });
  for (const file of testFiles(process.env['ALLSETTLED_HOST_TRUST'] === 'off')) mocha.addFile(file);
  const print = (...parts: unknown[]) => console.log(reportLines(format(...parts)));
  Mocha.reporters.Base.consoleLog = print;
  const { passes, failures } = await statsOf(mocha);
  const counts = `${passes} passed, ${failures} failed`;
  print(counts);
  const result = process.env['ALLSETTLED_HOST_RESULT'];
  if (result !== undefined) writeFileSync(result, counts);
  if (failures > 0) throw new Error(`${failures} failed`);
}

function testFiles(isRestricted: boolean): string[] {
  return readdirSync(__dirname)
    .filter((name) => name.endsWith('.test.cjs') && name.endsWith('.restricted.test.cjs') === isRestricted)
    .toSorted()
    .map((name) => path.join(__dirname, name));
}

function statsOf(mocha: Mocha): Promise<Mocha.Stats> {
  return new Promise((resolve, reject) => {
    const runner = mocha.run(() => {
      if (runner.stats) resolve(runner.stats);
      else reject(new Error('mocha kept no counts'));
    });
  });
}
