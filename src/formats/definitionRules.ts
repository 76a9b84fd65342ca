/** The restrictions of an agent definition that stand in other keys than those that list tools. */
import { permissions, type Permission } from '../core/agents.ts';
import type { MatterKey } from './frontMatterKeys.ts';
import { readNamedTools, type NamedTool, type NamedTools } from './namedTools.ts';
import { toolsNamed } from './toolWords.ts';

/** Modes of other programs that restrict nothing beyond what the person's own permission does. */
const openModes =
  /^(?:default|manual|auto|acceptedits|dontask|bypasspermissions|all|full|allow|inherit|false|no|off)$/;
const readingModes = /^(?:plan|readonly|true|yes|on)$/;

/** The ceiling that a key sets, by a word or because a person is to be asked about commands; undefined if it sets none. */
export function ceilingOf({ word, value }: MatterKey): Permission | undefined {
  if (!['permission', 'permissions', 'permissionmode', 'readonly'].includes(word)) return undefined;
  if (value === null) return 'unlimited';
  if (isMap(value)) return Object.entries(value).some(isAskedAbout) ? asking : undefined;
  if (typeof value !== 'string' && typeof value !== 'boolean') return undefined;
  const mode = `${value}`.trim();
  const own = permissions.find((permission) => permission === mode);
  const plain = mode.toLowerCase().replace(/[^a-z]/g, '');
  if (own) return own;
  if (readingModes.test(plain)) return 'read-only';
  if (plain === 'ask') return asking;
  return openModes.test(plain) ? 'unlimited' : undefined;
}

/** The permission under which a person is asked about each command. */
const asking: Permission = 'workspace-write';

/** True of a rule, as `bash: ask`, that asks about commands, or about some of them. */
function isAskedAbout([key, rule]: readonly [string, unknown]): boolean {
  const named = toolsNamed(key);
  if (!Array.isArray(named) || named.length !== 1 || named[0] !== 'terminal') return false;
  const actions: readonly unknown[] = isMap(rule) ? Object.values(rule) : [rule];
  return actions.includes('ask') && actions.every((action) => action === 'ask' || action === 'allow');
}

/**
 * The tools that a map of permissions withholds, as opencode (`bash: deny`) and Claude Code (`deny: [Bash]`) write it. A tool
 * that a person is to be asked about, or that is allowed in part, can't be given as it is meant, but for commands. Undefined where it can't be read.
 */
export function toolRules(value: unknown): NamedTools | undefined {
  if (Array.isArray(value)) return readNamedTools(value);
  if (!isMap(value)) return undefined;
  const withheld: NamedTool[] = [];
  for (const [key, rule] of Object.entries(value)) {
    const taken = isAskedAbout([key, rule]) ? [] : takenBy(key, rule);
    if (taken === undefined) return undefined;
    withheld.push(...taken);
  }
  const isClosed = withheld.some(({ name }) => name === '*');
  return isClosed ? { granted: allowedIn(value), withheld: [] } : { withheld };
}

function takenBy(key: string, rule: unknown): readonly NamedTool[] | undefined {
  if (Array.isArray(rule)) {
    if (/^(?:allow|additionalDirectories)$/i.test(key)) return [];
    const named = /^(?:deny|ask)$/i.test(key) ? readNamedTools(rule) : undefined;
    return named?.granted;
  }
  if (/^defaultMode$/i.test(key)) return [];
  if (typeof rule === 'object' && rule !== null) {
    const actions = Object.values(rule);
    if (actions.every((action) => action === 'allow')) return [];
    return [{ text: `${key} (${Object.keys(rule).join(', ')})`, name: key, isNarrowed: true }];
  }
  if (rule === 'allow' || rule === true) return [];
  if (rule === 'deny' || rule === false) return [{ text: key, name: key }];
  return rule === 'ask' ? [{ text: `${key} (ask)`, name: key, isNarrowed: true }] : undefined;
}

function allowedIn(rules: Readonly<Record<string, unknown>>): readonly NamedTool[] {
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule === 'allow' || rule === true ? [{ text: name, name }] : [],
  );
}

/** The agents that an agent of Copilot may start, and no others. */
export function agentsNamed(value: unknown): NamedTools {
  if (value === '*' || (Array.isArray(value) && value.includes('*'))) return { withheld: [] };
  const names: readonly unknown[] = Array.isArray(value) ? value : [value ?? ''];
  const text = names.map((name) => (typeof name === 'string' ? name : JSON.stringify(name))).join(', ');
  return { withheld: [{ text: `Agent(${text})`, name: 'Agent', isNarrowed: true }] };
}

/** The tools before whose use a hook of Claude Code would decide: hooks are not run here. */
export function guardedTools(value: unknown): NamedTools | undefined {
  if (value === null || value === false) return { withheld: [] };
  if (typeof value !== 'object') return undefined;
  const before = Object.entries(value as Readonly<Record<string, unknown>>).find(([event]) =>
    /^(?:pre_?tool_?use|permission_?request)$/i.test(event),
  )?.[1];
  if (before === undefined || before === null) return { withheld: [] };
  const hooks: readonly unknown[] = Array.isArray(before) ? before : [before];
  const matchers = hooks.map((hook) => (isMap(hook) ? (hook['matcher'] ?? '*') : undefined));
  if (!matchers.every((matcher) => typeof matcher === 'string')) return undefined;
  if (matchers.some((matcher) => ['', '*', '.*'].includes(matcher.trim())))
    return { granted: [], withheld: [] };
  const named = matchers.flatMap((matcher) =>
    matcher
      .replace(/[()^$]/g, '')
      .replaceAll('.*', '*')
      .split('|'),
  );
  return {
    withheld: named.map((name) => ({ text: `${name.trim()} (hook)`, name: name.trim(), isNarrowed: true })),
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A number of a key, times its unit; undefined where it is none, or not above 0. */
export function bound(
  keys: readonly MatterKey[],
  words: readonly string[],
  unit: number,
): number | undefined {
  const found = keys.find(({ word }) => words.includes(word));
  const value = Number(found?.value ?? NaN);
  return Number.isFinite(value) && value > 0 ? Math.ceil(value * unit) : undefined;
}
