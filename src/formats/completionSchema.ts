/** Takes out of a JSON Schema what an editor would mark, and leaves what it completes and explains. */
import type { JsonSchema } from '../core/tools.ts';

const checks = new Set([
  'required',
  'propertyNames',
  'additionalProperties',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minLength',
  'maxLength',
  'pattern',
  'patternErrorMessage',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
]);

/** What an editor needs of a value to propose it. */
const proposals = ['type', 'const', 'enum', 'enumDescriptions'];

/**
 * The same schema, which marks nothing: problems are told once, by `parseBatchFile`. A value is one of those
 * proposed or any other; of an object and an array the type is told by `properties` and `items`.
 */
export function completionSchema(schema: JsonSchema): JsonSchema {
  const isNested = 'properties' in schema || 'items' in schema;
  const rest: Record<string, unknown> = {};
  const proposed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (checks.has(key) || (isNested && key === 'type')) continue;
    if (proposals.includes(key)) proposed[key] = value;
    else if (key === 'oneOf') rest['anyOf'] = loosened('anyOf', value);
    else rest[key] = loosened(key, value);
  }
  if (Object.keys(proposed).length === 0) return rest;
  // Beside alternatives of its own, a type adds nothing to what they propose.
  return 'anyOf' in rest ? rest : { ...rest, anyOf: [proposed, {}] };
}

function loosened(key: string, value: unknown): unknown {
  switch (key) {
    case 'properties':
      return Object.fromEntries(
        Object.entries(value as JsonSchema).map(([name, item]) => [name, ofSchema(item)]),
      );
    case 'anyOf':
    case 'allOf':
      return (value as readonly unknown[]).map(ofSchema);
    case 'items':
    case 'then':
    case 'else':
      return ofSchema(value);
    default:
      return value; // An `if` asks and marks nothing.
  }
}

function ofSchema(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? completionSchema(value as JsonSchema) : {};
}
