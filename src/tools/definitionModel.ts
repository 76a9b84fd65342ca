/** The model that an agent definition asks for. */
import type { AgentDefinition } from '../formats/agentDefinition.ts';
import type { DefinitionRemark } from './grantedTools.ts';

export interface ChosenModel {
  /** Absent: the usual one. */
  readonly model?: string;
  readonly ignored?: DefinitionRemark;
}

/** Words that leave the choice to the program, or name a family of which each id is one. */
const familyWords =
  /^(?:inherit(?:ed)?|default|auto|any|best|sonnet|opus|haiku|fable|opusplan|opus\[1m\]|sonnet\[1m\])$/i;

/** Beginnings of models of other makers. */
const otherMakers =
  /^(?:gpt|chatgpt|o[134]\b|codex|gemini|gemma|grok|deepseek|qwen|qwq|llama|mi[sx]tral|codestral|devstral|magistral|kimi|glm|minimax|phi|nova|command-r|raptor|swe|composer|big-pickle)/i;

/** The first of the models that the Messages API could know; those of other programs are named in a remark. */
export function modelOf({ models }: AgentDefinition): ChosenModel {
  if (!models) return {};
  const { names, line } = models;
  if (names.some((name) => familyWords.test(name)) && idsIn(names).length === 0) return {};
  const [model] = idsIn(names);
  if (model !== undefined) return { model };
  const message =
    `"${names.join(', ')}" is no model id of the Messages API, so the agent gets the usual model. ` +
    'To choose one, write its id here, or as "model" of the task.';
  return { ignored: { line, message } };
}

function idsIn(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => idOf(name) ?? []);
}

/** What looks like neither a name of Claude nor one of another maker passes: a gateway may know it. */
function idOf(name: string): string | undefined {
  const id = name.replace(/^anthropic\/(?=claude-)/i, '');
  const model = id.slice(id.lastIndexOf('/') + 1);
  if (!/^[\w.:@/-]+$/.test(id) || /^(?:\d+|true|false|null)$/.test(id) || familyWords.test(id))
    return undefined;
  if (otherMakers.test(model)) return undefined;
  return !/^claude/i.test(model) || isClaudeId(model) ? id : undefined;
}

/** Copilot's names have dots, capitals or no last number; the API's have none of these. */
function isClaudeId(model: string): boolean {
  return (
    /^claude-[a-z0-9@:-]*\d[a-z0-9@:-]*$/.test(model) &&
    !/^claude-(?:[a-z]+-4|3(?:-[57])?-[a-z]+)$/.test(model)
  );
}
