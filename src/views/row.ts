/** One row of the tree, as the tree, the CLI and the tests show it. */
import type { Icon } from './looks.ts';
import type { RowId } from './rowIds.ts';

export interface Row {
  readonly id: RowId;
  readonly label: string;
  readonly description: string;
  /** Plain text: what it quotes of a model or a tool must not become a link. */
  readonly tooltip: string;
  readonly icon: Icon;
  /** What the menus look at: `call.settled`, `agent.working`, ... */
  readonly contextValue: string;
  readonly isExpandable: boolean;
  /** Its children are shown only when a person opens it. */
  readonly startsClosed?: true;
  /** What a screen reader says. */
  readonly accessibilityLabel: string;
  /** Absent for a session. */
  readonly parentId?: RowId;
}

/** Joins the parts of a description that are there. */
export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
