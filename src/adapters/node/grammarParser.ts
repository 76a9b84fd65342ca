/** Parses command lines in this process, with a shell's own grammar. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { brotliDecompress } from 'node:zlib';
import type { ShellLanguage, ShellNode } from '../../core/shell.ts';

const maxNodes = 5000;
const maxDepth = 60;
/**
 * Processor time, so that a busy machine changes no answer. A faultless line takes a fifth of it, but recovery from a
 * fault can take seconds, in which other lines would wait.
 */
const longestParseMs = 250;

/** Makes a tree of a line; undefined if the grammar finds a fault. */
export type ParseInProcess = (line: string) => ShellNode | undefined;

/** Loads the grammar; for programs of our own only, because it sets flags of the whole process. */
export async function loadGrammar(language: ShellLanguage): Promise<ParseInProcess> {
  keepWasmBaseline();
  const { Parser, Language } = await import('web-tree-sitter');
  await Parser.init({ wasmBinary: await readGrammarFile('web-tree-sitter', 'web-tree-sitter.wasm') });
  const parser = new Parser();
  const grammar = await readGrammarFile('@vscode/tree-sitter-wasm', `wasm/tree-sitter-${language}.wasm`);
  parser.setLanguage(await Language.load(grammar));
  return (line) => {
    const start = process.cpuUsage();
    const tree = parser.parse(line, null, {
      progressCallback: () => msOf(process.cpuUsage(start)) > longestParseMs,
    });
    // The parser would go on with the line that it was stopped at.
    if (tree === null) parser.reset();
    try {
      return tree === null || tree.rootNode.hasError ? undefined : copyTree(tree.rootNode);
    } finally {
      tree?.delete();
    }
  };
}

/**
 * Keeps V8 from optimising WebAssembly. The grammar's lexer is one huge function: optimising it costs 500 MB and seconds,
 * for which the exit of the process waits. Both flags are needed, and before the grammar is compiled.
 */
function keepWasmBaseline(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}

function msOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

/** The parts of the parser's node that are used. */
interface ParsedNode {
  readonly type: string;
  readonly isNamed: boolean;
  readonly isMissing: boolean;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly childCount: number;
  readonly children: readonly (ParsedNode | null)[];
}

function copyTree(root: ParsedNode): ShellNode | undefined {
  let nodesLeft = maxNodes;
  const copy = (node: ParsedNode, depth: number): ShellNode | undefined => {
    nodesLeft -= node.childCount + 1;
    if (node.isMissing || depth > maxDepth || nodesLeft < 0) return undefined;
    const children: ShellNode[] = [];
    for (const child of node.children) {
      const copied = child === null ? undefined : copy(child, depth + 1);
      if (copied === undefined) return undefined;
      children.push(copied);
    }
    const { type, isNamed, startIndex: start, endIndex: end } = node;
    return { type, isNamed, start, end, children };
  };
  return copy(root, 0);
}

/** Reads the compressed file beside the bundle, or in the sources the one of the package. */
async function readGrammarFile(library: string, file: string): Promise<Uint8Array> {
  const bundled = path.join(import.meta.dirname, 'grammars');
  if (existsSync(bundled)) return decompress(await readFile(path.join(bundled, `${path.basename(file)}.br`)));
  return readFile(createRequire(import.meta.url).resolve(`${library}/${file}`));
}

const decompress = promisify(brotliDecompress);
