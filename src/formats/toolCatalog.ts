/** What a file's reader needs to know of the tools. */
import type { InputProblem } from '../core/tools.ts';

export interface ToolCatalog {
  readonly names: readonly string[];
  /** The problems of an input; none where it is good. Asked only for names of the list. */
  check(tool: string, input: unknown): readonly InputProblem[];
}
