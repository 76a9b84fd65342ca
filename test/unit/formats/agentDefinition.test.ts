import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAgentDefinition } from '../../../src/formats/agentDefinition.ts';

test('a definition is its front matter and the text below it', () => {
  const text =
    '---\nname: reviewer\ndescription: >\n  Reads\n  code.\ntools: Read, Grep\nmodel: m-1\ncolor: red\n---\n\nYou review.\n';
  assert.deepEqual(parseAgentDefinition(text), {
    ok: true,
    definition: {
      name: 'reviewer',
      description: 'Reads code.',
      model: 'm-1',
      tools: ['Read', 'Grep'],
      systemPrompt: 'You review.',
    },
  });
});

test('a list of tools, line ends of Windows and a byte order mark are understood', () => {
  const parsed = parseAgentDefinition('\uFEFF---\r\ntools:\r\n  - read_file\r\n  - git\r\n---\r\nText.\r\n');
  assert.deepEqual(parsed.ok && parsed.definition, { tools: ['read_file', 'git'], systemPrompt: 'Text.' });
});

test('a description with a colon, as other programs take it, is understood', () => {
  const parsed = parseAgentDefinition(
    '---\nname: x\ndescription: Use it so: <a>Context: b</a> "c" # d\n---\nText.',
  );
  assert.equal(parsed.ok && parsed.definition.description, 'Use it so: <a>Context: b</a> "c" # d');
});

test('a file without front matter is all system prompt, rules in it included', () => {
  const parsed = parseAgentDefinition('You review.\n\n---\n\nMore.');
  assert.deepEqual(parsed.ok && parsed.definition, { systemPrompt: 'You review.\n\n---\n\nMore.' });
});

describe('a definition is refused for', () => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [
      'front matter that is not YAML',
      '---\nname: x\ntools: [a\n---\nText.',
      /^4: The front matter is not YAML: /,
    ],
    ['front matter without keys', '---\n- a\n---\nText.', /^2: The front matter must be keys with values\./],
    ['a name that is no text', '---\nname: [a]\n---\nText.', /^1: "name" must be a text\./],
    ['tools that are no names', '---\ntools: { a: 1 }\n---\nText.', /^1: "tools" must be a list of names/],
    ['no text', '---\nname: x\n---\n \n', /^1: It has no text that says what the agent is\./],
  ];
  for (const [name, text, expected] of wrong)
    test(name, () => {
      const parsed = parseAgentDefinition(text);
      assert.match(parsed.ok ? '' : `${parsed.line}: ${parsed.message}`, expected);
    });
});

test('aliases that would multiply are not spelled out', () => {
  const lines = Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`);
  const parsed = parseAgentDefinition(`---\na0: &a0 [x]\n${lines.join('\n')}\nname: n\n---\nText.`);
  assert.equal(parsed.ok && parsed.definition.name, 'n');
});
