import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCoveredByPrefix, prefixBounds, suggestedPrefix } from '../../../src/safety/commandPrefix.ts';

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

const unbounded =
  `busybox sh x|conda run -n x python a.py|nix run nixpkgs#x|nix-shell --run x|mise exec -- x|direnv exec . x|gosu root x
systemd-run x|valgrind ./x|tmux new x|screen x|npm create x|npm init x|npm install x|cargo make x|cargo xtask x|psql -c x|sqlite3 a.db
mysql x|julia x.jl|env npm test|xargs npm test|sudo npm test|ssh host npm test|docker run x|docker compose up|docker build .
podman run x|make|make SHELL=./x test|make test SHELL=./x|make test -f other.mk|make test -C ..|make --eval=x test
git -c alias.log=!x log|git co|git log --output=x|git diff --ext-diff|git fetch --upload-pack=./x y|git commit -m x|git rebase -x y
npm test --script-shell=./x|npm run build --prefix ..|npm --node-options=x test|yarn run node x.js|pnpm dlx x|go test -exec ./x
go test -toolexec ./x|go vet -vettool=./x|cargo test --config x|cargo run|eslint -c ./x.js src|eslint --rulesdir x src|prettier --plugin ./x a
jest --config ./x|pytest -p x|pytest /tmp/x.py|pytest ../x.py|pytest @args|tsc --outDir /x|tsc @args|gradle test -I x|mvn test -Dexec=x
dotnet test /p:X=y|black -c x|unknown-program x|zsh -c x|doas x|ts-node x|uv run x|pipx run x|hatch run x|nox|tox|just x|task x|rake
gulp|grunt|webpack|vite|ansible x|terraform apply|kubectl get x|aws s3 ls|gh pr list|vim x|less x|watch npm test|time npm test|nohup x`
    .split(/[|\n]/)
    .filter((command) => command !== '');

test('suggestedPrefix: no prefix is offered for a program that runs anything, is not in the table, or is led to it by an option', async () => {
  assert.ok(unbounded.length > 90);
  for (const command of unbounded) assert.equal(await suggestedPrefix(command, 'linux'), undefined, command);
});

test('a rule for an offered prefix covers no command that does more than the offer says', async () => {
  const beyond: readonly (readonly [command: string, prefix: string])[] = [
    ['npm test --script-shell=./x', 'npm test'],
    ['npm run build --prefix ../x', 'npm run build'],
    ['make test SHELL=./x', 'make test'],
    ['git log --output=/x', 'git log'],
    ['go test -exec ./x', 'go test'],
    ['pytest /tmp/x.py', 'pytest'],
    ['eslint -c ./x.js .', 'eslint'],
  ];
  for (const [command, prefix] of beyond)
    assert.equal(await isCoveredByPrefix(command, prefix, 'linux'), false, command);
});

test('a rule that a person wrote for another beginning covers all that begins like it', async () => {
  for (const [command, prefix] of [
    ['docker run x', 'docker run'],
    ['busybox sh x', 'busybox'],
    ['npm run build --prefix x', 'npm run'],
    ['git -c a=b log', 'git'],
  ] as const)
    assert.ok(await isCoveredByPrefix(command, prefix, 'linux'), command);
});

test('each prefix that is offered has words for what it does at most', () => {
  for (const [, prefix] of suggestions)
    if (prefix !== undefined) assert.match(prefixBounds(prefix, 'linux') ?? '', /^[A-Z].+\.$/, prefix);
  for (const prefix of ['npm', 'npm run', 'git', 'busybox', 'npm test x', 'npm run build x'])
    assert.equal(prefixBounds(prefix, 'linux'), undefined, prefix);
});

test('the prefix to offer is the program, with its subcommand where it has some, and none that would allow anything', async () => {
  for (const [command, prefix] of suggestions)
    assert.equal(await suggestedPrefix(command, 'linux'), prefix, command);
});

test('a suggested prefix covers the command that it was made of', async () => {
  for (const [command, prefix] of suggestions)
    if (prefix !== undefined) assert.ok(await isCoveredByPrefix(command, prefix, 'linux'), command);
});
