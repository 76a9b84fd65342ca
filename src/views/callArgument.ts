/** The few words of a call's input that tell it from its siblings. */
import type { CallInput } from '../core/calls.ts';
import { visibleCode, visibleJson } from '../core/visibleText.ts';
import { exactLine } from './plainText.ts';

type Fields = Readonly<Record<string, unknown>>;

const byTool: Readonly<Record<string, (input: Fields) => string>> = {
  read_file: (input) => text(input.path) + lineRange(input),
  list_files: (input) => text(input.pattern) + inFolder(input),
  search_text: (input) => text(input.pattern) + inFolder(input),
  git: (input) => (Array.isArray(input.args) ? input.args.map(text).join(' ') : ''),
  git_add: (input) => (Array.isArray(input.paths) ? input.paths.map(text).join(' ') : ''),
  git_commit: (input) => firstLine(text(input.message ?? 'amend')),
  git_switch: (input) => text(input.branch),
  git_stash: (input) => text(input.action),
  terminal: (input) => firstLine(text(input.command)),
  write_file: (input) => text(input.path),
  edit_file: (input) => text(input.path),
  delete_file: (input) => text(input.path),
  rename_file: (input) => `${text(input.from)} → ${text(input.to)}`,
  spawn_agent: (input) => text(input.label),
  run_agents: (input) => counted(input.tasks, 'task'),
  list_agents: () => '',
  wait_for_agents: (input) => (Array.isArray(input.agentIds) ? input.agentIds.map(text).join(', ') : ''),
  message_agent: (input) => `${text(input.agentId)}: ${text(input.text)}`,
  cancel_agent: (input) => text(input.agentId),
  resume_agent: (input) => text(input.agentId),
  run_batch: (input) => counted(input.calls, 'call'),
};

/** An argument in one line of at most `maxLength` characters; empty where the input has none. */
export function callArgument(tool: string, input: CallInput, maxLength = 80): string {
  if (input.kind === 'unparsable') return exactLine(input.raw, maxLength);
  if (!isFields(input.value)) return exactLine(compactJson(input.value), maxLength);
  const known = Object.hasOwn(byTool, tool) ? byTool[tool]?.(input.value) : undefined;
  return exactLine(known || firstText(input.value), maxLength);
}

/** The input as a person reads it: indented JSON, or the raw text that could not be parsed. Nothing of it is hidden. */
export function inputText(input: CallInput): string {
  if (input.kind === 'unparsable') return visibleCode(input.raw);
  return visibleJson(JSON.stringify(input.value, null, 2) ?? '');
}

/** As `inputText`, with long strings cut, so that a row costs little whatever the input holds. */
export function inputPreview(input: CallInput): string {
  if (input.kind === 'unparsable') return input.raw.slice(0, 1000);
  const cut = (_: string, value: unknown): unknown =>
    typeof value === 'string' && value.length > 300 ? `${value.slice(0, 300)}…` : value;
  return visibleJson(JSON.stringify(input.value, cut, 2) ?? '');
}

function lineRange(input: Fields): string {
  if (input.startLine === undefined && input.endLine === undefined) return '';
  return `:${text(input.startLine ?? 1)}-${text(input.endLine ?? '')}`;
}

function inFolder(input: Fields): string {
  return input.path === undefined ? '' : ` in ${text(input.path)}`;
}

function counted(list: unknown, noun: string): string {
  if (!Array.isArray(list)) return '';
  return list.length === 1 ? `1 ${noun}` : `${list.length} ${noun}s`;
}

function firstText(input: Fields): string {
  const found = Object.values(input).find((value) => typeof value === 'string');
  if (found !== undefined) return text(found);
  return Object.keys(input).length === 0 ? '' : compactJson(input);
}

function firstLine(command: string): string {
  const lines = command.trim().split('\n');
  return lines.length > 1 ? `${lines[0]} …` : (lines[0] ?? '');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : compactJson(value);
}

function compactJson(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
