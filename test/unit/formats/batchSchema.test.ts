import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchJsonSchema } from '../../../src/formats/batchSchema.ts';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly items: Schema;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly anyOf: readonly Schema[];
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
  const ofFile = ['$schema', 'version', 'calls', 'failFast', 'permission', 'cwd'];
  assert.deepEqual(Object.keys(schema.properties), ofFile);
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
  assert.deepEqual(call.properties['tool']?.anyOf[0]?.enum, ['git']);
  assert.deepEqual(call.allOf, [
    {
      if: { properties: { tool: { const: 'git' } }, required: ['tool'] },
      then: { properties: { input: { properties: { args: { anyOf: [{ type: 'array' }, {}] } } } } },
    },
  ]);
});

test('the schema marks nothing: whatever a value is, it is one that is allowed', () => {
  const text = JSON.stringify({ ...call, allOf: [] }) + JSON.stringify({ ...schema, properties: {} });
  for (const check of [
    'required',
    'additionalProperties',
    'minLength',
    'pattern',
    'maximum',
    'minItems',
    'oneOf',
  ])
    assert.doesNotMatch(text, new RegExp(`"${check}"`));
  for (const key of ['tool', 'id', 'onFailure', 'retries'])
    assert.deepEqual(call.properties[key]?.anyOf.at(-1), {}, key);
});
