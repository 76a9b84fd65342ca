#!/usr/bin/env node
/** The program `allsettled`: names a Node.js that is too old, before it loads what such a one can't. */
import { nodeProblem } from './nodeVersion.ts';

const problem = nodeProblem(process.version, process.execPath);
if (problem === undefined) await import('./program.ts');
else {
  const result = { type: 'result', kind: 'unknown', problems: [{ message: problem }] };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stderr.write(`allsettled: ${problem}\n`);
  process.exitCode = 2;
}
