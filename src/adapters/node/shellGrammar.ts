/** Parses command lines with the grammar of their shell, which is loaded with the first of them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { Log } from '../../core/ports.ts';
import type { ShellGrammar, ShellLanguage, ShellNode } from '../../core/shell.ts';

const maxChars = 10_000;
const maxNodes = 5000;
const maxDepth = 60;

/** Makes a tree of a line whose length is in bounds; undefined where the grammar finds a fault. */
export type ParseLine = (line: string) => ShellNode | undefined;

export interface ShellGrammarOptions {
  readonly log: Pick<Log, 'warn'>;
  /** Loads the grammar; the one that this program brings along where absent. */
  readonly load?: () => Promise<ParseLine>;
  readonly language: ShellLanguage;
}

export function createShellGrammar({
  log,
  language,
  load = () => loadGrammar(language),
}: ShellGrammarOptions): ShellGrammar {
  let loading: Promise<ParseLine | undefined> | undefined;
  const loadOnce = (): Promise<ParseLine | undefined> =>
    (loading ??= load().catch((error: unknown) => {
      log.warn(`The shell's grammar could not be loaded, so no command counts as reading: ${String(error)}`);
      return undefined;
    }));
  return {
    async parse(line) {
      if (line.length > maxChars) return undefined;
      const parse = await loadOnce();
      try {
        return parse?.(line);
      } catch (error) {
        log.warn(`A command line could not be parsed: ${String(error)}`);
        return undefined;
      }
    },
  };
}

async function loadGrammar(language: ShellLanguage): Promise<ParseLine> {
  const { Parser, Language } = await import('web-tree-sitter');
  await Parser.init({ wasmBinary: await readGrammarFile('web-tree-sitter', 'web-tree-sitter.wasm') });
  const parser = new Parser();
  const grammar = await readGrammarFile('@vscode/tree-sitter-wasm', `wasm/tree-sitter-${language}.wasm`);
  parser.setLanguage(await Language.load(grammar));
  return (line) => {
    const tree = parser.parse(line);
    try {
      return tree === null || tree.rootNode.hasError ? undefined : copyTree(tree.rootNode);
    } finally {
      tree?.delete();
    }
  };
}

/** What the parser gives of a node, as far as it is used. */
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

/** Compressed beside the bundle; where the source runs as it is, in the packages that the bundle takes them from. */
async function readGrammarFile(library: string, file: string): Promise<Uint8Array> {
  const bundled = path.join(import.meta.dirname, 'grammars');
  if (existsSync(bundled)) return decompress(await readFile(path.join(bundled, `${path.basename(file)}.br`)));
  return readFile(createRequire(import.meta.url).resolve(`${library}/${file}`));
}

const decompress = promisify(brotliDecompress);
