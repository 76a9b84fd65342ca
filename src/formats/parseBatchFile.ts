/** Reads a batch file: a batch that was checked whole, or every problem that it has. */
import type { Node } from 'jsonc-parser';
import { permissions } from '../core/agents.ts';
import type { BatchCall, BatchFile } from './batchFile.ts';
import { checkIds } from './checkIds.ts';
import { checkVersion } from './checkVersion.ts';
import type { FileProblem, RawProblem } from './fileProblem.ts';
import { kindOf, readRoot, reportInto, reportRepeatedKeys, type Report } from './jsonNodes.ts';
import { placeProblems, placesIn, type PlaceOf } from './jsonPlaces.ts';
import { oneOf, optional, text as textValue, yesOrNo } from './jsonValues.ts';
import { maxCalls } from './limits.ts';
import { readBatchCall } from './readBatchCall.ts';
import { readJsonTree } from './readJsonTree.ts';
import type { ToolCatalog } from './toolCatalog.ts';

export type ParsedBatchFile =
  | { readonly ok: true; readonly batch: BatchFile }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

const keys = ['version', 'calls', 'failFast', 'permission', 'cwd'];

/**
 * Checks the text of a batch file. Problems come in the order of the text. While the text is not JSON, only
 * that is told: what follows from a missing bracket would mislead.
 */
export function parseBatchFile(text: string, tools: ToolCatalog): ParsedBatchFile {
  const tree = readJsonTree(text);
  const placeOf = placesIn(text);
  if (!tree.ok) return { ok: false, problems: placeProblems(tree.problems, placeOf) };
  const problems: RawProblem[] = [];
  const report = reportInto(problems);
  reportRepeatedKeys(tree.root, report);
  const batch = readBatch(tree.root, placeOf, tools, report);
  if (batch && problems.length === 0) return { ok: true, batch };
  return { ok: false, problems: placeProblems(problems, placeOf) };
}

function readBatch(root: Node, placeOf: PlaceOf, tools: ToolCatalog, report: Report): BatchFile | undefined {
  const values = readRoot(root, 'A batch file', keys, report);
  if (!values) return undefined;
  checkVersion(root, values.get('version'), report);
  const failFast = optional(values, 'failFast', yesOrNo, report);
  const permission = optional(values, 'permission', oneOf(permissions), report);
  const cwd = optional(values, 'cwd', textValue, report);
  return {
    version: 1,
    calls: readCalls(root, values.get('calls'), placeOf, tools, report),
    ...(failFast !== undefined && { failFast }),
    ...(permission !== undefined && { permission }),
    ...(cwd !== undefined && { cwd }),
  };
}

function readCalls(
  root: Node,
  calls: Node | undefined,
  placeOf: PlaceOf,
  tools: ToolCatalog,
  report: Report,
): readonly BatchCall[] {
  if (!calls) report(root, 'The file has no "calls".');
  else if (calls.type !== 'array') report(calls, `"calls" must be an array, not ${kindOf(calls)}.`);
  else if (!calls.children?.length) report(calls, '"calls" is empty: nothing would run.');
  if (calls?.type !== 'array') return [];
  const all = calls.children ?? [];
  const tooMany = all[maxCalls];
  if (tooMany) report(tooMany, `${all.length} calls: a file may hold at most ${maxCalls}.`);
  const read = all.slice(0, maxCalls).map((node) => readBatchCall(node, tools, report));
  checkIds(read, placeOf, report);
  return read.flatMap(({ call }) => call ?? []);
}
