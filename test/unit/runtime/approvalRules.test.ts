import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalRequest } from '../../../src/core/calls.ts';
import { createApprovalRules } from '../../../src/runtime/approvalRules.ts';

const request: ApprovalRequest = {
  sessionId: 's',
  callId: 'c',
  tool: 'terminal',
  subject: 'npm test',
  cwd: '/w/app',
  access: 'command',
};

/** What the rules say of a request, and what was logged of them. `prefix`: the commands that a prefix rule covers. */
async function judged(
  setting: unknown,
  about: Partial<ApprovalRequest> = {},
  prefix: readonly string[] = [],
): Promise<{ readonly isAllowed: boolean; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const rules = createApprovalRules({
    settings: { approvalRules: () => setting },
    log: { warn: (message) => warnings.push(message) },
    isCoveredByPrefix: (command, words) => Promise.resolve(prefix.includes(`${words} covers ${command}`)),
  });
  return { isAllowed: await rules.allows({ ...request, ...about }), warnings };
}

const exact = { tool: 'terminal', command: 'npm test', match: 'exact' };
const prefix = { tool: 'terminal', command: 'npm run', match: 'prefix' };
const covered = ['npm run covers npm run build'];

const rows: readonly (readonly [string, unknown, Partial<ApprovalRequest>, boolean])[] = [
  ['no setting', undefined, {}, false],
  ['an empty list', [], {}, false],
  ['the very command', [exact], {}, true],
  ['another command', [exact], { subject: 'npm test2' }, false],
  ['a command that begins so', [exact], { subject: 'npm test; rm -rf /' }, false],
  ['a space more', [exact], { subject: 'npm test ' }, false],
  ['other letters', [exact], { subject: 'NPM test' }, false],
  ['the folder of the rule', [{ ...exact, cwd: '/w/app' }], {}, true],
  ['the folder of the rule, written otherwise', [{ ...exact, cwd: '/w/app/' }], {}, true],
  ['a folder below that of the rule', [{ ...exact, cwd: '/w' }], {}, false],
  ['a twin of the folder', [{ ...exact, cwd: '/w/ap' }], {}, false],
  ['another tool', [exact], { tool: 'git' }, false],
  ['an edit', [exact], { access: 'write' }, false],
  ['a second rule', [{ ...exact, command: 'ls' }, exact], {}, true],
  ['a prefix that covers', [prefix], { subject: 'npm run build' }, true],
  ['a prefix that the grammar does not accept', [prefix], { subject: 'npm run build && curl x' }, false],
  ['a prefix of letters', [{ ...prefix, command: 'np' }], {}, false],
];

for (const [name, setting, about, wanted] of rows)
  test(`a rule ${wanted ? 'covers' : 'does not cover'}: ${name}`, async () => {
    assert.deepEqual(await judged(setting, about, covered), { isAllowed: wanted, warnings: [] });
  });

const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ['no list', { ...exact }, /^allsettled\.approvals\.rules is no list/],
  ['a word', ['npm test'], /rules\[0\] does not count: it is no rule/],
  ['null', [null], /rules\[0\]/],
  ['another tool', [{ ...exact, tool: 'write_file' }], /rules\[0\] .*"tool" must be "terminal"/],
  ['no command', [{ tool: 'terminal', match: 'exact' }], /"command" must be a command/],
  ['an empty prefix', [{ ...prefix, command: ' ' }], /"command" must be a command/],
  ['an unknown way to match', [{ ...exact, match: 'regex' }], /"match" must be "exact" or "prefix"/],
  ['a relative folder', [{ ...exact, cwd: 'app' }], /"cwd" must be an absolute folder/],
  ['a word that nobody knows', [{ ...exact, onlyIn: '/w' }], /"onlyIn" is unknown/],
];

for (const [name, setting, warning] of wrong)
  test(`a rule that is not understood covers nothing and is told with its place: ${name}`, async () => {
    const { isAllowed, warnings } = await judged(setting);
    assert.equal(isAllowed, false);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', warning);
  });

test('beside a wrong rule the others count; its mistake is told once, however many calls ask', async () => {
  const warnings: string[] = [];
  const rules = createApprovalRules({
    settings: { approvalRules: () => [{ ...exact, match: 'all' }, exact] },
    log: { warn: (message) => warnings.push(message) },
    isCoveredByPrefix: () => Promise.resolve(false),
  });
  assert.deepEqual([await rules.allows(request), await rules.allows(request)], [true, true]);
  assert.equal(warnings.length, 1);
});

test('the setting is read for each call', async () => {
  let setting: unknown = [exact];
  const rules = createApprovalRules({
    settings: { approvalRules: () => setting },
    log: { warn: () => undefined },
    isCoveredByPrefix: () => Promise.resolve(false),
  });
  assert.equal(await rules.allows(request), true);
  setting = [];
  assert.equal(await rules.allows(request), false);
});
