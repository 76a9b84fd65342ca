import assert from 'node:assert/strict';
import test from 'node:test';
import { isSameRule, ruleDetail, ruleEntry } from '../../../src/views/ruleText.ts';

const rule = { tool: 'terminal', command: 'npm test', match: 'exact', cwd: '/w' } as const;

test('before a rule is made, all that it covers is said, and how to take it back', () => {
  assert.equal(
    ruleDetail(rule),
    'npm test\n\nIn /w, this command runs without asking, character for character as it stands above.\n\n' +
      'It holds for all agents and batch files, now and later, until you remove it with “AllSettled: Manage Approval Rules…”.',
  );
  const everywhere = { tool: 'terminal', command: 'npm test', match: 'prefix' } as const;
  assert.match(ruleDetail(everywhere), /\n\nIn every folder, every single plain command that begins with/);
  assert.match(ruleDetail(everywhere, 'Runs the tests.'), /still asks\.\n\nRuns the tests\.\n\nIt holds/);
});

test('nothing of a command is hidden where a rule is made of it', () => {
  const text = ruleDetail({ ...rule, command: 'echo \u202ea\u200bb\u001b[8m' });
  assert.doesNotMatch(text, /[\u202e\u200b\u001b]/);
});

test('a rule in the list says what it covers and where', () => {
  assert.deepEqual(ruleEntry(rule), {
    label: 'npm test',
    description: 'exactly this command',
    detail: 'In /w',
  });
  assert.deepEqual(ruleEntry({ tool: 'terminal', command: 'git log', match: 'prefix' }), {
    label: 'git log',
    description: 'and what begins like it',
    detail: 'In every folder',
  });
});

for (const written of [null, 3, 'npm test', {}, { ...rule, match: 'regex' }, { ...rule, cwd: 1 }])
  test(`what is no rule is listed as such: ${JSON.stringify(written)}`, () => {
    assert.match(ruleEntry(written).description, /^not a rule/);
    assert.equal(isSameRule(written, rule), false);
  });

test('rules are the same only where they cover the same', () => {
  assert.equal(isSameRule({ ...rule }, rule), true);
  assert.equal(isSameRule({ ...rule, cwd: '/other' }, rule), false);
  assert.equal(isSameRule({ ...rule, match: 'prefix' }, rule), false);
});
