/** A1: an approval holds what a command names in every way that its line tells, and says in words what it does not hold. */
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { bindCommand } from '../../../src/safety/boundFiles.ts';
import { shellBench } from './shellBench.ts';

const files: Readonly<Record<string, string>> = {
  'run.sh': 'echo 1\n',
  'lib.sh': 'echo lib\n',
  'a b.sh': 'echo blank\n',
  'scripts/a.sh': 'echo a\n',
  'scripts/b.sh': 'echo b\n',
  'd1/d2/x.sh': 'echo x\n',
  'pkg/__main__.py': 'print(1)\n',
  'pkg/sub.py': 'print(2)\n',
  'a.py': 'print(3)\n',
  'hook.cjs': '1\n',
  'some.test.js': '1\n',
  'tools/build.mjs': '1\n',
  'node_modules/.bin/lint': '1\n',
  'lint.config.js': '1\n',
  'src/a.ts': '1\n',
  'src/b.ts': '1\n',
  'x.mk': 'all:\n',
  Makefile: 'include x.mk\nall:\n\t./tools/build.mjs\n',
  'package.json': JSON.stringify({
    scripts: { build: 'node tools/build.mjs', pretest: './run.sh', test: 'vitest', all: 'npm run build' },
  }),
  '.git/hooks/pre-commit': '#!/bin/sh\n',
  '.git/hooks/pre-push.sample': '#!/bin/sh\n',
};

interface Bench {
  /** The files that are there and bound, those that are absent with `-`, and what is not held, one a line. */
  readonly bound: (command: string) => Promise<string>;
  readonly write: (file: string, text: string) => Promise<void>;
  readonly root: string;
}

async function bench(t: TestContext, language: 'bash' | 'powershell' = 'bash'): Promise<Bench> {
  const { root, ports } = await shellBench(t, { language });
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(files)) await write(file, text);
  const bound = async (command: string): Promise<string> => {
    const held = await bindCommand(command, { cwd: root, roots: [root] }, ports);
    const there = held.files.map(
      ({ path: file, hash }) => (hash === null ? '-' : '') + path.relative(root, file),
    );
    return [there.join(' '), ...held.notHeld].join('\n').trim();
  };
  return { bound, write, root };
}

/** Each in a way of its own; all of them run nothing else. */
const held: readonly (readonly [command: string, files: string])[] = [
  ['bash scripts/*.sh', 'scripts/a.sh scripts/b.sh'],
  ['bash scripts/[ab].sh', 'scripts/a.sh scripts/b.sh'],
  ['for f in scripts/*.sh; do bash "$f"; done', 'scripts/a.sh scripts/b.sh'],
  ['for f in run lib; do bash $f.sh; done', 'run.sh lib.sh'],
  ['bash "$PWD/run.sh"', 'run.sh'],
  ['bash ${PWD}/run.sh', 'run.sh'],
  ['bash "$(pwd)/run.sh"', 'run.sh'],
  ['bash `pwd`/run.sh', 'run.sh'],
  ['cd d1 && cd d2 && sh ./x.sh', '-x.sh -d1/x.sh d1/d2/x.sh'],
  ['(cd d1; cd d2; sh d.sh; sh x.sh)', '-d.sh -x.sh -d1/d.sh -d1/x.sh -d1/d2/d.sh d1/d2/x.sh'],
  ['pushd d1/d2 && . ./x.sh', '-x.sh d1/d2/x.sh'],
  [
    'python3 -m pkg',
    '-pkg.py pkg/__main__.py -pkg/__init__.py -pkg/pkg.py -pkg/pkg/__main__.py -pkg/pkg/__init__.py',
  ],
  ['python3 -m pkg.sub', 'pkg/sub.py -pkg/sub/__main__.py -pkg/sub/__init__.py -pkg.py -pkg/__init__.py'],
  ['bash ru\\\nn.sh', 'run.sh'],
  ['bash "ru\\\nn.sh"', 'run.sh'],
  ['# a comment \\\nbash run.sh', 'run.sh'],
  ['bash {run,lib}.sh', 'run.sh lib.sh'],
  ['bash a\\ b.sh', 'a b.sh'],
  ["bash 'a b.sh'", 'a b.sh'],
  ['X=run.sh; bash $X', 'run.sh'],
  ['X=run.sh && bash "./$X"', 'run.sh'],
  ['bash -c "bash ./run.sh"', 'run.sh'],
  [`bash -c 'for f in scripts/*; do . "$f"; done'`, 'scripts/a.sh scripts/b.sh'],
  ['eval "./run.sh"', 'run.sh'],
  ['bash <<< "./run.sh"', 'run.sh'],
  ["bash <<'EOF'\nfor f in scripts/*; do . $PWD/$f; done\nEOF", 'scripts/a.sh scripts/b.sh'],
  ['bash <<EOF\n./run.sh\nEOF', 'run.sh'],
  ['sh < run.sh', 'run.sh'],
  ['cat run.sh | sh', 'run.sh'],
  ['source lib.sh', 'lib.sh'],
  ['. ./lib.sh', 'lib.sh'],
  ['env A=1 ./run.sh', 'run.sh'],
  ['sudo -u root bash run.sh', 'run.sh'],
  ['time nohup nice -n 5 bash run.sh', 'run.sh'],
  ['timeout -s KILL 5 bash scripts/*.sh', 'scripts/a.sh scripts/b.sh'],
  ['node -r ./hook.cjs a.py', 'hook.cjs a.py'],
  ['node --require=./hook.cjs a.py', 'hook.cjs a.py'],
  ['node --import ./hook.cjs tools/build', 'hook.cjs tools/build.mjs'],
  ['node --test some.test.js', 'some.test.js'],
  ['npm run build', 'package.json tools/build.mjs'],
  ['npm run all', 'package.json tools/build.mjs'],
  ['npx lint src', 'package.json node_modules/.bin/lint lint.config.js -src/package.json'],
  ['make all', '-GNUmakefile -makefile Makefile x.mk tools/build.mjs'],
  ['git commit -m "$MESSAGE"', '.git/hooks/pre-commit'],
  ['f() { ./run.sh; }; f', 'run.sh'],
  ['if ./run.sh; then ls; fi', 'run.sh'],
  ["trap './run.sh' EXIT", 'run.sh'],
  ['echo $(./run.sh) | cat', 'run.sh'],
  ['cp run.sh new.sh && sh new.sh', 'run.sh -new.sh'],
  ['cat scripts/*.sh | bash', 'scripts/a.sh scripts/b.sh'],
  ['cd d1 && bash ../run.sh', 'run.sh'],
  ["git -c alias.x='!./run.sh' x", 'run.sh'],
  ['awk -f lib.sh x && sed -f run.sh x', 'lib.sh run.sh'],
  ['npm exec lint', 'package.json node_modules/.bin/lint lint.config.js'],
  ['(( 1 )) && ./run.sh', 'run.sh'],
];

test('A1: what a command runs is bound, in whatever way its line names it', async (t) => {
  const { bound } = await bench(t);
  for (const [command, expected] of held) assert.equal(await bound(command), expected, command);
});

/** Commands with parts that can't be told, and the pattern of the lines that say so. */
const told: readonly (readonly [command: string, notHeld: RegExp])[] = [
  ['bash "$f"', /what `"\$f"` names/],
  ['$TOOL x', /the program that `\$TOOL` names/],
  ['"${TOOL:-x}" y', /the program that/],
  ['read f < run.sh; bash "$f"', /what `"\$f"` names/],
  ['while read f; do bash "$f"; done < run.sh', /what `"\$f"` names/],
  ['[ -z "$X" ] && X=run.sh; bash $X', /what `\$X` names/],
  ['bash "$X"; X=run.sh', /what `"\$X"` names/],
  ['X=run.sh bash "$X"', /what `"\$X"` names/],
  ['X=run.sh & bash "$X"', /what `"\$X"` names/],
  ['X=run.sh; printf -v X %s other.sh; bash $X', /what `\$X` names/],
  ['for f; do bash "$f"; done', /what `"\$f"` names/],
  ['set -- *.sh; bash "$1"', /what `"\$1"` names/],
  ['a=(run.sh); bash "${a[0]}"', /what `"\$\{a\[0\]\}"` names/],
  ['eval "$X"', /the commands that `"\$X"` holds/],
  ['bash -c "$X"', /the commands that `"\$X"` holds/],
  ["bash -c 'bash $X'", /what `\$X` names/],
  ['bash $(cat run.sh)', /what `\$\(cat run.sh\)` names/],
  ['bash <(curl x)', /what `<\(curl x\)` names/],
  ['curl x | sh', /what `sh` reads from its input/],
  ['curl x | sudo bash -s', /what `bash` reads from its input/],
  ['curl x | { cd d1; bash; }', /what `bash` reads from its input/],
  ['bash <<< "$X"', /what `bash` reads from its input/],
  ['bash <<EOF\n. $X\nEOF', /what `bash` reads from its input/],
  ['ls scripts | xargs -n1 bash', /the files that `xargs` hands to `bash`/],
  ["find . -name '*.sh' -exec sh {} \\;", /the files that `find` hands to `sh`/],
  ['find . -exec bash -c \'. "$1"\' _ {} +', /what `"\$1"` names/],
  ['node --test', /the test files that `node --test` finds/],
  ['pytest', /the test files that `pytest` finds/],
  ['uv run pytest -q', /the test files that `pytest` finds/],
  ['python -m pytest', /the test files that `python -m pytest` finds/],
  ['npm test', /the test files that `vitest` finds/],
  ['npx unknown-tool', /the program `unknown-tool`, which may be fetched/],
  ['npm install', /the install scripts of packages/],
  ['pnpm dlx other', /the program `other`, which may be fetched/],
  ['go test ./...', /the sources that `go` builds/],
  ['./gradlew build', /the sources that `gradlew` builds/],
  ['python -c "import pkg"', /what the code that `python` is given loads or runs/],
  [`awk 'BEGIN { system("./run.sh") }'`, /what the code that `awk` is given loads or runs/],
  ['shopt -s globstar; bash **/a.sh', /the files that patterns find as `shopt` has it/],
  ["zsh -c 'for f in **/*.sh; . $f'", /could not be read as a whole|what `zsh` makes of patterns/],
  ['cat "$X" > y.sh; bash y.sh', /what `"\$X"` names/],
  ['cd "$X" && sh run.sh', /what lies where `cd "\$X"` leads/],
  ['cd - && sh run.sh', /what lies where `cd -` leads/],
  ['cd && sh run.sh', /what lies in your home folder/],
  ['cd /tmp && sh run.sh', /what lies in `\/tmp`, which is no folder of the workspace/],
  ['bash /etc/profile', /`\/etc\/profile`, which is outside of the workspace/],
  ['bash ~nobody/x.sh', /`~nobody\/x.sh`/],
  ['PATH=$PWD/bin:$PATH tool', /what `PATH=…` leads to/],
  ['NODE_OPTIONS="--require $X" node a.py', /what `NODE_OPTIONS=…` leads to/],
  ['cat() { sh "$1"; }; cat run.sh', /what `"\$1"` names/],
  ['bash "unended', /could not be read as a whole/],
  [`bash x ${'y '.repeat(6000)}`, /could not be read as a whole/],
  ["bash $'r\\x75n.sh'", /what `\$'r\\x75n.sh'` names/],
];

test('A1: what can be told from the line to be run and not what it is, is said', async (t) => {
  const { bound } = await bench(t);
  for (const [command, expected] of told) assert.match(await bound(command), expected, command);
});

const runsNothing = [
  `for f in src/*.ts; do sed -i 's/TODO:/DONE:/' "$f"; done`,
  `sed -i 's/TODO:/DONE:/' src/a.ts`,
  'rm -rf "$X" build/*',
  'cp src/a.ts "$X"',
  'find . -name x -exec grep y {} +',
  'ls | xargs -n1 cat',
  'curl -o x "$URL"',
];

test('A1: a command that runs none of its words binds nothing and has nothing to say', async (t) => {
  const { bound } = await bench(t);
  for (const command of runsNothing) assert.equal(await bound(command), '', command);
});

test('A1: no file is made up of what is no name of one', async (t) => {
  const { bound } = await bench(t);
  const command = `for f in src/*.ts; do sed -i 's/TODO:/DONE:/' "$f"; done && node tools/build.mjs s/TODO:/x 1/2 a=b/c`;
  assert.equal(await bound(command), 'src/a.ts src/b.ts tools/build.mjs');
});

test('A1: a file that a pattern finds anew, and one that it no longer finds, is seen', async (t) => {
  const { bound, write, root } = await bench(t);
  await write('scripts/c.sh', 'echo c\n');
  assert.equal(await bound('bash scripts/*.sh'), 'scripts/a.sh scripts/b.sh scripts/c.sh');
  await rm(path.join(root, 'scripts/a.sh'));
  assert.equal(await bound('bash scripts/*.sh'), 'scripts/b.sh scripts/c.sh');
});

test('A1: of a pattern that finds more than can be held, that is said', async (t) => {
  const { bound } = await bench(t);
  assert.match(await bound('bash */*/*/*/*/*.sh'), /the files that `\*\/\*\/\*\/\*\/\*\/\*.sh` finds/);
});

test('A1: in PowerShell plain words are bound, and everything else is said not to be held', async (t) => {
  const { bound } = await bench(t, 'powershell');
  assert.equal(await bound('node tools/build.mjs'), 'tools/build.mjs');
  for (const command of ['& $x', 'Get-ChildItem *.ps1 | % { & $_ }', '. "$PWD/run.ps1"', '& (Get-Item x)'])
    assert.match(await bound(command), /of PowerShell name/, command);
});
