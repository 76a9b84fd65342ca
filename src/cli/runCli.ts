/** Carries out a command line: composes, runs, tells, and gives the exit code. */
import { resolve } from 'node:path';
import type { SessionState } from '../core/states.ts';
import { defaultStateDir } from '../store/stateDir.ts';
import { agentCommand } from './agentCommand.ts';
import { AgentOutput } from './agentOutput.ts';
import { parseArguments, type AgentArguments, type RunArguments, type UsageError } from './arguments.ts';
import { batchOutput } from './batchOutput.ts';
import type { CommandEnd } from './commandContext.ts';
import { composeRuntime } from './composeRuntime.ts';
import { exitCodes, unsavedExitCode, type ExitCode } from './exitCodes.ts';
import { helpText } from './helpText.ts';
import type { Interruption } from './interruption.ts';
import { version } from './manifest.ts';
import { endingOnce, harmlessTerminal, jsonOutput, type Output } from './output.ts';
import { problemsText } from './problemsText.ts';
import { writeReport } from './reportFile.ts';
import { resultSoFar } from './resultSoFar.ts';
import { refused } from './results.ts';
import { runCommand } from './runCommand.ts';
import type { ProcessTerminal, Terminal } from './terminal.ts';

/** What the program finds when it starts. */
export interface CliHost {
  readonly argv: readonly string[];
  readonly terminal: ProcessTerminal;
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
  const output = endingOnce(outputFor(args, host.terminal));
  const underWay: UnderWay = { leaveNow: () => undefined, state: undefined };
  host.interruption.beforeExit(() => {
    underWay.leaveNow();
    output.end(resultSoFar(resultKind(args), underWay.state, Date.now()), underWay.state);
    return host.terminal.flushed();
  });
  const end = await runWith(args, host, output, underWay).catch((error: unknown) => brokenEnd(args, error));
  const exitCode = await report(end, host.terminal);
  output.end(end.result, end.state);
  return exitCode;
}

/** What an exit at once must know. */
interface UnderWay {
  leaveNow: () => void;
  /** Of the one session that a command has. */
  state: SessionState | undefined;
}

async function runWith(
  args: Command,
  host: CliHost,
  output: Output,
  underWay: UnderWay,
): Promise<CommandEnd> {
  const stateDir = args.stateDir === undefined ? defaultStateDir() : resolve(host.startFolder, args.stateDir);
  const { runtime, ...composed } = await composeRuntime({
    stateDir,
    baseUrl: args.kind === 'agent' ? args.baseUrl : undefined,
    terminal: harmlessTerminal(host.terminal),
    environment: host.environment,
  });
  underWay.leaveNow = () => composed.leaveNow();
  const listeners = [
    runtime.onEvent((event) => {
      underWay.state = runtime.session(event.sessionId);
      output.event(event, underWay.state);
    }),
    runtime.onLive((event) => output.live(event)),
  ];
  const { startFolder } = host;
  const context = {
    runtime,
    stopping: host.interruption.signal,
    startFolder,
    stateDir,
    now: () => Date.now(),
  };
  try {
    const end = await (args.kind === 'run' ? runCommand(args, context) : agentCommand(args, context));
    return composed.isUnsaved() ? { ...end, exitCode: unsavedExitCode(end.exitCode) } : end;
  } finally {
    await runtime.dispose();
    for (const listener of listeners) listener.dispose();
  }
}

/** Something that should not happen did; the last line is a result all the same. */
function brokenEnd(args: Command, error: unknown): CommandEnd {
  const message = error instanceof Error ? error.message : String(error);
  const result = refused(resultKind(args), [{ message }]);
  return { result, exitCode: exitCodes.failed };
}

function resultKind(args: Command): 'batch' | 'agent' {
  return args.kind === 'run' ? 'batch' : 'agent';
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
