import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentsJsonSchema } from '../../../src/formats/agentsSchema.ts';
import { parseAgentsFile } from '../../../src/formats/parseAgentsFile.ts';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly items: Schema;
  readonly description?: string;
}

const schema = agentsJsonSchema() as unknown as Schema;
const task = schema.properties['tasks']?.items as Schema;

/** The keys that the parser names when it meets one that it doesn't know, far from all others. */
function keysOf(text: string): readonly string[] {
  const parsed = parseAgentsFile(text);
  const message = parsed.ok ? '' : (parsed.problems[0]?.message ?? '');
  return /Known are: (.*)\.$/.exec(message)?.[1]?.split(', ').sort() ?? [];
}

test('the schema knows the keys that the parser knows, each with a description', () => {
  const good = '"note":"a","prompt":"p"';
  const ofFile = keysOf(`{"zzzzzzzzz":1,"tasks":[{${good}}]}`);
  // An editor's own key, which a message about unknown keys would not help by naming.
  assert.deepEqual(Object.keys(schema.properties).sort(), ['$schema', ...ofFile]);
  assert.deepEqual(Object.keys(task.properties).sort(), keysOf(`{"tasks":[{"zzzzzzzzz":1,${good}}]}`));
  for (const properties of [schema.properties, task.properties])
    for (const [key, { description }] of Object.entries(properties)) assert.ok(description, key);
});

test('the schema marks nothing', () => {
  assert.doesNotMatch(JSON.stringify(schema), /"(required|additionalProperties|minLength|maximum|minItems)"/);
});
