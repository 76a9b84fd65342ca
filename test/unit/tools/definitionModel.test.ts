import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAgentDefinition } from '../../../src/formats/agentDefinition.ts';
import { modelOf } from '../../../src/tools/definitionModel.ts';

/** The model that a line of front matter leads to, `usual`, or `usual, told`. */
function modelBy(line: string): string {
  const parsed = parseAgentDefinition(`---\nname: x\n${line}\n---\nText.`);
  assert.ok(parsed.ok);
  const { model, ignored } = modelOf(parsed.definition);
  if (ignored)
    assert.match(ignored.message, /is no model id of the Messages API, so the agent gets the usual model/);
  return model ?? (ignored ? `usual, told for line ${ignored.line}` : 'usual');
}

describe('the model of a definition', () => {
  const told = 'usual, told for line 3';
  const rows: readonly (readonly [line: string, expected: string])[] = [
    ['color: red', 'usual'],
    ['model:', 'usual'],
    ['model: inherit', 'usual'],
    ['model: sonnet', 'usual'],
    ['model: Opus', 'usual'],
    ['model: claude-sonnet-4-5', 'claude-sonnet-4-5'],
    ['model: "claude-sonnet-4-5-20250929"', 'claude-sonnet-4-5-20250929'],
    ['model: claude-3-5-sonnet-latest', 'claude-3-5-sonnet-latest'],
    ['model: claude-opus-5', 'claude-opus-5'],
    ['model: anthropic/claude-sonnet-4-5', 'claude-sonnet-4-5'],
    ['model: my-gateway/model-1', 'my-gateway/model-1'],
    ['model: GPT-4.1', told],
    ['model: gpt-5', told],
    ['model: claude-opus-4.7', told],
    ['model: claude-3.5-sonnet', told],
    ['model: claude-sonnet-4', told],
    ['model: Claude Sonnet 4.5', told],
    ["model: 'Claude Sonnet 4.5 (copilot)'", told],
    ['model: gemini-1.5-flash', told],
    ['model: openai/gpt-5', told],
    ['model: opencode/grok-code', told],
    ['model: o3-mini', told],
    ['model: 4', told],
    ['model: { id: x }', told],
    ['model: [gpt-5, claude-opus-5]', 'claude-opus-5'],
    ['model: ["GPT-5", "Claude Opus 4.6"]', told],
    ["model: GPT-4.1 | 'gpt-5' | 'Claude Sonnet 4.5'", told],
  ];
  for (const [line, expected] of rows) test(`K17 17c ${line}`, () => assert.equal(modelBy(line), expected));
});
