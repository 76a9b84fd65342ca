import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolBench } from './toolBench.ts';

test('each tool’s JSON Schema refuses keys that it does not name', async (t) => {
  const bench = await toolBench(t);
  const shapes = ['read_file', 'list_files', 'search_text', 'git', 'terminal'].map((name) => {
    const schema = bench.tool(name).inputSchema;
    assert.equal(schema.additionalProperties, false);
    assert.equal(schema.$schema, undefined);
    const required = schema.required as string[];
    const keys = Object.keys(schema.properties as object);
    return `${name} ${keys.map((key) => (required.includes(key) ? key : `${key}?`)).join(' ')}`;
  });
  assert.deepEqual(shapes, [
    'read_file path startLine? endLine?',
    'list_files pattern path?',
    'search_text pattern path? glob? regex?',
    'git cwd? args',
    'terminal command cwd? timeoutMs?',
  ]);
});

test('a bad input gives each problem with its path', async (t) => {
  const bench = await toolBench(t);
  const problems = (name: string, input: unknown): string[] => {
    const checked = bench.tool(name).check(input);
    return checked.ok ? [] : checked.problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  assert.deepEqual(problems('read_file', { startLine: 'x', file: 'a' }), [
    'path: "path" is missing; it must be a string',
    'startLine: must be a number, not a string',
    'file: "file" is not known here; known are path, startLine, endLine',
  ]);
  assert.deepEqual(problems('git', { args: ['log', 5] }), ['args.1: must be a string, not a number']);
  assert.deepEqual(problems('git', null), [': must be an object, not null']);
  assert.deepEqual(problems('read_file', { path: 'a', startLine: 0 }), ['startLine: must be at least 1']);
  assert.deepEqual(problems('read_file', { path: 'a', startLine: 1.5 }), [
    'startLine: must be an integer, not 1.5',
  ]);
});
