/** Carries out a command line: composes, runs, tells, and gives the exit code. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { SessionFolders } from '../store/sessionFolders.ts';
import { defaultStateDir } from '../store/stateDir.ts';
import { agentCommand } from './agentCommand.ts';
import { AgentOutput } from './agentOutput.ts';
import { agentsCommand } from './agentsCommand.ts';
import { agentsOutput } from './agentsOutput.ts';
import { findApiKey, type FoundKey } from './apiKey.ts';
import { parseArguments, type Arguments, type Command, type UsageError } from './arguments.ts';
import { batchOutput } from './batchOutput.ts';
import type { CommandContext, CommandEnd } from './commandContext.ts';
import { composeRuntime, logTo } from './composeRuntime.ts';
import { exitCodes, unsavedExitCode, type ExitCode } from './exitCodes.ts';
import { helpText } from './helpText.ts';
import { causeOf, onceStopped, outputLost, type Interruption } from './interruption.ts';
import { version } from './manifest.ts';
import { maskedTerminal } from './maskedTerminal.ts';
import { endingOnce, harmlessTerminal, jsonOutput, tellOnce, type Output } from './output.ts';
import { pruneAtEnd } from './pruning.ts';
import { problemsText } from './problemsText.ts';
import { writeReport } from './reportFile.ts';
import { resultSoFar, type CommandKind } from './resultSoFar.ts';
import { refused } from './results.ts';
import { resumedOutput } from './resumedOutput.ts';
import { resumeCommand } from './resumeCommand.ts';
import { withResumeHint } from './resumeHint.ts';
import { runCommand } from './runCommand.ts';
import type { ProcessTerminal, Terminal } from './terminal.ts';

/** What the program finds when it starts. */
export interface CliHost {
  readonly argv: readonly string[];
  readonly terminal: ProcessTerminal;
  /** The key that the environment had. */
  readonly environmentKey: string | undefined;
  /** Absolute; undefined where it is gone. */
  readonly startFolder: string | undefined;
  readonly interruption: Interruption;
  /** Prepares requests to this address, the API's own where absent. A sentence for a person where a proxy can't be used. */
  readonly heedProxies: (baseUrl: string | undefined) => string | undefined;
}

/** Settles when all is told and everything that was started has stopped. Never rejects. */
export async function runCli(host: CliHost): Promise<ExitCode> {
  const args = parseArguments(host.argv);
  const { startFolder } = host;
  const isCommand = isCommandToDo(args);
  const key =
    isCommand && startFolder !== undefined
      ? await findApiKey(args.key, startFolder, host.environmentKey)
      : noKey;
  const terminal = maskedTerminal(host.terminal, key.ok ? key.key : undefined);
  const tell = tellOnce(terminal);
  const exitCode =
    isCommand && startFolder === undefined
      ? tellMistake({ ...args, message: folderGone, resultKind: resultKind(args) }, terminal)
      : await obey(args, key, { ...host, terminal, tell, startFolder: startFolder ?? '' });
  await terminal.flushed();
  const lost = terminal.lost();
  if (lost === undefined || exitCode !== exitCodes.good) return exitCode;
  tell(outputLost(lost).message);
  return exitCodes.failed;
}

function isCommandToDo(args: Arguments): args is Command {
  return args.kind !== 'help' && args.kind !== 'version' && args.kind !== 'usageError';
}

const folderGone = 'The folder that this was started in is gone. Change to one that exists.';

const noKey: FoundKey = { ok: true, key: undefined };

/** A host that has a word for the person. */
type TellingHost = CliHost & { readonly startFolder: string; readonly tell: (message: string) => void };

async function obey(args: Arguments, key: FoundKey, host: TellingHost): Promise<ExitCode> {
  const { terminal } = host;
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
      return key.ok
        ? carryOut(args, key, host)
        : tellMistake({ ...args, ...key, resultKind: resultKind(args) }, terminal);
  }
}

function tellMistake(mistake: Omit<UsageError, 'kind'>, terminal: Terminal): ExitCode {
  const problems = [{ message: mistake.message }];
  if (mistake.json) jsonOutput(terminal).end(refused(mistake.resultKind, problems), undefined);
  else harmlessTerminal(terminal).err(problemsText(problems));
  return exitCodes.usage;
}

function outputFor(args: Command, terminal: ProcessTerminal, stateDir: string): Output {
  const output = args.json ? jsonOutput(terminal) : personOutput(args, terminal);
  const folders = new SessionFolders(stateDir);
  const isOnDisk = (id: SessionId): boolean => existsSync(folders.journal(id));
  return withResumeHint(output, harmlessTerminal(terminal), args, isOnDisk);
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

type Key = Extract<FoundKey, { ok: true }>;

async function carryOut(args: Command, key: Key, host: TellingHost): Promise<ExitCode> {
  const stateDir = args.stateDir === undefined ? defaultStateDir() : resolve(host.startFolder, args.stateDir);
  const output = endingOnce(outputFor(args, host.terminal, stateDir));
  const underWay: UnderWay = { leaveNow: () => undefined, state: undefined, sessions: new Set() };
  const prune = pruneAtEnd(stateDir, logTo(harmlessTerminal(host.terminal)));
  host.interruption.beforeExit(() => {
    underWay.leaveNow();
    output.end(endSoFar(args, underWay, host).result, underWay.state);
    return host.terminal.flushed();
  });
  if (key.warning !== undefined) host.tell(key.warning);
  const notice = args.kind === 'run' ? undefined : host.heedProxies(args.baseUrl);
  if (notice !== undefined) host.tell(notice);
  const end = await runWith(args, key, { ...host, stateDir }, output, underWay).catch((error: unknown) =>
    brokenEnd(args, error, underWay),
  );
  const exitCode = await report(end, host.tell);
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

/** How a command ends that waits for its work no longer. */
function endSoFar(args: Command, { state }: UnderWay, { interruption }: CliHost): CommandEnd {
  const cause = causeOf(interruption.signal) ?? { by: 'person' };
  const result = resultSoFar(resultKind(args, state), state, Date.now(), cause);
  const exitCode = cause.by === 'host' ? exitCodes.unfinished : exitCodes.cancelled;
  return { result, exitCode, ...(state && { state }) };
}

async function runWith(
  args: Command,
  key: Key,
  host: TellingHost & { readonly stateDir: string },
  output: Output,
  underWay: UnderWay,
): Promise<CommandEnd> {
  const { startFolder, stateDir } = host;
  const { runtime, ...composed } = composeRuntime({
    stateDir,
    baseUrl: args.kind === 'run' ? undefined : args.baseUrl,
    sandbox: args.sandbox,
    permission: args.kind === 'resume' ? args.permission : undefined,
    terminal: harmlessTerminal(host.terminal),
    apiKey: key.key,
    keyFile: key.file,
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
    hasApiKey: key.key !== undefined,
    keyFile: key.file,
    now: () => Date.now(),
  };
  // If no person asked for the end, all work under way is closed as at the end of a host.
  const closed = Promise.withResolvers<CommandEnd>();
  onceStopped(context.stopping, (cause) => {
    if (cause.by === 'person') return;
    host.tell(cause.message);
    void runtime.dispose().then(() => closed.resolve(endSoFar(args, underWay, host))); // Never rejects.
  });
  try {
    const end = await Promise.race([carryOutCommand(args, context), closed.promise]);
    return composed.isUnsaved() ? { ...end, exitCode: unsavedExitCode(end.exitCode) } : end;
  } finally {
    await runtime.dispose();
    for (const listener of listeners) listener.dispose();
  }
}

/** The end for what should not happen. Before a session begins, nothing has run: a full disk keeps it from beginning. */
function brokenEnd(args: Command, error: unknown, { state }: UnderWay): CommandEnd {
  const message = error instanceof Error ? error.message : String(error);
  const result = refused(resultKind(args), [{ message }]);
  return { result, exitCode: state === undefined ? exitCodes.usage : exitCodes.failed };
}

/** A resumed session tells itself what it is of. */
function resultKind({ kind }: Command, state?: SessionState): CommandKind {
  if (kind === 'resume') return state?.kind ?? 'unknown';
  return kind === 'run' ? 'batch' : kind;
}

async function report(
  { report: path, result, exitCode }: CommandEnd,
  tell: (message: string) => void,
): Promise<ExitCode> {
  if (path === undefined) return exitCode;
  try {
    await writeReport(path, result);
    return exitCode;
  } catch (error) {
    tell(`the report ${path} can't be written: ${(error as Error).message}`);
    return exitCode === exitCodes.good ? exitCodes.failed : exitCode;
  }
}
