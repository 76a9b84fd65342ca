/** The system prompt of an agent. */
import type { Permission } from '../core/agents.ts';

export interface SystemPromptFacts {
  readonly roots: readonly string[];
  readonly cwd: string;
  readonly permission: Permission;
  /** As `process.platform` names it. */
  readonly platform: string;
  /** The texts of AGENTS.md, CLAUDE.md and their kind; empty where there are none. */
  readonly instructions?: string;
}

/** Says where the agent works, what it may do, and how its calls are run. */
export function systemPrompt(facts: SystemPromptFacts): string {
  const parts = [
    'You are a coding agent in the workspace of the person who talks to you. Work with the tools; say what you found and did in plain words.',
    [
      `Workspace folders: ${facts.roots.join(', ')}`,
      `Relative paths start from: ${facts.cwd}`,
      `Platform: ${facts.platform}`,
      `Permission: ${facts.permission}. ${permissionText[facts.permission]}`,
    ].join('\n'),
    parallelCalls,
  ];
  if (facts.instructions) parts.push(`${instructionsTitle}\n\n${facts.instructions}`);
  return parts.join('\n\n');
}

const instructionsTitle =
  'Instructions of this workspace, nearest first; where two disagree, follow the nearer one. Folders below the working directory can have their own: you are given them when you first work there.';

const permissionText: Readonly<Record<Permission, string>> = {
  'read-only':
    'You can read, search, look at git and run terminal commands that provably only read; writing and other commands are denied.',
  'workspace-write':
    'You can read, search, look at git, and write files inside the workspace; the person is asked before each terminal command that does more than read, and before git changes something.',
  unlimited: 'Commands run without a question.',
};

const parallelCalls = [
  'Ask for calls that do not depend on each other together, in one turn: they run in parallel. A call that fails',
  'does not stop the others; each result stands under its own call id, and the last one ends with a count of what',
  'succeeded and what did not. Use what succeeded; repeat only what failed, and only when something has changed.',
  'End your turn with a text: what you found or did, and what did not work.',
].join('\n');
