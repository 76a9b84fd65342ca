/** Builds a tool from a zod schema of its input. */
import { z } from 'zod';
import type { CheckedInput, InputProblem, JsonSchema, Tool } from '../core/tools.ts';

/** A tool without what follows from its schema. */
export interface ToolDefinition<Schema extends z.ZodObject> extends Omit<
  Tool<z.output<Schema>>,
  'inputSchema' | 'check'
> {
  /** A strict object: keys that it does not name are refused. */
  readonly schema: Schema;
}

export function defineTool<Schema extends z.ZodObject>(
  definition: ToolDefinition<Schema>,
): Tool<z.output<Schema>> {
  const { schema, ...rest } = definition;
  return { ...rest, inputSchema: toJsonSchema(schema), check: (input) => check(schema, input) };
}

function toJsonSchema(schema: z.ZodObject): JsonSchema {
  const jsonSchema: Record<string, unknown> = { ...z.toJSONSchema(schema, { io: 'input' }) };
  delete jsonSchema.$schema;
  return { ...jsonSchema, additionalProperties: false };
}

function check<Schema extends z.ZodObject>(schema: Schema, input: unknown): CheckedInput<z.output<Schema>> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, input: parsed.data };
  const known = Object.keys(schema.shape);
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => toProblems(issue, known, input)) };
}

function toProblems(issue: z.core.$ZodIssue, known: readonly string[], input: unknown): InputProblem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `"${key}" is not known here; known are ${known.join(', ')}`,
    }));
  }
  if (issue.code === 'invalid_type' && valueAt(input, path) === undefined && path.length > 0) {
    return [{ path, message: `"${path.join('.')}" is missing; it must be ${article(issue.expected)}` }];
  }
  if (issue.code === 'invalid_type') return [{ path, message: `must be ${article(issue.expected)}` }];
  return [{ path, message: issue.message }];
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[step] : undefined,
    value,
  );
}

function article(expected: string): string {
  const name = expected === 'int' ? 'integer' : expected;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}
