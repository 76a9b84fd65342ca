/** `allsettled run FILE` */
import { resolve } from 'node:path';
import type { SessionState } from '../core/states.ts';
import type { BatchFile } from '../formats/batchFile.ts';
import { parseBatchFile } from '../formats/parseBatchFile.ts';
import type { Workplace } from '../runtime/runtime.ts';
import { batchResult } from '../views/batchResult.ts';
import type { RunArguments } from './arguments.ts';
import { keyFileProblem } from './apiKey.ts';
import type { CommandContext, CommandEnd } from './commandContext.ts';
import { batchExitCode, exitCodes } from './exitCodes.ts';
import { causeOf, onceStoppedByPerson } from './interruption.ts';
import { readTextFile } from './readTextFile.ts';
import { findReportTarget } from './reportFile.ts';
import { byPlace, refused, type Problem } from './results.ts';
import { makeStateFolder } from './stateFolder.ts';
import { findFileWorkplace } from './workplace.ts';

/** Runs a batch file to its end, or tells every problem that keeps it from running. */
export async function runCommand(args: RunArguments, context: CommandContext): Promise<CommandEnd> {
  const prepared = await prepare(args, context);
  const report = prepared.report !== undefined && { report: prepared.report };
  if ('problems' in prepared)
    return { result: refused('batch', prepared.problems), exitCode: exitCodes.usage, ...report };
  return { ...(await runPrepared(args, prepared, context)), ...report };
}

const maxFileBytes = 64 * 1024 * 1024;

interface PreparedBatch {
  readonly batch: BatchFile;
  readonly workplace: Workplace;
  readonly report?: string;
}

interface Refusal {
  readonly problems: readonly Problem[];
  readonly report?: string;
}

async function prepare(args: RunArguments, context: CommandContext): Promise<PreparedBatch | Refusal> {
  const path = inStart(args.file, context);
  const target =
    args.report === undefined ? undefined : await findReportTarget(inStart(args.report, context), path);
  if (target?.ok === false) return { problems: [{ message: target.message }] };
  const report = target && { report: target.path };
  const file = await readTextFile(path, maxFileBytes);
  if (!file.ok) return { problems: [{ message: file.message }], ...report };
  const parsed = parseBatchFile(file.text, context.runtime.catalog);
  const found = await findFileWorkplace(file.text, { ...args, file: path }, context.startFolder);
  const problems = [...(found.ok ? [] : [found.problem]), ...(parsed.ok ? [] : parsed.problems)];
  if (!parsed.ok || !found.ok) return { problems: byPlace(problems), ...report };
  const inReach = await keyFileProblem(context.keyFile, found.workplace.roots);
  if (inReach !== undefined) return { problems: [{ message: inReach }], ...report };
  const made = await makeStateFolder(context.stateDir);
  if (!made.ok) return { problems: [{ message: made.message }], ...report };
  return { batch: parsed.batch, workplace: found.workplace, ...report };
}

function inStart(path: string, { startFolder }: CommandContext): string {
  return resolve(startFolder, path);
}

async function runPrepared(
  args: RunArguments,
  { batch, workplace }: PreparedBatch,
  context: CommandContext,
): Promise<CommandEnd> {
  const { runtime, stopping } = context;
  const started = await runtime.runBatch({
    batch: { ...batch, ...(args.failFast && { failFast: true }) },
    file: inStart(args.file, context),
    permission: args.permission,
    ...workplace,
  });
  onceStoppedByPerson(stopping, () => runtime.stopSession(started.sessionId));
  const state = sessionOf(context, started.sessionId);
  await started.settled;
  const [batchState] = state.batches.values();
  if (!batchState) throw new Error('The session has no batch.');
  const result = batchResult(state, batchState, context.now());
  return { result, exitCode: batchExitCode(result, causeOf(stopping)?.by), state };
}

function sessionOf({ runtime }: CommandContext, id: string): SessionState {
  const state = runtime.session(id);
  if (!state) throw new Error(`The session ${id} is not in memory.`);
  return state;
}
