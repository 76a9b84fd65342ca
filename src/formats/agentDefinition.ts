/** Reads an agent definition: Markdown with front matter, as other programs keep them in a workspace. */
import { load, YAMLException } from 'js-yaml';
import { withoutAbsent } from './agentKeys.ts';

export interface AgentDefinition {
  /** The front matter's; the file's name says it too. */
  readonly name?: string;
  readonly description?: string;
  readonly model?: string;
  /** The tools by the names that the file gives them. */
  readonly tools?: readonly string[];
  /** The text below the front matter. */
  readonly systemPrompt: string;
}

/** `line` counts from 1. */
export type ParsedAgentDefinition =
  | { readonly ok: true; readonly definition: AgentDefinition }
  | { readonly ok: false; readonly line: number; readonly message: string };

const frontMatter = /^\uFEFF?---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;

/** A file without front matter is all system prompt. Keys that mean nothing here are passed over. */
export function parseAgentDefinition(text: string): ParsedAgentDefinition {
  const [matter = '', yaml = ''] = frontMatter.exec(text) ?? [];
  const read = readYaml(yaml);
  if (!read.ok) return read;
  const systemPrompt = text
    .slice(matter.length)
    .replace(/^\uFEFF/, '')
    .trim();
  if (systemPrompt === '')
    return { ok: false, line: 1, message: 'It has no text that says what the agent is.' };
  return fromValues(read.values, systemPrompt);
}

type Values = Readonly<Record<string, unknown>>;
type ReadYaml =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly line: number; readonly message: string };

function readYaml(yaml: string): ReadYaml {
  const strict = loadYaml(yaml);
  if (strict.ok) return strict;
  const tolerant = loadYaml(quoteLongValues(yaml));
  return tolerant.ok ? tolerant : strict;
}

function loadYaml(yaml: string): ReadYaml {
  try {
    const values = load(yaml) ?? {};
    if (typeof values === 'object' && !Array.isArray(values)) return { ok: true, values: values as Values };
    return { ok: false, line: 2, message: 'The front matter must be keys with values.' };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = (error.mark?.line ?? 0) + 2; // The first line of the file is the fence.
    return { ok: false, line, message: `The front matter is not YAML: ${error.reason}.` };
  }
}

/** Other programs take a description whose text holds `: ` as it is; YAML wants it in quotes. */
function quoteLongValues(yaml: string): string {
  return yaml.replace(
    /^([A-Za-z][\w-]*):[ \t]+(?!["'|>[{&*!])(.*\S)[ \t]*$/gm,
    (_, key: string, value: string) => `${key}: ${JSON.stringify(value)}`,
  );
}

function fromValues(values: Values, systemPrompt: string): ParsedAgentDefinition {
  const wrong = ['name', 'description', 'model'].find(
    (key) => values[key] !== undefined && values[key] !== null && typeof values[key] !== 'string',
  );
  if (wrong !== undefined) return { ok: false, line: 1, message: `"${wrong}" must be a text.` };
  const tools = toolNames(values['tools']);
  if (tools === 'wrong')
    return {
      ok: false,
      line: 1,
      message: '"tools" must be a list of names, or names with commas between them.',
    };
  const textOf = (key: string): string | undefined =>
    (values[key] as string | null | undefined)?.trim() || undefined;
  return {
    ok: true,
    definition: {
      ...withoutAbsent({
        name: textOf('name'),
        description: textOf('description'),
        model: textOf('model'),
        tools,
      }),
      systemPrompt,
    },
  };
}

function toolNames(value: unknown): readonly string[] | undefined | 'wrong' {
  if (value === undefined || value === null) return undefined;
  const names = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return 'wrong';
  return names.map((name) => name.trim()).filter((name) => name !== '');
}
