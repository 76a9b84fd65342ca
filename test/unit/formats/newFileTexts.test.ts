import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newAgentsText, newBatchText } from '../../../src/formats/newFileTexts.ts';
import { parseAgentsFile } from '../../../src/formats/parseAgentsFile.ts';
import { parseBatchFile } from '../../../src/formats/parseBatchFile.ts';
import type { ToolCatalog } from '../../../src/formats/toolCatalog.ts';
import { createTools, type ToolPorts } from '../../../src/tools/allTools.ts';

const tools = new Map(createTools({} as ToolPorts).map((tool) => [tool.name, tool]));
const catalog: ToolCatalog = {
  names: [...tools.keys()],
  check(name, input) {
    const checked = tools.get(name)?.check(input);
    return checked === undefined || checked.ok ? [] : checked.problems;
  },
};

test('a new batch file runs as it is, and may only read', () => {
  const parsed = parseBatchFile(newBatchText, catalog);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.equal(parsed.batch.permission, 'read-only');
});

test('a new agents file runs as it is, and may only read', () => {
  const parsed = parseAgentsFile(newAgentsText);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.equal(parsed.agents.permission, 'read-only');
});
