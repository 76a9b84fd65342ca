import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCoveredByPrefix, suggestedPrefix } from '../../../src/safety/commandPrefix.ts';

const covered: readonly (readonly [command: string, prefix: string])[] = [
  ['npm test', 'npm test'],
  ['npm test -- --grep "a b"', 'npm test'],
  ['npm  test   x', 'npm test'],
  ['npm "test" x', 'npm test'],
  ["git log --format='%h %s'", 'git log'],
  ['npm run build', 'npm run'],
  ['eslint src', 'eslint'],
  ["node 'my file.js' --x", 'node "my file.js"'],
];

const notCovered: readonly (readonly [command: string, prefix: string])[] = [
  ['npm tests', 'npm test'],
  ['npm', 'npm test'],
  ['npm test; rm -rf x', 'npm test'],
  ['npm test;', 'npm test'],
  ['npm test && rm x', 'npm test'],
  ['npm test || rm x', 'npm test'],
  ['npm test | sh', 'npm test'],
  ['npm test & rm x', 'npm test'],
  ['npm test &', 'npm test'],
  ['npm test\nrm x', 'npm test'],
  ['npm test\n', 'npm test'],
  ['npm test \\\nx', 'npm test'],
  ['npm test > out', 'npm test'],
  ['npm test 2>/dev/null', 'npm test'],
  ['npm test >/dev/null x', 'npm test'],
  ['npm 2>&1 test', 'npm test'],
  ['</dev/null npm test', 'npm test'],
  ['npm test < file', 'npm test'],
  ['npm test <<< x', 'npm test'],
  ['npm test $X', 'npm test'],
  ['npm test "$X"', 'npm test'],
  ['npm test $(rm x)', 'npm test'],
  ['npm test `rm x`', 'npm test'],
  ['npm test "`rm x`"', 'npm test'],
  ['npm test <(rm x)', 'npm test'],
  ['npm test *', 'npm test'],
  ['npm test ~', 'npm test'],
  ['npm test {a,b}', 'npm test'],
  ["npm test $'a'", 'npm test'],
  ['npm test # x', 'npm test'],
  ['npm test \rrm x', 'npm test'],
  ['npm test\u200b', 'npm test'],
  ['npm\u00a0test', 'npm test'],
  ['npm test "a', 'npm test'],
  ['A=1 npm test', 'npm test'],
  ['PATH=. npm test', 'PATH=. npm'],
  ['! npm test', 'npm test'],
  ['(npm test)', 'npm test'],
  ['"npm" test', 'npm test'],
  ['NPM test', 'npm test'],
  ['/tmp/npm test', 'npm test'],
  ['sudo npm test', 'npm test'],
  [`npm test ${'a'.repeat(10_000)}`, 'npm test'],
  ['npm test', ''],
  ['', ''],
  ['npm test', 'npm test;'],
  ['npm test', 'npm *'],
  ['npm test', '$X'],
];

test('a prefix covers the simple commands that begin with its words', async () => {
  for (const [command, prefix] of covered)
    assert.ok(await isCoveredByPrefix(command, prefix, 'linux'), `${command} by ${prefix}`);
});

test('a prefix covers nothing that does more, or that a shell would change', async () => {
  for (const [command, prefix] of notCovered)
    assert.ok(!(await isCoveredByPrefix(command, prefix, 'linux')), `${command} by ${prefix}`);
});

test('in PowerShell, a prefix covers only words without quotes and signs that PowerShell would read', async () => {
  assert.ok(await isCoveredByPrefix('npm test -- --grep=x', 'npm test', 'win32'));
  for (const rest of [
    "'a & calc'",
    '"a"',
    '%PATH%',
    '^& calc',
    '!x!',
    'a&calc',
    '\\x',
    '`; calc',
    '@x',
    ',x',
    'a\tb',
    '{ calc }',
  ])
    assert.ok(!(await isCoveredByPrefix(`npm test ${rest}`, 'npm test', 'win32')), rest);
});

const suggestions: readonly (readonly [command: string, prefix: string | undefined])[] = [
  ['eslint src --fix', 'eslint'],
  ['tsc -p .', 'tsc'],
  ['npm test -- x', 'npm test'],
  ['npm run build --silent', 'npm run build'],
  ['yarn build', 'yarn build'],
  ['git log -n 5', 'git log'],
  ['cargo test', 'cargo test'],
  ['go test ./...', 'go test'],
  ['docker ps', 'docker ps'],
  ['make test', 'make test'],
  ['npm run', undefined],
  ['npm', undefined],
  ['npm --prefix x test', undefined],
  ['git -c core.pager=x log', undefined],
  ['git push', undefined],
  ['npm exec x', undefined],
  ['docker run x', undefined],
  ['go run x', undefined],
  ['cargo run', undefined],
  ['node x.js', undefined],
  ['python3.12 x.py', undefined],
  ['bash x.sh', undefined],
  ['sh -c ls', undefined],
  ['sudo npm test', undefined],
  ['env npm test', undefined],
  ['xargs ls', undefined],
  ['npx tsc', undefined],
  ['rm -rf x', undefined],
  ['curl x', undefined],
  ['find . -delete', undefined],
  ['Invoke-Expression x', undefined],
  ['iex x', undefined],
  ['Remove-Item x', undefined],
  ['node.exe x.js', undefined],
  ['npm.cmd exec x', undefined],
  ['./run.sh', undefined],
  ['/usr/bin/eslint', undefined],
  ['eslint src; ls', undefined],
  ['eslint $X', undefined],
  ['A=1 eslint', undefined],
  ['', undefined],
];

test('the prefix to offer is the program, with its subcommand where it has some, and none that would allow anything', async () => {
  for (const [command, prefix] of suggestions)
    assert.equal(await suggestedPrefix(command, 'linux'), prefix, command);
});

test('a suggested prefix covers the command that it was made of', async () => {
  for (const [command, prefix] of suggestions)
    if (prefix !== undefined) assert.ok(await isCoveredByPrefix(command, prefix, 'linux'), command);
});
