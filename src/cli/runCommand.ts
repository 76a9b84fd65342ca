/** `allsettled run FILE` */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SessionState } from '../core/states.ts';
import type { BatchFile } from '../formats/batchFile.ts';
import { parseBatchFile } from '../formats/parseBatchFile.ts';
import type { Workplace } from '../runtime/runtime.ts';
import { batchResult } from '../views/batchResult.ts';
import type { RunArguments } from './arguments.ts';
import type { CommandContext, CommandEnd } from './commandContext.ts';
import { batchExitCode, exitCodes } from './exitCodes.ts';
import { onceStopped } from './interruption.ts';
import { findReportTarget } from './reportFile.ts';
import { refused, type Problem } from './results.ts';
import { findBatchWorkplace, findWorkplace } from './workplace.ts';

/** Runs a batch file to its end, or tells every problem that keeps it from running. */
export async function runCommand(args: RunArguments, context: CommandContext): Promise<CommandEnd> {
  const prepared = await prepare(args, context);
  const report = prepared.report !== undefined && { report: prepared.report };
  if ('problems' in prepared)
    return { result: refused('batch', prepared.problems), exitCode: exitCodes.usage, ...report };
  return { ...(await runPrepared(args, prepared, context)), ...report };
}

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
  const target =
    args.report === undefined ? undefined : await findReportTarget(inStart(args.report, context));
  if (target?.ok === false) return { problems: [target] };
  const report = target && { report: target.path };
  const file = await readBatchText(inStart(args.file, context));
  if (!file.ok) return { problems: [file], ...report };
  const parsed = parseBatchFile(file.text, context.runtime.catalog);
  if (!parsed.ok) return { problems: parsed.problems, ...report };
  const found = await workplaceOf(args, parsed.batch, context);
  if (!found.ok) return { problems: [found], ...report };
  return { batch: parsed.batch, workplace: found.workplace, ...report };
}

function inStart(path: string, { startFolder }: CommandContext): string {
  return resolve(startFolder, path);
}

type FileText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

async function readBatchText(path: string): Promise<FileText> {
  try {
    return { ok: true, text: await readFile(path, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return { ok: false, message: `There is no file ${path}.` };
    if (code === 'EISDIR') return { ok: false, message: `${path} is a folder, not a batch file.` };
    return { ok: false, message: `${path} can't be read: ${(error as Error).message}` };
  }
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
  onceStopped(stopping, () => runtime.stopSession(started.sessionId));
  await started.settled;
  const state = sessionOf(context, started.sessionId);
  const [batchState] = state.batches.values();
  if (!batchState) throw new Error('The session has no batch.');
  const result = batchResult(state, batchState, context.now());
  return { result, exitCode: batchExitCode(result, stopping.aborted), state };
}

function sessionOf({ runtime }: CommandContext, id: string): SessionState {
  const state = runtime.session(id);
  if (!state) throw new Error(`The session ${id} is not in memory.`);
  return state;
}
