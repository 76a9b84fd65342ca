#!/usr/bin/env node
/** The program `allsettled`. */
import { takeKeyOf } from './apiKey.ts';
import { listenForInterruption, outputLost } from './interruption.ts';
import { runCli } from './runCli.ts';
import { processTerminal } from './terminal.ts';

const interruption = listenForInterruption();
const terminal = processTerminal(process.stdout, process.stderr, (reason) =>
  interruption.stop(outputLost(reason)),
);
const exitCode = await runCli({
  argv: process.argv.slice(2),
  terminal,
  environmentKey: takeKeyOf(process.env),
  startFolder: process.cwd(),
  interruption,
});
await terminal.flushed();
// A connection that the API keeps open would hold the process back.
process.exit(exitCode);
