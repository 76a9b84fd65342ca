/** Shows every problem of an open batch file at its place. */
import type * as vscode from 'vscode';
import { batchFileEnding } from '../contributions.ts';
import { parseBatchFile, type ParsedBatchFile } from '../formats/parseBatchFile.ts';
import { registerFileDiagnostics, type FileDiagnostics } from './fileDiagnostics.ts';
import type { Host } from './host.ts';

/** Checks a batch file's document and shows its problems. */
export type BatchDiagnostics = FileDiagnostics<ParsedBatchFile>;

export function isBatchFile(uri: vscode.Uri): boolean {
  return uri.path.endsWith(batchFileEnding);
}

export function registerBatchDiagnostics({ runtime, clock, log }: Host): BatchDiagnostics {
  const parse = async (text: string): Promise<ParsedBatchFile> =>
    parseBatchFile(text, (await runtime.get()).catalog);
  return registerFileDiagnostics({ ending: batchFileEnding, parse, clock, log });
}
