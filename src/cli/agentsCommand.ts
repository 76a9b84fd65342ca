/** `allsettled agents FILE --save-file OUT` */
import { resolve } from 'node:path';
import type { InputProblem } from '../core/tools.ts';
import type { AgentsFile } from '../formats/agentsFile.ts';
import { parseAgentsFile, type ParsedAgentsFile } from '../formats/parseAgentsFile.ts';
import type { RunAgentsOptions } from '../runtime/runtime.ts';
import { agentsResult } from '../views/agentsResult.ts';
import type { AgentsArguments } from './arguments.ts';
import { keyFileProblem } from './apiKey.ts';
import { noApiKey, type CommandContext, type CommandEnd } from './commandContext.ts';
import { agentsExitCode, exitCodes } from './exitCodes.ts';
import { causeOf, onceStoppedByPerson } from './interruption.ts';
import { readTextFile } from './readTextFile.ts';
import { byPlace, refused, type Problem } from './results.ts';
import { makeStateFolder } from './stateFolder.ts';
import { findFileWorkplace } from './workplace.ts';

/** Runs an agents file until every task has ended, or tells every problem that keeps it from running. */
export async function agentsCommand(args: AgentsArguments, context: CommandContext): Promise<CommandEnd> {
  const prepared = await prepare(args, context);
  if (!prepared.ok) return refusal(prepared.problems);
  const { runtime, stopping } = context;
  const started = await runtime.runAgents(prepared.options);
  if (!started.ok) return refusal(placed(started.problems, prepared.locate, args));
  onceStoppedByPerson(stopping, () => runtime.stopSession(started.sessionId));
  const state = runtime.session(started.sessionId);
  await started.settled;
  const [list] = state?.taskLists ?? [];
  if (!state || !list) throw new Error('The session has no tasks.');
  const result = agentsResult(state, list);
  return { result, exitCode: agentsExitCode(result, causeOf(stopping)?.by), state };
}

function refusal(problems: readonly Problem[]): CommandEnd {
  return { result: refused('agents', problems), exitCode: exitCodes.usage };
}

const maxFileBytes = 64 * 1024 * 1024;

type Locate = Extract<ParsedAgentsFile, { ok: true }>['locate'];

type Prepared =
  | { readonly ok: true; readonly options: RunAgentsOptions; readonly locate: Locate }
  | { readonly ok: false; readonly problems: readonly Problem[] };

async function prepare(args: AgentsArguments, context: CommandContext): Promise<Prepared> {
  const { startFolder } = context;
  const file = resolve(startFolder, args.file);
  const read = await readTextFile(file, maxFileBytes);
  if (!read.ok) return { ok: false, problems: [{ message: read.message }] };
  const parsed = parseAgentsFile(read.text);
  const found = await findFileWorkplace(read.text, { ...args, file }, startFolder);
  const problems = [...(found.ok ? [] : [found.problem]), ...(parsed.ok ? [] : parsed.problems)];
  if (!parsed.ok || !found.ok) return { ok: false, problems: byPlace(problems) };
  const { agents, locate } = parsed;
  const inReach = await keyFileProblem(context.keyFile, found.workplace.roots);
  if (inReach !== undefined) return { ok: false, problems: [{ message: inReach }] };
  if (!context.hasApiKey) return { ok: false, problems: [{ message: noApiKey }] };
  const made = await makeStateFolder(context.stateDir);
  if (!made.ok) return { ok: false, problems: [{ message: made.message }] };
  const options: RunAgentsOptions = {
    agents: withArguments(agents, args),
    file,
    permission: args.permission,
    withoutSaveFile,
    // Whoever runs a file in a folder by hand trusts the folder.
    isTrusted: true,
    ...(args.saveFile !== undefined && { saveFile: resolve(startFolder, args.saveFile) }),
    ...found.workplace,
  };
  return { ok: true, options, locate };
}

const withoutSaveFile =
  'Name the file that gets the answers: --save-file OUT, or "saveFile" in the agents file.';

/** The command line's word goes before the file's, but for the permission: that both must allow. */
function withArguments(agents: AgentsFile, args: AgentsArguments): AgentsFile {
  return {
    ...agents,
    permission: agents.permission ?? args.permission,
    ...(args.failFast && { failFast: true }),
    ...(args.maxConcurrency !== undefined && { maxConcurrency: args.maxConcurrency }),
    ...(args.model !== undefined && { model: args.model }),
  };
}

/** A save file that the command line names, or has to name, has no place in the file. */
function placed(
  problems: readonly InputProblem[],
  locate: Locate,
  args: AgentsArguments,
): readonly Problem[] {
  const isOfLine = ({ path }: InputProblem): boolean => args.saveFile !== undefined && path[0] === 'saveFile';
  const isUnnamed = ({ message }: InputProblem): boolean => message === withoutSaveFile;
  const ofLine = problems.filter(isOfLine).map(({ message }) => ({ message: `--save-file: ${message}` }));
  const unnamed = problems.filter(isUnnamed).map(({ message }) => ({ message }));
  const ofDefinitions = problems.flatMap(({ message, at }) => (at ? [{ message, ...at, column: 1 }] : []));
  const ofFile = problems.filter((problem) => !isOfLine(problem) && !isUnnamed(problem) && !problem.at);
  return [...ofLine, ...unnamed, ...ofDefinitions, ...locate(ofFile)];
}
