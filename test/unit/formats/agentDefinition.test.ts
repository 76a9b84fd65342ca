import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAgentDefinition, type AgentDefinition } from '../../../src/formats/agentDefinition.ts';

function parsed(text: string): AgentDefinition {
  const found = parseAgentDefinition(text);
  assert.ok(found.ok, JSON.stringify(found));
  return found.definition;
}

test('a definition is its front matter and the text below it', () => {
  const text =
    '---\nname: reviewer\ndescription: >\n  Reads\n  code.\ntools: Read, Grep\nmodel: m-1\ncolor: red\n---\n\nYou review.\n';
  assert.deepEqual(parsed(text), {
    name: 'reviewer',
    models: { names: ['m-1'], line: 7 },
    rules: [
      {
        granted: [
          { text: 'Read', name: 'Read' },
          { text: 'Grep', name: 'Grep' },
        ],
        withheld: [],
        key: 'tools',
        line: 6,
      },
    ],
    systemPrompt: 'You review.',
  });
});

test('a file without front matter is all system prompt, rules in it included', () => {
  const text = 'You review.\n\n---\n\nMore.';
  assert.deepEqual(parsed(text), { rules: [], systemPrompt: text });
});

test('a name is found in front matter that is not YAML', () => {
  assert.equal(parsed('---\ndescription: Use it so: now\nname: "x"\n---\nText.').name, 'x');
  assert.equal(parsed('---\nname: 2024\n---\nText.').name, '2024');
  assert.equal(parsed('---\nname: [a]\n---\nText.').name, undefined);
});

describe('a definition narrows what its agent may do by', () => {
  const rows: readonly (readonly [string, Partial<AgentDefinition>])[] = [
    ['permissionMode: plan', { permission: 'read-only' }],
    ['permissionMode: acceptEdits', { permission: 'unlimited' }],
    ['permission: workspace-write', { permission: 'workspace-write' }],
    ['permission: unlimited\nreadonly: true', { permission: 'read-only' }],
    ['readonly: false', { permission: 'unlimited' }],
    ['permission:\n  bash: ask', { permission: 'workspace-write' }],
    ['permission:\n  bash:\n    "*": ask\n    ls: allow', { permission: 'workspace-write' }],
    ['permission: ask', { permission: 'workspace-write' }],
    ['maxTurns: 5', { maxTurns: 5 }],
    ['max_turns: 5', { maxTurns: 5 }],
    ['steps: 5', { maxTurns: 5 }],
    ['timeout_mins: 2', { maxWallMs: 120_000 }],
    ['maxTurns: many', {}],
    ['isolation: worktree', { isolation: 'worktree' }],
  ];
  for (const [matter, expected] of rows)
    test(matter, () =>
      assert.deepEqual(parsed(`---\n${matter}\n---\nText.`), {
        rules: [],
        systemPrompt: 'Text.',
        ...expected,
      }),
    );
});

describe('a definition is refused for', () => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['front matter without keys', '---\n- a\n---\nText.', /^2: The front matter must be keys with values\./],
    ['no text', '---\nname: x\n---\n \n', /^2: It has no text that says what the agent is\./],
    ['an empty file', '', /^1: It has no text/],
  ];
  for (const [name, text, expected] of wrong)
    test(name, () => {
      const found = parseAgentDefinition(text);
      assert.match(found.ok ? '' : `${found.line}: ${found.message}`, expected);
    });
});

test('aliases that would multiply are not spelled out', () => {
  const lines = Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`);
  const text = `---\na0: &a0 [x]\n${lines.join('\n')}\nname: n\n---\nText.`;
  assert.equal(parsed(text).name, 'n');
  const tools = parseAgentDefinition(text.replace('name: n', 'tools: *a40'));
  assert.match(tools.ok ? '' : tools.message, /"tools" can't be read/);
});
