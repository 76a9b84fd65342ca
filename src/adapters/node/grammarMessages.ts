/** The messages between the grammar helper and its host. */
import type { ShellNode } from '../../core/shell.ts';

export interface ParseRequest {
  readonly id: number;
  readonly line: string;
}

/** `ready` comes once, before any answer: the grammar is loaded. No tree: the line has a fault. */
export type GrammarReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'parsed'; readonly id: number; readonly tree?: ShellNode }
  | { readonly kind: 'failed'; readonly id: number; readonly problem: string };
