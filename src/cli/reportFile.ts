/** The file of `--report`. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { overwriteRegularFile } from '../adapters/node/overwriteRegularFile.ts';
import type { Result } from './results.ts';

export type ReportTarget =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

/**
 * Finds where a report can be written, before anything runs. Links are followed; only regular files are replaced, and
 * never the batch file.
 */
export async function findReportTarget(path: string, batchFile: string): Promise<ReportTarget> {
  try {
    const folder = await realpath(dirname(path));
    const target = await realpath(path).catch(() => join(folder, basename(path)));
    const present = await stat(target, { bigint: true }).catch(() => undefined);
    const batch = await stat(batchFile, { bigint: true }).catch(() => undefined);
    if (present && present.ino === batch?.ino && present.dev === batch.dev)
      return { ok: false, message: `--report ${path}: this is the batch file itself. Name another file.` };
    if (present === undefined || present.isFile()) return { ok: true, path: target };
    return { ok: false, message: `--report ${path}: this is no regular file.` };
  } catch {
    return { ok: false, message: `--report ${path}: the folder ${dirname(path)} does not exist.` };
  }
}

/** Writes the report whole or not at all, and through no link that has come to be there. Rejects where it can't be written. */
export async function writeReport(path: string, result: Result): Promise<void> {
  const problem = await overwriteRegularFile(path, `${JSON.stringify(result, null, 2)}\n`);
  if (problem !== undefined) throw new Error(problem.message);
}
