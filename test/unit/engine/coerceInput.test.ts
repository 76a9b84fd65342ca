/** Inputs of models in odd types, against the schemas of the real tools. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tool } from '../../../src/core/tools.ts';
import { checkInput } from '../../../src/engine/checkInput.ts';
import { createTools, type ToolPorts } from '../../../src/tools/allTools.ts';
import { seededRandom } from '../../fixtures/seededRandom.ts';
import { RandomInputs } from '../../fixtures/randomInputs.ts';

const tools = new Map(createTools({} as ToolPorts).map((tool) => [tool.name, tool]));

function toolOf(name: string): Tool {
  const tool = tools.get(name);
  assert.ok(tool, name);
  return tool;
}

function taken(name: string, input: unknown): unknown {
  const checked = checkInput(toolOf(name), input, 'model');
  return checked.ok
    ? checked.input
    : checked.problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const edit = { oldText: 'a', newText: 'b' };
const quoted = JSON.stringify;

/** mark or kind, tool, input as sent, input as taken */
const meant: readonly (readonly [string, string, unknown, unknown])[] = [
  ['K7 7a', 'edit_file', { path: 'a', edits: quoted([edit]) }, { path: 'a', edits: [edit] }],
  ['K7 7a', 'git', { args: '["log","-n","5"]' }, { args: ['log', '-n', '5'] }],
  ['K7 7b', 'read_file', { path: 'a', startLine: '1' }, { path: 'a', startLine: 1 }],
  ['K7 7b', 'search_text', { pattern: 'a', regex: 'true' }, { pattern: 'a', regex: true }],
  ['K7 7b', 'terminal', { command: 'ls', timeoutMs: '5000' }, { command: 'ls', timeoutMs: 5000 }],
  ['part 2 i', 'read_file', { path: 'a', startLine: null, endLine: 3 }, { path: 'a', endLine: 3 }],
  ['null in quotes', 'read_file', { path: 'a', endLine: 'null' }, { path: 'a' }],
  ['a word of Python', 'search_text', { pattern: 'a', regex: 'False' }, { pattern: 'a', regex: false }],
  ['an item for a list', 'edit_file', { path: 'a', edits: edit }, { path: 'a', edits: [edit] }],
  ['an item in quotes', 'edit_file', { path: 'a', edits: quoted(edit) }, { path: 'a', edits: [edit] }],
  ['items in quotes', 'edit_file', { path: 'a', edits: [quoted(edit)] }, { path: 'a', edits: [edit] }],
  ['quoted twice', 'edit_file', { path: 'a', edits: quoted(quoted([edit])) }, { path: 'a', edits: [edit] }],
  ['a word for a list', 'git', { args: 'status' }, { args: ['status'] }],
  ['a number among words', 'git', { args: ['log', '-n', 5] }, { args: ['log', '-n', '5'] }],
  ['a number for a text', 'search_text', { pattern: 404 }, { pattern: '404' }],
  ['a number in quotes, spaced', 'read_file', { path: 'a', endLine: ' 7 ' }, { path: 'a', endLine: 7 }],
  ['the whole input in quotes', 'read_file', quoted({ path: 'a' }), { path: 'a' }],
  ['a wrapped input', 'read_file', { input: { path: 'a', endLine: '2' } }, { path: 'a', endLine: 2 }],
  ['a wrapped input in quotes', 'read_file', { arguments: quoted({ path: 'a' }) }, { path: 'a' }],
  ['null for an empty input', 'list_agents', null, {}],
  [
    'inside tasks',
    'run_agents',
    { tasks: quoted([{ note: 'n', prompt: 'p', model: null }]), maxConcurrency: '2' },
    { tasks: [{ note: 'n', prompt: 'p' }], maxConcurrency: 2 },
  ],
  [
    'inside a batch',
    'run_batch',
    { calls: [{ id: 1, tool: 'read_file', input: quoted({ path: 'a' }), after: 'b', retries: '1' }] },
    { calls: [{ id: '1', tool: 'read_file', input: { path: 'a' }, after: ['b'], retries: 1 }] },
  ],
  [
    'of two forms the one that fits',
    'run_batch',
    { calls: [{ id: 'a', tool: 't', input: {}, after: { id: 'b', when: 'settled' } }] },
    { calls: [{ id: 'a', tool: 't', input: {}, after: [{ id: 'b', when: 'settled' }] }] },
  ],
];

for (const [what, name, input, expected] of meant)
  test(`${what}: ${name} takes ${JSON.stringify(input)}`, () => {
    assert.deepEqual(taken(name, input), expected);
    assert.equal(checkInput(toolOf(name), input, 'file').ok, false, 'a file stays strict');
  });

/** An input that is right as it is, though it looks as if it meant another. */
const asSent: readonly (readonly [string, object])[] = [
  ['write_file', { path: 'a', content: '{"a":1}' }],
  ['write_file', { path: '["a"]', content: 'null' }],
  ['terminal', { command: '["ls"]' }],
  ['search_text', { pattern: '404' }],
  ['git', { args: ['["log"]', 'true', '5'] }],
  [
    'run_batch',
    { calls: [{ id: 'a', tool: 'write_file', input: { path: 'a', content: '["x"]', mode: null } }] },
  ],
];

for (const [name, input] of asSent)
  test(`${name} leaves ${JSON.stringify(input)} as it is`, () => {
    assert.deepEqual(taken(name, input), input);
  });

/** Two meanings or none: each is refused with words that name its fault. */
const refused: readonly (readonly [string, unknown, string])[] = [
  ['read_file', { path: 'a', startLine: '5 lines' }, 'startLine: must be a number, not a string'],
  ['read_file', { path: 'a', startLine: '1.5' }, 'startLine: must be an integer, not 1.5'],
  ['read_file', { path: 'a', startLine: '0x10' }, 'startLine: must be a number, not a string'],
  ['read_file', { path: 'a', startLine: '90071992547409931' }, 'startLine: must be a number, not a string'],
  ['read_file', { path: 'a', startLine: true }, 'startLine: must be a number, not a boolean'],
  ['read_file', { path: null }, 'path: must be a string, not null'],
  ['read_file', { path: ['a', 'b'] }, 'path: must be a string, not an array'],
  ['search_text', { pattern: 3.1 }, 'pattern: must be a string, not a number'],
  ['search_text', { pattern: 'a', regex: 1 }, 'regex: must be a boolean, not a number'],
  ['search_text', { pattern: 'a', regex: 'yes' }, 'regex: must be a boolean, not a string'],
  ['git', { args: 'log -5' }, 'args: must be an array, not a string'],
  ['git', { args: '["log"' }, 'args: must be an array, not a string that is broken JSON'],
  ['git', { args: ['log', null] }, 'args.1: must be a string, not null'],
  ['write_file', { path: 'a', content: { a: 1 } }, 'content: must be a string, not an object'],
  [
    'edit_file',
    { path: 'a', edits: '{"oldText":"a"}' },
    'edits.0.newText: "edits.0.newText" is missing; it must be a string',
  ],
  [
    'edit_file',
    { path: 'a', edits: [{ ...edit, all: 1 }] },
    'edits.0.all: "all" is not known here; known are oldText, newText, replaceAll',
  ],
];

for (const [name, input, problem] of refused)
  test(`${name} refuses ${JSON.stringify(input)}: ${problem}`, () => {
    const problems = taken(name, input);
    assert.ok(Array.isArray(problems), 'it was taken');
    assert.deepEqual(problems, [problem]);
  });

/** K20: the words are ours, in every schema. */
const bounds: readonly (readonly [string, unknown, string])[] = [
  ['read_file', { path: '' }, 'path: must not be empty'],
  ['read_file', { path: 'a', startLine: 0 }, 'startLine: must be at least 1'],
  ['git', { args: [] }, 'args: must not be empty'],
  ['spawn_agent', { prompt: 'p', label: 'x'.repeat(101) }, 'label: must have at most 100 characters'],
  ['spawn_agent', { prompt: ' ', label: 'l' }, 'prompt: must not be empty'],
  [
    'spawn_agent',
    { prompt: 'p', label: 'l', permission: 'all' },
    'permission: must be "read-only", "workspace-write" or "unlimited", not "all"',
  ],
  [
    'spawn_agent',
    { prompt: 'p', label: 'l', reportMode: 'pdf' },
    'reportMode: must be "document", not "pdf"',
  ],
  [
    'run_batch',
    { calls: [{ id: 'a/b', tool: 't', input: {} }] },
    'calls.0.id: must be 1 to 64 characters without "/"',
  ],
  [
    'run_batch',
    { calls: [{ id: 'a', tool: 't', input: {}, after: [7.5] }] },
    'calls.0.after.0: must be a string or an object, not a number',
  ],
  [
    'run_batch',
    { calls: [{ id: 'a', tool: 't', input: {}, after: [''] }] },
    'calls.0.after.0: must not be empty',
  ],
];

for (const [name, input, problem] of bounds)
  test(`K20 ${name} says in its own words: ${problem}`, () => {
    assert.deepEqual(taken(name, input), [problem]);
  });

test('K7 at random: every odd form of a valid input is taken as that input, and a valid one is never changed', () => {
  const random = seededRandom(7);
  const inputs = new RandomInputs(random);
  let odd = 0;
  for (let round = 0; round < 200; round += 1)
    for (const tool of tools.values()) {
      const valid = inputs.valid(tool.inputSchema);
      const plain = tool.check(valid);
      if (!plain.ok) continue;
      assert.deepEqual(checkInput(tool, valid, 'model'), plain);
      const sent = inputs.odd(tool.inputSchema, valid);
      const shown = `${tool.name} ${JSON.stringify(sent)}`;
      assert.deepEqual(checkInput(tool, sent, 'model'), plain, shown);
      if (JSON.stringify(sent) !== JSON.stringify(valid)) odd += 1;
      else continue;
      assert.equal(checkInput(tool, sent, 'file').ok, false, `strict: ${shown}`);
    }
  assert.ok(odd > 1000, `${odd} odd forms`);
});

test('K7 at random: an input with a wrong value in it is refused in every odd form', () => {
  const inputs = new RandomInputs(seededRandom(77));
  let wrong = 0;
  for (let round = 0; round < 200; round += 1)
    for (const tool of tools.values()) {
      const spoiled = inputs.spoiled(tool.inputSchema, inputs.valid(tool.inputSchema));
      if (spoiled === undefined) continue;
      wrong += 1;
      assert.equal(checkInput(tool, spoiled, 'model').ok, false, `${tool.name} ${JSON.stringify(spoiled)}`);
    }
  assert.ok(wrong > 1000, `${wrong} wrong inputs`);
});
