/** The tools that an agent gets by its definition, and those that are lost to it. */
import type { AgentDefinition, ToolRule } from '../formats/agentDefinition.ts';
import type { NamedTool } from '../formats/namedTools.ts';
import { nearestName } from '../formats/nearestName.ts';
import { toolsNamed, toolsTakenBy, toolWords } from '../formats/toolWords.ts';

/** A remark about a line of the definition. */
export interface DefinitionRemark {
  /** Counts from 1. */
  readonly line: number;
  readonly message: string;
}

export type GrantedTools =
  | {
      readonly ok: true;
      /** Absent: all that there are. */
      readonly tools?: readonly string[];
      /** Each names a right that the definition gives and the agent does not get. */
      readonly lost: readonly DefinitionRemark[];
    }
  | ({ readonly ok: false } & DefinitionRemark);

/** `known`: the tools that the agent can have. A restriction that is not understood is an error. */
export function grantedTools({ rules }: AgentDefinition, known: readonly string[]): GrantedTools {
  for (const rule of rules) {
    const unknown = rule.withheld.find(({ name }) => toolsTakenBy(name) === undefined);
    if (unknown) return { ok: false, line: rule.line, message: unknownRestriction(rule, unknown) };
  }
  if (rules.length === 0) return { ok: true, lost: [] };
  const granted = known.filter((name) => rules.every((rule) => grantedBy(rule, known).has(name)));
  const taken = rules.flatMap(({ withheld }) => withheld.flatMap(({ name }) => namesOf(toolsTakenBy(name))));
  const tools = granted.filter((name) => !taken.includes(name));
  const implied = impliedBy(tools).filter((name) => known.includes(name) && !taken.includes(name));
  const lost = rules.flatMap((rule) => lostBy(rule, granted, known));
  if (tools.length === 0) lost.push({ line: rules[0]?.line ?? 1, message: noTools });
  return { ok: true, tools: [...new Set([...tools, ...implied])], lost };
}

/** What is shortened can always be read on; a file is read before it is edited, and a search shows its lines anyway. */
function impliedBy(tools: readonly string[]): readonly string[] {
  const isEditor = tools.includes('edit_file') || tools.includes('write_file');
  return [
    ...(isEditor && tools.includes('search_text') ? ['read_file'] : []),
    ...(tools.length > 0 ? ['read_output'] : []),
  ];
}

const noTools = 'The agent has no tools at all: it can only answer.';

function grantedBy({ granted }: ToolRule, known: readonly string[]): ReadonlySet<string> {
  if (!granted) return new Set(known);
  return new Set(
    granted.filter(({ isNarrowed }) => !isNarrowed).flatMap(({ name }) => namesOf(toolsNamed(name))),
  );
}

function namesOf(named: readonly string[] | 'foreign' | undefined): readonly string[] {
  return named === undefined || named === 'foreign' ? [] : named;
}

type Loss = 'narrowed' | 'absent' | 'unavailable';

/** `all`: what every rule grants. */
function lostBy(
  rule: ToolRule,
  all: readonly string[],
  known: readonly string[],
): readonly DefinitionRemark[] {
  const { granted = [], withheld, line } = rule;
  const given = grantedBy(rule, known);
  const losses = new Map<Loss, string[]>();
  const note = (loss: Loss, text: string): unknown =>
    losses.set(loss, [...new Set([...(losses.get(loss) ?? []), text])]);
  for (const { name, text, isNarrowed } of granted) {
    const ours = namesOf(toolsNamed(name));
    const missing = ours.filter((each) => !known.includes(each));
    if (ours.length === 0) note('absent', text);
    else if (missing.length > 0)
      note('unavailable', missing.length < ours.length ? missing.join(', ') : text);
    else if (isNarrowed && !ours.every((each) => given.has(each))) note('narrowed', text);
  }
  for (const { name, text, isNarrowed } of withheld)
    if (isNarrowed && namesOf(toolsNamed(name)).some((each) => all.includes(each))) note('narrowed', text);
  return [...losses].map(([loss, texts]) => ({
    line,
    message: `The agent runs without ${texts.join(', ')}: ${reasons[loss](texts)}`,
  }));
}

const reasons: Readonly<Record<Loss, (texts: readonly string[]) => string>> = {
  absent: (texts) => {
    const near = texts.flatMap((text) => nearTool(text) ?? []);
    const what = texts.length === 1 ? 'AllSettled has no such tool.' : 'AllSettled has no such tools.';
    return near.length === 0 ? what : `${what} Did you mean ${near.join(', ')}?`;
  },
  narrowed: () =>
    'AllSettled gives a tool whole or not at all, and does not run hooks. Name it without the narrowing to give it whole.',
  unavailable: () => 'the agent that starts it does not have them.',
};

/** Words that are known, if only to other programs, are not spelled wrong. */
function nearTool(text: string): string | undefined {
  return toolsNamed(text) === undefined ? nearestName(text, toolWords) : undefined;
}

function unknownRestriction({ key }: ToolRule, { text }: NamedTool): string {
  const near = nearestName(text, toolWords);
  const meant =
    near === undefined ? 'Name the tool as AllSettled does, or leave it out.' : `Did you mean "${near}"?`;
  return `"${key}" takes away "${text}", which AllSettled does not know. ${meant}`;
}
