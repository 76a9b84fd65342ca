/** The JSON Schema of a batch file, with which an editor completes one. */
import { permissions } from '../core/agents.ts';
import type { JsonSchema, ToolDescription } from '../core/tools.ts';
import { completionSchema } from './completionSchema.ts';
import { maxCalls, maxRetries, maxTimeoutMs } from './limits.ts';

/** What an editor proposes and explains; it marks nothing, or each problem that `parseBatchFile` tells would be told twice. */
export function batchJsonSchema(tools: readonly ToolDescription[]): JsonSchema {
  return completionSchema(batchSchema(tools));
}

function batchSchema(tools: readonly ToolDescription[]): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'AllSettled batch file',
    description: 'Tool calls that run together, each with its own outcome.',
    type: 'object',
    // These two are VS Code's own: they keep comments and trailing commas from being marked.
    allowComments: true,
    allowTrailingCommas: true,
    required: ['version', 'calls'],
    additionalProperties: false,
    defaultSnippets: [newFile],
    properties: {
      $schema: { type: 'string', description: 'The JSON Schema that an editor goes by; it changes nothing.' },
      version: { description: "The version of the file's format.", const: 1, default: 1 },
      calls: {
        description: 'The calls. They run in parallel where their effects allow it.',
        type: 'array',
        minItems: 1,
        maxItems: maxCalls,
        items: callSchema(tools),
      },
      failFast: {
        description: 'Whether calls that have not started are skipped as soon as one call fails.',
        type: 'boolean',
        default: false,
      },
      permission: {
        description: 'The ceiling of what the calls may do. It can only narrow what the host allows.',
        enum: permissions,
        enumDescriptions: [
          'Reads files and git; a shell command is denied.',
          'May also change the workspace; a person is asked before each shell command.',
          'Runs everything without asking.',
        ],
      },
      cwd: {
        description: "The folder that relative paths start from; relative to this file's folder.",
        type: 'string',
        minLength: 1,
      },
    },
  };
}

const newFile = {
  label: 'New batch',
  description: 'A batch with one call',
  body: { version: 1, calls: [{ id: '${1:first}', tool: '${2:read_file}', input: {} }] },
};

function callSchema(tools: readonly ToolDescription[]): JsonSchema {
  return {
    type: 'object',
    required: ['id', 'tool', 'input'],
    additionalProperties: false,
    defaultSnippets: [newCall],
    properties: {
      id: {
        description: 'The name of the call: unique in this file, without a slash.',
        type: 'string',
        minLength: 1,
        pattern: '^[^/]*$',
        patternErrorMessage: 'An id must not contain "/": it separates the ids of nested calls.',
      },
      tool: {
        description: 'The tool that is called.',
        type: 'string',
        enum: tools.map(({ name }) => name),
        enumDescriptions: tools.map(({ description }) => description),
      },
      input: { description: 'What the tool is given.', type: 'object' },
      ...policySchemas,
    },
    allOf: tools.map(inputOfTool),
  };
}

const newCall = {
  label: 'New call',
  body: { id: '${1:name}', tool: '${2:read_file}', input: {} },
};

/** Once a call names this tool, its input is completed and checked as the tool's own schema says. */
function inputOfTool({ name, inputSchema }: ToolDescription): JsonSchema {
  const input = Object.fromEntries(Object.entries(inputSchema).filter(([key]) => key !== '$schema'));
  return {
    if: { properties: { tool: { const: name } }, required: ['tool'] },
    then: { properties: { input } },
  };
}

const dependencyId = { description: 'The id of another call of this file.', type: 'string', minLength: 1 };

const policySchemas: JsonSchema = {
  after: {
    description: 'The calls that this one waits for.',
    type: 'array',
    items: {
      oneOf: [
        { ...dependencyId, description: 'Waits for this call; skipped unless it succeeds.' },
        {
          type: 'object',
          required: ['id'],
          additionalProperties: false,
          properties: {
            id: dependencyId,
            when: {
              description: 'What must become of that call before this one starts.',
              enum: ['succeeded', 'settled'],
              enumDescriptions: [
                'It must succeed; otherwise this call is skipped.',
                'It must have ended, in whichever way: for cleaning up.',
              ],
              default: 'succeeded',
            },
          },
        },
      ],
    },
  },
  timeoutMs: {
    description: 'The deadline of each attempt, in milliseconds.',
    type: 'integer',
    minimum: 1,
    maximum: maxTimeoutMs,
  },
  retries: {
    description:
      'How often the call may be repeated after it failed. Writing it is your consent to repeat it.',
    type: 'integer',
    minimum: 0,
    maximum: maxRetries,
    default: 0,
  },
  onFailure: {
    description: 'What a failure of this call means for those that have not started.',
    enum: ['continue', 'abort'],
    enumDescriptions: ['They run as if nothing had happened.', 'They are skipped.'],
    default: 'continue',
  },
};
