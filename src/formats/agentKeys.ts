/** Reads what an agents file says for all tasks, or for one. */
import type { Node } from 'jsonc-parser';
import { permissions } from '../core/agents.ts';
import type { AgentChoices } from './agentsFile.ts';
import { kindOf, type Report } from './jsonNodes.ts';
import { oneOf, optional, text, type ReadValue } from './jsonValues.ts';

/** The keys that a file and each of its tasks may have. */
export const choiceKeys = [
  'model',
  'agent',
  'systemPrompt',
  'appendSystemPrompt',
  'contextPaths',
  'reportMode',
  'permission',
] as const satisfies readonly (keyof AgentChoices)[];

/** The forms of an answer that can be asked for. */
export const reportModes = ['document'] as const;

/** Reads them all; each that is wrong is reported and left out. */
export function readChoices(values: ReadonlyMap<string, Node>, report: Report): AgentChoices {
  const both = values.has('agent') ? values.get('systemPrompt') : undefined;
  if (both) report(both, bothPrompts);
  return withoutAbsent({
    model: optional(values, 'model', text, report),
    agent: optional(values, 'agent', text, report),
    systemPrompt: optional(values, 'systemPrompt', text, report),
    appendSystemPrompt: optional(values, 'appendSystemPrompt', text, report),
    contextPaths: optional(values, 'contextPaths', texts, report),
    reportMode: optional(values, 'reportMode', oneOf(reportModes), report),
    permission: optional(values, 'permission', oneOf(permissions), report),
  });
}

/** Why a definition and a system prompt exclude each other. */
export const bothPrompts =
  '"systemPrompt" and "agent" both say what the agent is: give one. "appendSystemPrompt" can stand beside either.';

const texts: ReadValue<readonly string[]> = (node, key, report) => {
  if (node.type !== 'array') return void report(node, `"${key}" must be an array, not ${kindOf(node)}.`);
  return (node.children ?? []).flatMap((item) => text(item, key, report) ?? []);
};

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The same object without the keys whose value is undefined. */
export function withoutAbsent<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
