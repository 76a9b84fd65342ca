#!/usr/bin/env node
/** The program `allsettled`. */
import { listenForInterruption } from './interruption.ts';
import { runCli } from './runCli.ts';
import { processTerminal } from './terminal.ts';

const interruption = listenForInterruption();
const terminal = processTerminal(process.stdout, process.stderr, () => interruption.stop());
const exitCode = await runCli({
  argv: process.argv.slice(2),
  terminal,
  environment: process.env,
  startFolder: process.cwd(),
  interruption,
});
await terminal.flushed();
// A connection that the API keeps open would hold the process back.
process.exit(exitCode);
