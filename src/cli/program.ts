/** Composes the program from its process: streams, signals, key and folder. */
import { takeKeyOf } from './apiKey.ts';
import { listenForInterruption, outputLost } from './interruption.ts';
import { heedProxies } from './proxies.ts';
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
  startFolder: startFolder(),
  interruption,
  heedProxies: (baseUrl) => heedProxies(process.env, baseUrl),
});
await terminal.flushed();
// A connection that the API keeps open would hold the process back.
process.exit(exitCode);

/** Undefined where the folder was deleted. */
function startFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
