/** The JSON Schema of an agents file, with which an editor completes one. */
import { permissions } from '../core/agents.ts';
import type { JsonSchema } from '../core/tools.ts';
import { reportModes } from './agentKeys.ts';
import { completionSchema } from './completionSchema.ts';
import { defaultConcurrency, maxConcurrency, maxNoteCharacters, maxTasks } from './limits.ts';

/** What an editor proposes and explains; it marks nothing, or each problem that `parseAgentsFile` tells would be told twice. */
export function agentsJsonSchema(): JsonSchema {
  return completionSchema(agentsSchema);
}

const text = { type: 'string', minLength: 1 };

const choices: JsonSchema = {
  model: { description: 'The model; the one of the settings where absent.', ...text },
  agent: {
    description:
      'The name of an agent definition: a Markdown file in .claude/agents or .github/agents of the workspace.',
    ...text,
  },
  systemPrompt: { description: 'Takes the place of the usual system prompt.', ...text },
  appendSystemPrompt: { description: 'Stands after the system prompt.', ...text },
  contextPaths: {
    description: 'Files whose text stands before the prompt; relative to the working folder.',
    type: 'array',
    items: text,
  },
  reportMode: {
    description: 'The form of the answer.',
    enum: reportModes,
    enumDescriptions: ['A document that stands by itself, without words to the reader.'],
  },
  permission: {
    description: 'The ceiling of what an agent may do. It can only narrow what the host allows.',
    enum: permissions,
    enumDescriptions: [
      'Reads files and git; a shell command is denied.',
      'May also change the workspace; a person is asked before each shell command.',
      'Runs everything without asking.',
    ],
    default: 'read-only',
  },
};

const newTask = {
  label: 'New task',
  body: { note: '${1:name}', prompt: '${2:What the agent is to do}' },
};

const task: JsonSchema = {
  type: 'object',
  required: ['note', 'prompt'],
  additionalProperties: false,
  defaultSnippets: [newTask],
  properties: {
    note: { description: 'The name of the task, for people.', ...text, maxLength: maxNoteCharacters },
    prompt: { description: 'All that the agent is told: it knows nothing of the other tasks.', ...text },
    continuation_id: {
      description:
        'Of an earlier task, as the save file gives it: its conversation goes on with this prompt.',
      ...text,
    },
    ...choices,
  },
};

const agentsSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'AllSettled agents file',
  description: 'Tasks that run in parallel, each with an agent of its own.',
  type: 'object',
  // These two are VS Code's own: they keep comments and trailing commas from being marked.
  allowComments: true,
  allowTrailingCommas: true,
  required: ['tasks'],
  additionalProperties: false,
  defaultSnippets: [
    {
      label: 'New agents file',
      description: 'One task, and a file for its answer',
      body: { version: 1, saveFile: '${1:answers.txt}', tasks: [newTask.body] },
    },
  ],
  properties: {
    $schema: { type: 'string', description: 'The JSON Schema that an editor goes by; it changes nothing.' },
    version: { description: "The version of the file's format.", const: 1, default: 1 },
    tasks: {
      description: `The tasks: 1 to ${maxTasks}.`,
      type: 'array',
      minItems: 1,
      maxItems: maxTasks,
      items: task,
    },
    maxConcurrency: {
      description: 'How many tasks run at the same time.',
      type: 'integer',
      minimum: 1,
      maximum: maxConcurrency,
      default: defaultConcurrency,
    },
    failFast: {
      description: 'Whether tasks that have not started are skipped once a task has not completed.',
      type: 'boolean',
      default: false,
    },
    cwd: { description: "The folder that the agents work in; relative to this file's folder.", ...text },
    saveFile: {
      description:
        "The file that each answer is appended to, the moment its task ends; relative to this file's folder.",
      ...text,
    },
    debugStatistics: {
      description: 'Whether each answer is saved with its turns, calls, tokens and duration.',
      type: 'boolean',
      default: false,
    },
    ...choices,
  },
};
