/** Reads one call of a batch file. */
import type { Node } from 'jsonc-parser';
import type { BatchCall } from './batchFile.ts';
import { nodeAt, readObject, valueOf, type Report } from './jsonNodes.ts';
import { integer, oneOf, optional, text } from './jsonValues.ts';
import { maxRetries, maxTimeoutMs } from './limits.ts';
import { suggestion } from './nearestName.ts';
import { readAfter, type DependencyInFile } from './readAfter.ts';
import type { ToolCatalog } from './toolCatalog.ts';

/** What could be read of a call, with the nodes that later problems are told at. */
export interface CallInFile {
  readonly id: { readonly name: string; readonly node: Node } | undefined;
  readonly after: readonly DependencyInFile[];
  /** Undefined where an essential part is wrong, which is reported. */
  readonly call: BatchCall | undefined;
}

const keys = ['id', 'tool', 'input', 'after', 'timeoutMs', 'retries', 'onFailure'];

/** Reads a call and reports every problem that it has on its own. */
export function readBatchCall(node: Node, tools: ToolCatalog, report: Report): CallInFile {
  const values = readObject(node, 'A call', keys, report);
  if (!values) return { id: undefined, after: [], call: undefined };
  for (const key of ['id', 'tool', 'input']) if (!values.has(key)) report(node, `The call has no "${key}".`);
  const idNode = values.get('id');
  const name = idNode && readId(idNode, report);
  const after = readAfter(values.get('after'), report);
  return {
    id: idNode && name !== undefined ? { name, node: idNode } : undefined,
    after,
    call: assemble(name, readTool(values, tools, report), values, after, report),
  };
}

function readId(node: Node, report: Report): string | undefined {
  const id = text(node, 'id', report);
  if (!id?.includes('/')) return id;
  return void report(node, `The id "${id}" must not contain "/": it separates the ids of nested calls.`);
}

function readTool(values: ReadonlyMap<string, Node>, tools: ToolCatalog, report: Report): string | undefined {
  const node = values.get('tool');
  const tool = node && text(node, 'tool', report);
  if (node === undefined || tool === undefined) return undefined;
  if (!tools.names.includes(tool))
    return void report(node, `Unknown tool "${tool}"${suggestion(tool, tools.names)}`);
  const input = values.get('input');
  if (input) checkInput(tool, input, tools, report);
  return tool;
}

function checkInput(tool: string, input: Node, tools: ToolCatalog, report: Report): void {
  for (const problem of tools.check(tool, valueOf(input))) {
    const path = ['input', ...problem.path].join('.');
    report(nodeAt(input, problem.path), `${tool}: ${path}: ${problem.message}`);
  }
}

function assemble(
  id: string | undefined,
  tool: string | undefined,
  values: ReadonlyMap<string, Node>,
  after: readonly DependencyInFile[],
  report: Report,
): BatchCall | undefined {
  const timeoutMs = optional(values, 'timeoutMs', integer(1, maxTimeoutMs), report);
  const retries = optional(values, 'retries', integer(0, maxRetries), report);
  const onFailure = optional(values, 'onFailure', oneOf(['continue', 'abort']), report);
  const input = values.get('input');
  if (id === undefined || tool === undefined || input === undefined) return undefined;
  return {
    id,
    tool,
    input: valueOf(input),
    ...(after.length > 0 && { after: after.map(({ dependency }) => dependency) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retries !== undefined && { retries }),
    ...(onFailure !== undefined && { onFailure }),
  };
}
