import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchJsonSchema } from '../../../src/formats/batchSchema.ts';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly items: Schema;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly allOf: readonly unknown[];
}

const tool = {
  name: 'git',
  description: 'Runs git.',
  inputSchema: { $schema: 'x', type: 'object', properties: { args: { type: 'array' } } },
};
const schema = batchJsonSchema([tool]) as unknown as Schema;
const call = schema.properties['calls']?.items as Schema;

test('the schema knows the keys that the parser knows, each with a description', () => {
  assert.deepEqual(Object.keys(schema.properties), ['version', 'calls', 'failFast', 'permission', 'cwd']);
  assert.deepEqual(Object.keys(call.properties).sort(), [
    'after',
    'id',
    'input',
    'onFailure',
    'retries',
    'timeoutMs',
    'tool',
  ]);
  for (const properties of [schema.properties, call.properties])
    for (const [key, { description }] of Object.entries(properties)) assert.ok(description, key);
});

test('naming a tool brings the schema of its input, without its own dialect', () => {
  assert.deepEqual(call.properties['tool']?.enum, ['git']);
  assert.deepEqual(call.allOf, [
    {
      if: { properties: { tool: { const: 'git' } }, required: ['tool'] },
      then: { properties: { input: { type: 'object', properties: { args: { type: 'array' } } } } },
    },
  ]);
});
