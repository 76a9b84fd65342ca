/** The grammar of a shell as a port: bounds the lines, and knows no line when parsing fails. */
import type { Log } from '../../core/ports.ts';
import type { ShellGrammar, ShellNode } from '../../core/shell.ts';

const maxChars = 10_000;

/** Makes a tree of a line; undefined if the grammar finds a fault. */
export type ParseLine = (line: string) => ShellNode | undefined | Promise<ShellNode | undefined>;

export interface ShellGrammarOptions {
  readonly log: Pick<Log, 'warn'>;
  /** Called with the first line. */
  readonly load: () => Promise<ParseLine>;
}

export function createShellGrammar({ log, load }: ShellGrammarOptions): ShellGrammar {
  let loading: Promise<ParseLine | undefined> | undefined;
  const loadOnce = (): Promise<ParseLine | undefined> =>
    (loading ??= load().catch((error: unknown) => {
      log.warn(
        `The shell's grammar could not be loaded, so no command counts as reading: ${messageOf(error)}`,
      );
      return undefined;
    }));
  return {
    async parse(line) {
      if (line.length > maxChars) return undefined;
      const parse = await loadOnce();
      try {
        return await parse?.(line);
      } catch (error) {
        log.warn(`A command line could not be parsed, so it does not count as reading: ${messageOf(error)}`);
        return undefined;
      }
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
