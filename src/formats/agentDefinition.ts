/** Reads an agent definition: Markdown with front matter, as other programs keep them in a workspace. */
import { narrower, type Permission } from '../core/agents.ts';
import { withoutAbsent } from './agentKeys.ts';
import { agentsNamed, bound, ceilingOf, guardedTools, toolRules } from './definitionRules.ts';
import { findFrontMatter, type Unreadable } from './frontMatter.ts';
import { readMatterKeys, type MatterKey } from './frontMatterKeys.ts';
import { wordOfLine } from './frontMatterLines.ts';
import { readNamedTools, type NamedTools } from './namedTools.ts';
import { nearestName } from './nearestName.ts';

/** Tools by the names that a key of the file gives them. */
export interface ToolRule extends NamedTools {
  /** Counts from 1. */
  readonly line: number;
  /** The key, as the file writes it. */
  readonly key: string;
}

/** Models by the names that the file gives them, the best first. */
export interface NamedModels {
  readonly names: readonly string[];
  readonly line: number;
}

export interface AgentDefinition {
  /** The front matter's; the file's name says it too. */
  readonly name?: string;
  readonly models?: NamedModels;
  /** An agent gets the tools that all of them grant and none withholds. Empty: all tools. */
  readonly rules: readonly ToolRule[];
  /** The most that it may do. */
  readonly permission?: Permission;
  readonly maxTurns?: number;
  readonly maxWallMs?: number;
  readonly isolation?: 'worktree';
  /** The text below the front matter. */
  readonly systemPrompt: string;
}

export type ParsedAgentDefinition = { readonly ok: true; readonly definition: AgentDefinition } | Unreadable;

const grantingKeys = new Set(
  'tools tool allowedtools allowedtool allowtools enabledtools availabletools permittedtools toolsallowed'.split(
    ' ',
  ),
);
const withholdingKeys = new Set(
  (
    'disallowedtools disallowedtool disallowtools excludetools excludedtools deniedtools denytools denytool blockedtools ' +
    'disabledtools forbiddentools bannedtools toolsdenied toolsdeny toolsdisallowed toolsexcluded toolsblocked'
  ).split(' '),
);
const ruleKeys = new Set(['permission', 'permissions', 'permissionmode', 'hooks', 'readonly', 'agents']);
const boundKeys = new Set(['maxturns', 'maxsteps', 'steps', 'timeoutmins']);

/** Keys of other programs that name tools without restricting any. */
const harmlessKeys = new Set(['toolchoice', 'tooluse', 'mcptools']);

/** A file without front matter is all system prompt. Keys that mean nothing here are passed over. */
export function parseAgentDefinition(text: string): ParsedAgentDefinition {
  const matter = findFrontMatter(text, isRestrictionLine);
  if (!matter.ok) return matter;
  const read = readMatterKeys(matter, { isWanted, isRestriction, isAlike });
  if (!read.ok) return read;
  const problem = unknownKey(read.keys) ?? repeatedKey(read.keys);
  if (problem) return problem;
  if (matter.body === '')
    return { ok: false, line: matter.firstLine, message: 'It has no text that says what the agent is.' };
  return fromKeys(read.keys, matter.body);
}

function isWanted(word: string): boolean {
  return ['name', 'model', 'isolation'].includes(word) || boundKeys.has(word) || isRestriction(word);
}

function isRestriction(word: string): boolean {
  return isKnownRestriction(word) || (isAboutTools(word) && !harmlessKeys.has(word));
}

function isKnownRestriction(word: string): boolean {
  return grantingKeys.has(word) || withholdingKeys.has(word) || ruleKeys.has(word);
}

/** Also behind the sign of a list or of bold text. */
function isRestrictionLine(line: string): boolean {
  return isKnownRestriction(wordOfLine(line.replace(/^[^A-Za-z#]+/, '')));
}

function isAboutTools(word: string): boolean {
  return word.includes('tool') || isMisspelled(word);
}

function isAlike(word: string): boolean {
  return isKnownRestriction(word) || isMisspelled(word);
}

function isMisspelled(word: string): boolean {
  return nearestName(word, ['tools', 'disallowedtools', 'permission', 'permissionmode']) !== undefined;
}

function unknownKey(keys: readonly MatterKey[]): Unreadable | undefined {
  const unknown = keys.find(({ word }) => isRestriction(word) && !isKnownRestriction(word));
  if (!unknown) return undefined;
  const message =
    `"${unknown.key}" is no key that AllSettled knows, and may restrict the agent's tools. ` +
    'Name the tools that it has in "tools", or those that it lacks in "disallowedTools".';
  return { ok: false, line: unknown.line, message };
}

function repeatedKey(keys: readonly MatterKey[]): Unreadable | undefined {
  const restrictions = keys.filter(({ word }) => isKnownRestriction(word));
  for (const [index, { key, word, line, value }] of restrictions.entries()) {
    const before = restrictions.slice(0, index).find((other) => other.word === word);
    if (before && JSON.stringify(before.value) !== JSON.stringify(value))
      return { ok: false, line, message: `"${key}" is in line ${before.line} already. Keep one of them.` };
  }
  return undefined;
}

function fromKeys(keys: readonly MatterKey[], systemPrompt: string): ParsedAgentDefinition {
  const rules: ToolRule[] = [];
  let permission: Permission | undefined;
  for (const each of keys) {
    const ceiling = ceilingOf(each);
    if (ceiling) permission = permission ? narrower(permission, ceiling) : ceiling;
    const isWord = ceiling !== undefined && (typeof each.value !== 'object' || each.value === null);
    const named = isWord ? undefined : namedBy(each);
    if (named === 'unreadable') return { ok: false, line: each.line, message: unreadable(each) };
    if (named) rules.push({ ...named, key: each.key, line: each.line });
  }
  return {
    ok: true,
    definition: {
      ...withoutAbsent({
        name: nameIn(keys),
        models: modelsIn(keys),
        permission,
        isolation: isolationIn(keys),
        maxTurns: bound(keys, ['maxturns', 'maxsteps', 'steps'], 1),
        maxWallMs: bound(keys, ['timeoutmins'], 60_000),
      }),
      rules: rules.filter(({ granted, withheld }) => granted !== undefined || withheld.length > 0),
      systemPrompt,
    },
  };
}

function namedBy({ word, value }: MatterKey): NamedTools | 'unreadable' | undefined {
  if (grantingKeys.has(word)) return readNamedTools(value) ?? 'unreadable';
  if (withholdingKeys.has(word)) return withheldBy(value) ?? 'unreadable';
  if (word === 'agents') return agentsNamed(value);
  if (word === 'hooks') return guardedTools(value) ?? 'unreadable';
  return ruleKeys.has(word) ? (toolRules(value) ?? 'unreadable') : undefined;
}

/** `disallowedTools: *` leaves none; exceptions from it, or a map, can't be read. */
function withheldBy(value: unknown): NamedTools | undefined {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const named = isMap ? undefined : readNamedTools(value);
  if (named?.granted) return { withheld: [...named.granted, ...named.withheld] };
  return named?.withheld.length === 0 ? { granted: [], withheld: [] } : undefined;
}

function unreadable({ key, word, value }: MatterKey): string {
  const right = ruleKeys.has(word)
    ? 'Say in "tools" or "disallowedTools" what the agent may use.'
    : 'It must be a list of names, or names with commas between them.';
  return `"${key}" can't be read: ${JSON.stringify(value).slice(0, 200)}. ${right}`;
}

function isolationIn(keys: readonly MatterKey[]): 'worktree' | undefined {
  return keys.find(({ word }) => word === 'isolation')?.value === 'worktree' ? 'worktree' : undefined;
}

function nameIn(keys: readonly MatterKey[]): string | undefined {
  const value = keys.find(({ word }) => word === 'name')?.value;
  return typeof value === 'string' || typeof value === 'number' ? `${value}`.trim() || undefined : undefined;
}

function modelsIn(keys: readonly MatterKey[]): NamedModels | undefined {
  const found = keys.find(({ word }) => word === 'model');
  if (!found || found.value === null) return undefined;
  const { value, line } = found;
  const each: readonly unknown[] = Array.isArray(value) ? value : [value];
  const names = each.flatMap((one) => (typeof one === 'string' ? one.split(/[,|]/) : [JSON.stringify(one)]));
  const models = names
    .map((name) => name.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((name) => name !== '');
  return models.length > 0 ? { names: models, line } : undefined;
}
