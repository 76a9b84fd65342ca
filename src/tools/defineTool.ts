/** Builds a tool from a zod schema of its input. */
import { z } from 'zod';
import type { CheckedInput, InputProblem, JsonSchema, Tool } from '../core/tools.ts';
import { schemaProblems } from '../formats/schemaProblems.ts';

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
  const inputSchema = toJsonSchema(schema);
  return {
    ...rest,
    inputSchema,
    check: (input) => check(schema, input, (path) => keysAt(inputSchema, path)),
  };
}

function toJsonSchema(schema: z.ZodObject): JsonSchema {
  const jsonSchema: Record<string, unknown> = { ...z.toJSONSchema(schema, { io: 'input' }) };
  delete jsonSchema.$schema;
  return { ...jsonSchema, additionalProperties: false };
}

function check<Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
  keysOf: (path: InputProblem['path']) => readonly string[],
): CheckedInput<z.output<Schema>> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, input: parsed.data };
  return { ok: false, problems: schemaProblems(parsed.error, input, keysOf) };
}

/** The keys that the schema knows at a path of an input. */
function keysAt(schema: JsonSchema, path: InputProblem['path']): readonly string[] {
  const inside = path.reduce<JsonSchema | undefined>(
    (at, step) =>
      (typeof step === 'number' ? at?.items : (at?.properties as JsonSchema)?.[step]) as JsonSchema,
    schema,
  );
  return Object.keys(inside?.properties ?? {});
}
