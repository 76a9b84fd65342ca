/** Carries out a command line: composes, runs, tells, and gives the exit code. */
import { resolve } from 'node:path';
import { defaultStateDir } from '../store/stateDir.ts';
import { agentCommand } from './agentCommand.ts';
import { AgentOutput } from './agentOutput.ts';
import { parseArguments, type AgentArguments, type RunArguments, type UsageError } from './arguments.ts';
import { batchOutput } from './batchOutput.ts';
import type { CommandEnd } from './commandContext.ts';
import { composeRuntime } from './composeRuntime.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { helpText } from './helpText.ts';
import type { Interruption } from './interruption.ts';
import { version } from './manifest.ts';
import { harmlessTerminal, jsonOutput, type Output } from './output.ts';
import { problemsText } from './problemsText.ts';
import { writeReport } from './reportFile.ts';
import { refused } from './results.ts';
import { runCommand } from './runCommand.ts';
import type { Terminal } from './terminal.ts';

/** What the program finds when it starts. */
export interface CliHost {
  readonly argv: readonly string[];
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute. */
  readonly startFolder: string;
  readonly interruption: Interruption;
}

/** Settles when all is told and everything that was started has stopped. Never rejects. */
export async function runCli(host: CliHost): Promise<ExitCode> {
  const { terminal } = host;
  const args = parseArguments(host.argv);
  switch (args.kind) {
    case 'help':
      terminal.out(helpText);
      return exitCodes.good;
    case 'version':
      terminal.out(`${version}\n`);
      return exitCodes.good;
    case 'usageError':
      return tellMistake(args, terminal);
    case 'run':
    case 'agent':
      return carryOut(args, host);
  }
}

function tellMistake(mistake: UsageError, terminal: Terminal): ExitCode {
  const problems = [{ message: mistake.message }];
  if (mistake.json) jsonOutput(terminal).end(refused(mistake.resultKind, problems), undefined);
  else harmlessTerminal(terminal).err(problemsText(problems));
  return exitCodes.usage;
}

type Command = RunArguments | AgentArguments;

function outputFor(args: Command, terminal: Terminal): Output {
  if (args.json) return jsonOutput(terminal);
  return args.kind === 'run' ? batchOutput(terminal, args.file) : new AgentOutput(terminal);
}

async function carryOut(args: Command, host: CliHost): Promise<ExitCode> {
  const output = outputFor(args, host.terminal);
  const end = await runWith(args, host, output).catch((error: unknown) => brokenEnd(args, error));
  const exitCode = await report(end, host.terminal);
  output.end(end.result, end.state);
  return exitCode;
}

async function runWith(args: Command, host: CliHost, output: Output): Promise<CommandEnd> {
  const { runtime, ...composed } = await composeRuntime({
    stateDir: args.stateDir === undefined ? defaultStateDir() : resolve(host.startFolder, args.stateDir),
    baseUrl: args.kind === 'agent' ? args.baseUrl : undefined,
    terminal: harmlessTerminal(host.terminal),
    environment: host.environment,
  });
  host.interruption.beforeExit(() => composed.killAll());
  const listeners = [
    runtime.onEvent((event) => output.event(event, runtime.session(event.sessionId))),
    runtime.onLive((event) => output.live(event)),
  ];
  const { startFolder } = host;
  const context = { runtime, stopping: host.interruption.signal, startFolder, now: () => Date.now() };
  try {
    return await (args.kind === 'run' ? runCommand(args, context) : agentCommand(args, context));
  } finally {
    await runtime.dispose();
    for (const listener of listeners) listener.dispose();
  }
}

/** Something that should not happen did; the last line is a result all the same. */
function brokenEnd(args: Command, error: unknown): CommandEnd {
  const message = error instanceof Error ? error.message : String(error);
  const result = refused(args.kind === 'run' ? 'batch' : 'agent', [{ message }]);
  return { result, exitCode: exitCodes.failed };
}

async function report({ report: path, result, exitCode }: CommandEnd, terminal: Terminal): Promise<ExitCode> {
  if (path === undefined) return exitCode;
  try {
    await writeReport(path, result);
    return exitCode;
  } catch (error) {
    const message = `allsettled: the report ${path} can't be written: ${(error as Error).message}\n`;
    harmlessTerminal(terminal).err(message);
    return exitCode === exitCodes.good ? exitCodes.failed : exitCode;
  }
}
