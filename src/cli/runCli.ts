/** Carries out a command line: composes, runs, tells, and gives the exit code. */
import { resolve } from 'node:path';
import type { SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { defaultStateDir } from '../store/stateDir.ts';
import { agentCommand } from './agentCommand.ts';
import { AgentOutput } from './agentOutput.ts';
import { agentsCommand } from './agentsCommand.ts';
import { agentsOutput } from './agentsOutput.ts';
import {
  parseArguments,
  type AgentArguments,
  type AgentsArguments,
  type ResumeArguments,
  type RunArguments,
  type UsageError,
} from './arguments.ts';
import { batchOutput } from './batchOutput.ts';
import type { CommandContext, CommandEnd } from './commandContext.ts';
import { composeRuntime, logTo } from './composeRuntime.ts';
import { exitCodes, unsavedExitCode, type ExitCode } from './exitCodes.ts';
import { helpText } from './helpText.ts';
import type { Interruption } from './interruption.ts';
import { version } from './manifest.ts';
import { maskedTerminal } from './maskedTerminal.ts';
import { endingOnce, harmlessTerminal, jsonOutput, type Output } from './output.ts';
import { pruneAtEnd } from './pruning.ts';
import { problemsText } from './problemsText.ts';
import { writeReport } from './reportFile.ts';
import { resultSoFar, type CommandKind } from './resultSoFar.ts';
import { refused } from './results.ts';
import { resumedOutput } from './resumedOutput.ts';
import { withResumeHint } from './resumeHint.ts';
import { resumeCommand } from './resumeCommand.ts';
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
  const terminal = maskedTerminal(host.terminal, host.environment['ANTHROPIC_API_KEY']);
  const exitCode = await obey({ ...host, terminal });
  await terminal.flushed();
  return exitCode;
}

async function obey(host: CliHost): Promise<ExitCode> {
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
    case 'agents':
    case 'resume':
      return carryOut(args, host);
  }
}

function tellMistake(mistake: UsageError, terminal: Terminal): ExitCode {
  const problems = [{ message: mistake.message }];
  if (mistake.json) jsonOutput(terminal).end(refused(mistake.resultKind, problems), undefined);
  else harmlessTerminal(terminal).err(problemsText(problems));
  return exitCodes.usage;
}

type Command = RunArguments | AgentArguments | AgentsArguments | ResumeArguments;

function outputFor(args: Command, terminal: ProcessTerminal): Output {
  if (args.json) return jsonOutput(terminal);
  return withResumeHint(personOutput(args, terminal), harmlessTerminal(terminal), args.stateDir);
}

function personOutput(args: Command, terminal: ProcessTerminal): Output {
  switch (args.kind) {
    case 'run':
      return batchOutput(terminal, args.file);
    case 'agent':
      return new AgentOutput(terminal, terminal.isWatched);
    case 'resume':
      return resumedOutput(terminal);
    case 'agents':
      return agentsOutput(terminal, args.file);
  }
}

function carryOutCommand(args: Command, context: CommandContext): Promise<CommandEnd> {
  switch (args.kind) {
    case 'run':
      return runCommand(args, context);
    case 'agent':
      return agentCommand(args, context);
    case 'agents':
      return agentsCommand(args, context);
    case 'resume':
      return resumeCommand(args, context);
  }
}

async function carryOut(args: Command, host: CliHost): Promise<ExitCode> {
  const output = endingOnce(outputFor(args, host.terminal));
  const underWay: UnderWay = { leaveNow: () => undefined, state: undefined, sessions: new Set() };
  const stateDir = args.stateDir === undefined ? defaultStateDir() : resolve(host.startFolder, args.stateDir);
  const prune = pruneAtEnd(stateDir, logTo(harmlessTerminal(host.terminal)));
  host.interruption.beforeExit(() => {
    underWay.leaveNow();
    output.end(resultSoFar(resultKind(args, underWay.state), underWay.state, Date.now()), underWay.state);
    return host.terminal.flushed();
  });
  const end = await runWith(args, { ...host, stateDir }, output, underWay).catch((error: unknown) =>
    brokenEnd(args, error),
  );
  const exitCode = await report(end, host.terminal);
  output.end(end.result, end.state);
  // A person who stopped the program waits for its end, and a command that was refused did nothing.
  const { sessions } = underWay;
  if (sessions.size > 0 && !host.interruption.signal.aborted) await prune(sessions);
  return exitCode;
}

/** What an exit at once must know. */
interface UnderWay {
  leaveNow: () => void;
  /** Of the one session that a command has. */
  state: SessionState | undefined;
  /** All that the command worked with. */
  readonly sessions: Set<SessionId>;
}

async function runWith(
  args: Command,
  host: CliHost & { readonly stateDir: string },
  output: Output,
  underWay: UnderWay,
): Promise<CommandEnd> {
  const { startFolder, stateDir } = host;
  const { runtime, ...composed } = await composeRuntime({
    stateDir,
    baseUrl: args.kind === 'run' ? undefined : args.baseUrl,
    sandbox: args.sandbox,
    terminal: harmlessTerminal(host.terminal),
    environment: host.environment,
  });
  let own: SessionId | undefined;
  underWay.leaveNow = () => composed.leaveNow();
  const listeners = [
    runtime.onEvent((event) => {
      underWay.sessions.add(event.sessionId);
      const state = runtime.session(event.sessionId);
      if (event.type === 'session.started' || args.kind === 'resume') own ??= event.sessionId;
      // Tasks may go on with conversations of other sessions.
      if (event.sessionId === own) underWay.state = state;
      output.event(event, state);
    }),
    runtime.onLive((event) => output.live(event)),
  ];
  const context = {
    runtime,
    stopping: host.interruption.signal,
    startFolder,
    stateDir,
    hasApiKey: Boolean(host.environment['ANTHROPIC_API_KEY']?.trim()),
    now: () => Date.now(),
  };
  try {
    const end = await carryOutCommand(args, context);
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

/** A resumed session tells itself what it is of. */
function resultKind({ kind }: Command, state?: SessionState): CommandKind {
  if (kind === 'resume') return state?.kind ?? 'unknown';
  return kind === 'run' ? 'batch' : kind;
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
