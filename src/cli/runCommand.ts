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
import { refused, type Problem } from './results.ts';
import { makeStateFolder } from './stateFolder.ts';
import { findBatchWorkplace, findWorkplace } from './workplace.ts';

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
  if (target?.ok === false) return { problems: [target] };
  const report = target && { report: target.path };
  const file = await readTextFile(path, maxFileBytes);
  if (!file.ok) return { problems: [file], ...report };
  const parsed = parseBatchFile(file.text, context.runtime.catalog);
  if (!parsed.ok) return { problems: parsed.problems, ...report };
  const found = await workplaceOf(args, parsed.batch, context);
  if (!found.ok) return { problems: [found], ...report };
  const inReach = await keyFileProblem(context.keyFile, found.workplace.roots);
  if (inReach !== undefined) return { problems: [{ message: inReach }], ...report };
  const made = await makeStateFolder(context.stateDir);
  if (!made.ok) return { problems: [made], ...report };
  return { batch: parsed.batch, workplace: found.workplace, ...report };
}

function inStart(path: string, { startFolder }: CommandContext): string {
  return resolve(startFolder, path);
}

function workplaceOf(args: RunArguments, batch: BatchFile, context: CommandContext) {
  const { startFolder } = context;
  if (args.cwd !== undefined || batch.cwd === undefined) return findWorkplace(startFolder, args.cwd);
  return findBatchWorkplace(startFolder, inStart(args.file, context), batch.cwd);
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
