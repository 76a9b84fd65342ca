import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { shellBench } from './shellBench.ts';

type Judgement = 'asks' | 'reads';

interface Row {
  readonly line: string;
  readonly judgement: Judgement;
  readonly why: string;
}

const asks = (why: string, ...lines: readonly string[]): Row[] =>
  lines.map((line) => ({ line, why, judgement: 'asks' }));
const readsOnly = (why: string, ...lines: readonly string[]): Row[] =>
  lines.map((line) => ({ line, why, judgement: 'reads' }));

/** The classes of published advisories for agents that run commands, each with its harmless twin. */
const rows: Record<string, readonly Row[]> = {
  'options of harmless programs that run, write or never end': [
    ...asks(
      'runs a program',
      'find . -exec rm {} ;',
      String.raw`find . -exec rm {} \;`,
      'find . -execdir id +',
    ),
    ...asks('runs a program', String.raw`find . -ok id \;`, String.raw`find . -name -exec id \;`),
    ...asks(
      'deletes or writes',
      'find . -delete',
      'find . -fprint out.txt',
      'find . -fls x',
      'find . -fprintf x y',
    ),
    ...asks(
      'reads a list of folders, or follows links',
      'find -files0-from file',
      'find -L .',
      'find . -follow',
    ),
    ...readsOnly('tests and prints', String.raw`find . \( -name '*.ts' -o -name "*.js" \) -type f -print`),
    ...asks('runs a program', 'sort --compress-program=./x file', 'sort --compress-prog ./x file'),
    ...asks(
      'writes a file',
      'sort -o out file',
      'sort -uo out file',
      'sort file -o out',
      'sort --output=out file',
    ),
    ...asks('writes elsewhere', 'sort -T /tmp file', 'sort -T. file'),
    ...readsOnly('sorts', "sort -t ',' -k 2,2 -nr file"),
    ...asks('runs a program', 'rg --pre ./x text', 'rg --pre=./x text', 'rg -z text', 'rg --search-zip text'),
    ...asks('runs a program', 'rg --hostname-bin ./x text', 'rg --pre-glob "*" text'),
    ...asks('reads patterns or links elsewhere', 'rg -f /etc/passwd .', 'rg -L text', 'rg --follow text'),
    ...readsOnly('searches', "rg -n --glob '*.ts' 'a|b' sub"),
    ...asks('reads patterns from elsewhere', 'grep -f /etc/passwd file', 'grep --file=/etc/passwd file'),
    ...asks('follows links', 'grep -R text .', 'grep --dereference-recursive text .', 'grep -rR text .'),
    ...asks('abbreviates an option', 'grep --fil=/etc/passwd file', 'rg --foll text', 'sort --out=x file'),
    ...asks(
      'a value where none belongs, or another than belongs',
      'ls --all=x',
      'head -n /etc/passwd file',
      'wc -l=x',
    ),
    ...asks('writes its second operand', 'uniq file out', 'xxd file out', 'xxd -r file out'),
    ...asks(
      'writes its second operand, though it looks like an option',
      'xxd file -b',
      'xxd file --',
      'uniq file -c',
      'uniq file -f 1',
      'uniq file -- out',
    ),
    ...asks('never ends', 'tail -f file', 'tail -F file', 'tail --follow file', 'tail -5f file'),
    ...asks('never ends', 'tail +5f file', 'tail +f file', 'tail -q +5f file'),
    ...asks('never ends', 'seq inf', 'seq 1 inf', 'seq 1 1e15', 'seq 0x1 0xfffffffff', 'seq 9999999999'),
    ...readsOnly('ends', 'seq 5', 'seq -w 1 2 99', 'tail -n +5 file'),
    ...asks('sets the clock', 'date -s tomorrow', 'date --set=tomorrow', 'date 0101000026', 'date -d 1'),
    ...asks('sets the name', 'hostname evil', 'hostname -F file', 'hostname -b x'),
    ...asks('writes a file', 'tree -o out', 'tree -R -o x', 'tree -H . -o x'),
    ...asks(
      'takes its values from the words after a cluster, and so writes',
      'tree -Io x out',
      'tree -NPo x out',
      'tree -Lo 2 out',
    ),
    ...readsOnly('shows folders', 'tree -L 2 -I x', 'tree -aI x sub'),
    ...asks('follows links', 'tree -l', 'ls -L out', 'ls -H out', 'ls --dereference', 'du -L', 'du -D out'),
    ...asks('drives the terminal', 'ls --hyperlink=always'),
    ...asks('compiles or unpacks', 'file -C -m sub', 'file -z file', 'file -f file'),
    ...asks('reads a list of files', 'wc --files0-from=file', 'du --files0-from=file', 'sha256sum -c file'),
    ...asks('follows links', 'diff -r sub out', 'diff sub out', 'diff sub in'),
    ...asks('runs pr', 'diff -l file other'),
    ...asks(
      'runs a program',
      'sed e file',
      "sed '1e id' file",
      "sed 's/x/id/e' file",
      "sed -n 's/x/id/ep' file",
    ),
    ...asks(
      'writes a file',
      "sed 'w out' file",
      "sed 's/x/y/w out' file",
      'sed -i s/a/b/ file',
      'sed -n -i.bak p file',
    ),
    ...asks('reads a file or a script', "sed '1r /etc/passwd' file", 'sed -f file file', 'sed --file=file'),
    ...asks(
      'delimiters that versions read differently',
      "sed 's/[/]x/w out/' file",
      "sed 's/a/b/;w out' file",
    ),
    ...readsOnly('prints', "sed -n '1,20p' file", "sed 's/a/b/g' file", "sed -n '/text/p;5q' file"),
    ...asks('runs a program', 'awk \'BEGIN{system("id")}\'', 'awk -f file', 'gawk \'{print | "sh"}\' file'),
    ...asks('loads modules', 'jq \'import "x" as $x {search:"/etc"}; .\'', 'jq -L /etc . file', 'jq -f file'),
    ...asks(
      'reads a file elsewhere',
      'jq --slurpfile a /etc/passwd . file',
      'jq --rawfile a /etc/passwd . file',
    ),
    ...readsOnly('filters', 'jq -r \'.a[] | select(.b == "c")\' file', 'jq --arg a b .x file'),
    ...asks(
      'sets a variable',
      'printf -v PATH x',
      "printf '%n' PATH",
      "printf 'a%nb' PATH",
      "printf '%(%s)T'",
    ),
    ...asks('evaluates a subscript', "test -v 'a[$(id)]'", 'test -v a'),
    ...readsOnly('prints', "printf '%s\\n' a b", 'test -f file', 'test ! -d sub'),
    ...asks(
      'runs a program',
      'tar -tf file --checkpoint-action=exec=id',
      'tar --to-command=id -xf file',
      'tar tf a:b',
    ),
    ...asks(
      'runs a program',
      'man -P ./x ls',
      'man ls',
      'less file',
      'more file',
      'vim file',
      'xargs id',
      'xargs -n1 rm',
    ),
    ...asks('reads what it is given', 'xargs -a /etc/passwd', 'xargs -I{} echo {}'),
  ],
  'programs that run others, and words of the shell': [
    ...asks(
      'runs what it is given',
      'env',
      'env ls',
      'sudo ls',
      'nohup ls',
      'time ls',
      'timeout 5 ls',
      'nice ls',
    ),
    ...asks(
      'runs what it is given',
      'command ls',
      'builtin cd sub',
      'exec ls',
      'eval ls',
      'source file',
      '. file',
    ),
    ...asks(
      'runs code',
      'bash -c ls',
      'sh file',
      'node -e 1',
      'python3 -c 1',
      'perl -e 1',
      'node file',
      './file',
    ),
    ...asks(
      'runs the package',
      'npm test',
      'npm run x',
      'npx tsc',
      'yarn',
      'make',
      'make -n',
      'cargo --version',
    ),
    ...asks(
      'runs what the folder asks for',
      'npm --version',
      'yarn --version',
      'go version',
      'rustc --version',
    ),
    ...asks(
      'changes the shell',
      'alias ls=rm',
      'export PATH=.',
      'unset PATH',
      'set -k',
      'shopt -s expand_aliases',
    ),
    ...asks('changes the shell', 'hash -p ./x ls', 'enable -f ./x ls', 'trap id EXIT', 'type ls() { id; }'),
    ...asks('functions', 'ls() { id; }; ls', 'function ls { id; }', 'ls () ( id )'),
    ...asks(
      'compounds',
      'if ls; then id; fi',
      'for f in a; do ls; done',
      'while true; do ls; done',
      '{ ls; }',
      '(ls)',
    ),
    ...asks(
      'a repository can name programs',
      'git status',
      'git log',
      'git diff',
      'git -c core.pager=id log',
    ),
    ...asks(
      'runs a program',
      'git -c core.fsmonitor=./x status',
      'git --exec-path=. status',
      'git grep -O./x text',
    ),
    ...readsOnly('tells its version', 'git --version', 'node --version', 'command -v node', 'which git'),
    ...asks('more than a version', 'node --version file', 'node -r ./file --version', 'python3 -V file'),
    ...asks(
      'a program by its path',
      './ls',
      'sub/ls',
      '/bin/ls',
      '../ls',
      String.raw`\ls`,
      '"ls"',
      "l's'",
      'l"s"',
    ),
    ...asks('network', 'curl http://x', 'wget x', 'ping x', 'nslookup a.b', 'dig $(id).x', 'ssh x', 'nc x 1'),
  ],
  'assignments and expansions': [
    ...asks(
      'assigns',
      'PATH=. ls',
      'LD_PRELOAD=./x ls',
      'A=1',
      'IFS=x ls',
      'A=1 B=2 ls',
      'GIT_PAGER=id git log',
    ),
    ...asks('assigns', 'PATH+=:. ls', 'a[0]=1 ls', 'A=$(id) ls'),
    ...asks(
      'expands a variable',
      'echo $HOME',
      'cat $X',
      'cat ${X}',
      'cat "$X"',
      'ls ${IFS}',
      'echo $((1+1))',
      'ls $1',
    ),
    ...asks(
      'expands a variable',
      'cat "a${X@P}"',
      'echo ${X:-$(id)}',
      'echo "${X:=y}"',
      'echo $[1]',
      'echo $_',
    ),
    ...asks('substitutes', 'echo $(id)', 'echo `id`', 'echo "$(id)"', 'echo "`id`"', 'cat <(id)', 'ls >(id)'),
    ...asks('substitutes', 'echo "a $(id', 'ls "$(', 'echo "\\\\$(id)"', 'echo "\\\\`id`"'),
    ...asks('strings of its own kind', "echo $'a\\nb'", 'echo $"a"', "echo $'\\x27'; id #'", "ls $'-'R"),
    ...asks('braces', 'cat {file,/etc/passwd}', 'ls {a..z}', 'find . -{exec,ok} id', 'echo {}'),
    ...asks('tilde', 'ls ~', 'cat ~/.ssh/id_rsa', 'ls ~root', 'echo a=~', 'ls file~'),
    ...asks('history', 'ls !!', '!ls', 'ls !$', 'echo a !id', '! ls'),
    ...readsOnly(
      'stands for itself',
      'echo "costs 5$"',
      "echo '$(id)'",
      String.raw`echo "\$(id) \`id\`"`,
      'echo "hi!"',
    ),
    ...asks('classes of characters', 'cat [a-z]ile', 'cat file[0]', 'ls +(a|b)', 'ls @(file)', 'ls !(file)'),
    ...asks('patterns that hold a quote', "cat 'fi'*", 'cat "a"?', String.raw`cat a\*b*`),
    ...asks(
      'a pattern that leads out',
      'cat out*',
      'cat *',
      'ls */*',
      'cat out/*',
      'ls .*',
      'cat ./*/../out/*',
      'rg in/../onl* file',
    ),
    ...readsOnly(
      'a pattern that fits nothing',
      'grep -r text --include=*.ts .',
      'find . -name *.ts',
      'ls -d *.ts',
    ),
    ...readsOnly('a pattern of files', 'cat fil*', 'wc -l sub/*', 'ls sub/f?le', 'echo nothing*here'),
    ...asks(
      'a pattern in the place of an option or filter',
      'head -n *',
      'jq * file',
      'grep -f* x',
      'uniq f*',
      'printf *',
    ),
  ],
  'redirections and operators': [
    ...asks(
      'writes',
      'ls > out',
      'ls >> out',
      'ls >out',
      'ls 2> out',
      'ls &> out',
      'ls >| out',
      'ls 1<> out',
    ),
    ...asks(
      'writes',
      'ls >/dev/null/../x',
      'ls >/dev/nullx',
      'ls > /dev/null2',
      'ls >/dev/tcp/1.2.3.4/80',
      'ls >&out',
    ),
    ...asks(
      'reads',
      'cat < /etc/passwd',
      'cat <file',
      'cat <<< text',
      'cat << E\nx\nE',
      'cat <<-E\nx\nE',
      'cat <&3',
    ),
    ...asks('opens', 'exec 3>out', 'ls 3>/dev/null', 'ls {fd}>/dev/null', 'ls 2>&file', 'ls >/dev/null>out'),
    ...readsOnly('writes nowhere', 'ls 2>/dev/null', 'ls > /dev/null 2>&1', 'cat file < /dev/null', 'ls >&2'),
    ...asks('runs on', 'ls & id', 'ls &', 'ls |& id', 'ls &; id', 'ls & ', 'ls&id'),
    ...asks(
      'one part is not known',
      'ls; id-x',
      'ls && rm file',
      'ls || rm file',
      'ls | sh',
      'ls\nrm file',
      'ls;rm file',
    ),
    ...asks(
      'one part is not known',
      'ls\n\n  rm file',
      'ls # a\nrm file',
      'ls;#\nrm file',
      'cat file | tee out',
    ),
    ...asks('is not whole', 'ls |', 'ls &&', '| ls', '&& ls', ';', ';;', 'ls ;; ls', '', ' ', '#', 'ls ||'),
    ...readsOnly(
      'all parts are known',
      'ls; pwd',
      'ls && cat file | head -5 || true',
      'ls # rm file',
      'ls;',
      "echo ';rm x'",
    ),
  ],
  'what another reader would read differently': [
    ...asks('CR', 'ls # a\rrm file', 'ls\rrm file', 'ls\r\nrm file', 'ls\r', 'echo "a\rb"'),
    ...asks('NUL', 'ls\0rm', 'ls \0', "echo 'a\0b'", 'cat file\0.txt'),
    ...asks(
      'a line that goes on',
      'ls \\\n-l',
      'l\\\ns',
      'ls # a\\\nrm file',
      'echo "a\\\nb"',
      'ls |\nsh',
      'ls &&\nrm x',
    ),
    ...asks(
      'escapes of letters',
      String.raw`\l\s`,
      String.raw`ls \-l\a`,
      String.raw`cat \x66ile`,
      String.raw`echo \n`,
    ),
    ...asks('quotes that do not end', "ls 'a", 'ls "a', "ls 'a''", 'ls "a\\"', "ls a'b", 'ls \\'),
    ...asks(
      'invisible',
      'ls\u200b file',
      'l\u200bs',
      'ls "a\u200db"',
      'ls \ufeffx',
      'ls "\u2060"',
      'echo "\u3164"',
      'ls \u00ad',
    ),
    ...asks(
      'changes the direction',
      'ls "\u202eelif"',
      'ls \u2066x\u2069',
      'echo "\u200f"',
      'cat "a\u061cb"',
    ),
    ...asks(
      'spaces of other scripts',
      'ls\u00a0-l',
      'ls\u3000file',
      'echo "a\u00a0b"',
      'ls\u2028rm file',
      'ls\u0085rm',
    ),
    ...asks(
      'control characters',
      'ls \u001b[2J',
      'ls \u0007',
      'ls \u000b-l',
      'ls \f-l',
      'ls \u0008',
      'ls \u007f',
      'ls \u009b',
    ),
    ...asks('letters of other scripts', 'lѕ', 'cаt file', 'ls −l', 'ｌｓ', 'ls ／etc', 'cat ﬁle'),
    ...asks('no text', 'ls \ud800', 'echo "\udfff"', 'echo "\ufffd"', 'echo "\ue000"'),
    ...readsOnly('text in quotes', "grep 'größer' file", 'echo "日本語 — ok"', "echo 'é' # ü"),
    ...asks(
      'longer than is looked at',
      `echo ${'a'.repeat(1_000_000)}`,
      `echo ${'a '.repeat(600)}`,
      'ls; '.repeat(3000),
    ),
    ...asks(
      'deep',
      '('.repeat(3000),
      `echo ${'$('.repeat(2000)}`,
      `echo ${'"$('.repeat(500)}`,
      '{ '.repeat(2000),
    ),
  ],
  'paths outside of the workspace': [
    ...asks(
      'is outside',
      'cat /etc/passwd',
      'cat ../root-twin/secret',
      'ls ..',
      'ls /',
      'cat ../../x',
      'head -5 /etc/hosts',
    ),
    ...asks(
      'leads out by a link',
      'cat outFile',
      'cat out/secret',
      'ls out',
      'ls ./out/',
      'grep -r text out',
      'find out',
    ),
    ...asks(
      'goes up behind a link',
      'cat in/../../secret',
      'cat in/../file',
      'cat sub/../outFile',
      'ls in/..',
    ),
    ...asks(
      'devices',
      'cat /dev/sda',
      'cat /dev/tcp/x/80',
      'cat /proc/self/environ',
      'cat /dev/stdin',
      'ls /dev',
    ),
    ...asks(
      'the file of an option',
      'grep -r text --include=x /etc',
      'grep -e text /etc/passwd',
      'rg -e x /etc',
      'rg --files /etc',
    ),
    ...asks(
      'an option after the operands',
      'grep text file -e /etc/passwd',
      'head file -n /etc/passwd',
      'rg text /etc -e file',
    ),
    ...asks(
      'the file after an option whose value is attached or missing',
      'od -w 5',
      'grep --context 5 /etc/passwd file',
    ),
    ...asks('after the end of options', 'cat -- /etc/passwd', 'ls -- out', 'grep -- -e /etc/passwd'),
    ...asks(
      'of a test',
      'test -f /etc/shadow',
      'find . -newer /etc/passwd',
      'stat /etc/passwd',
      'du /',
      'realpath /etc',
    ),
    ...asks(
      'elsewhere in quotes',
      'cat "/etc/passwd"',
      "cat '/etc'/passwd",
      String.raw`cat \/etc/passwd`,
      'cat ""/etc/passwd',
    ),
    ...asks('an empty name', 'cat ""', "ls ''", 'cd ""'),
    ...readsOnly(
      'is inside',
      'cat file',
      'cat ./sub/file',
      'ls -la sub',
      'cat in/file',
      'ls missing',
      'cat -- file',
      'rg text .',
    ),
    ...asks(
      'goes out',
      'cd .. && ls',
      'cd / && cat file',
      'cd && ls',
      'cd - && ls',
      'cd ~ && ls',
      'cd out && ls',
      'cd -P sub',
    ),
    ...asks(
      'may be elsewhere',
      'cd in && cat file',
      'cd sub; cat ../../x',
      'cd sub || cat ../x',
      'cd sub; cat ../file',
    ),
    ...asks(
      'may be elsewhere',
      'cd sub && ls; cat ../file',
      'true || cd sub && cat ../file',
      'cd sub | cat file',
    ),
    ...asks(
      'may be elsewhere',
      'cd sub && cd ../.. && ls',
      'cd sub && cat ../../root-twin/secret',
      'cd su*',
      'pushd sub',
    ),
    ...readsOnly(
      'stays inside',
      'cd sub && cat file',
      'cd sub && cat ../file',
      'cd sub/deep && cat ../../file',
      'cd sub && cd .. && ls',
    ),
  ],
};

for (const [about, table] of Object.entries(rows)) {
  test(`${about}: ${table.length} command lines`, async (t) => {
    const bench = await shellBench(t);
    for (const { line, judgement, why } of table) {
      const judged: Judgement = (await bench.isReading(line)) ? 'reads' : 'asks';
      assert.equal(judged, judgement, `${JSON.stringify(line.slice(0, 100))} ${why}`);
    }
  });
}

test('a file whose name is an option is not put in the place of a pattern', async (t) => {
  const bench = await shellBench(t);
  assert.ok(await bench.isReading('sort sub/deep/*', '.'));
  assert.ok(await bench.isReading('sort *', 'sub/deep'));
  await writeFile(path.join(bench.root, 'sub/deep/--output=x'), '');
  assert.ok(!(await bench.isReading('sort *', 'sub/deep')));
  assert.ok(await bench.isReading('sort ./*', 'sub/deep'), 'a path is no option');
});

test('what a pattern finds is no script, no filter and no value of an option, also where the same pattern is a path', async (t) => {
  const bench = await shellBench(t);
  const lines = [
    ['sed s,x*,y,p s,x*,y,p', 's,x.*,sh evil.sh,e;s,q,y,p'],
    ['sed -e s,z*,y,p s,z*,y,p', 's,zz,y,w out;,y,p'],
    ['jq -n imp* imp*', 'import "x" as $d {search:".."}; $d'],
    ['jq . --arg zf* -f file', 'zf1'],
    ['grep a* a*', 'a b'],
    ['find . -newer n* -print', 'n1'],
  ] as const;
  for (const [line, name] of lines) {
    assert.ok(await bench.isReading(line), `${line} finds nothing`);
    await writeFile(path.join(bench.root, name), 'x\n');
    assert.ok(!(await bench.isReading(line)), line);
  }
  assert.ok(await bench.isReading('sed p a*'));
  assert.ok(await bench.isReading('cat a* a*'));
});

test('an option after an operand is a file to a program that takes options only before', async (t) => {
  const bench = await shellBench(t);
  for (const line of ['cat file -n', 'grep text file -e x', 'wc file -l'])
    assert.ok(await bench.isReading(line), line);
  for (const name of ['-n', '-e', '-l']) await symlink('../root-twin/secret', path.join(bench.root, name));
  for (const line of ['cat file -n', 'grep text file -e x', 'wc file -l'])
    assert.ok(!(await bench.isReading(line)), line);
});

test('a folder below the root may look at what is beside it', async (t) => {
  const bench = await shellBench(t);
  assert.ok(await bench.isReading('cat ../file', 'sub'));
  assert.ok(!(await bench.isReading('cat ../../file', 'sub')));
});

test('where the grammar or a program is missing, a person is asked', async (t) => {
  const withoutGrammar = await shellBench(t, { grammar: { parse: () => Promise.resolve(undefined) } });
  assert.ok(!(await withoutGrammar.isReading('ls')));
  const withoutProgram = await shellBench(t, { programs: { searchPath: () => Promise.resolve(undefined) } });
  assert.ok(!(await withoutProgram.isReading('ls')));
  const broken = await shellBench(t, { grammar: { parse: () => Promise.reject(new Error('broken')) } });
  assert.ok(!(await broken.isReading('ls')));
});

test('a command that reads says in which roots, and asks for the programs that it starts alone', async (t) => {
  const asked: (readonly string[])[] = [];
  const bench = await shellBench(t, {
    programs: {
      searchPath(names, outside) {
        asked.push(names, outside);
        return Promise.resolve('/trusted');
      },
    },
  });
  assert.deepEqual(await bench.judge('cd sub && echo a | cat file - && cat file | wc -l'), {
    roots: [bench.root],
    searchPath: '/trusted',
  });
  assert.deepEqual(asked, [['cat', 'wc'], [bench.root]]);
});

test('a command that would open a FIFO of the workspace does not only read', async (t) => {
  const bench = await shellBench(t);
  execFileSync('mkfifo', [path.join(bench.root, 'fifo')]);
  await symlink('fifo', path.join(bench.root, 'toFifo'));
  for (const line of [
    'cat fifo',
    'cat toFifo',
    'head -n 1 fif*',
    'grep x file fifo',
    'cd sub && cat ../fifo',
    'sort sub/../fifo',
  ])
    assert.equal(await bench.isReading(line), false, line);
  assert.ok(await bench.isReading('cat file'));
});

test('a command that only looks at a FIFO of the workspace only reads', async (t) => {
  const bench = await shellBench(t);
  execFileSync('mkfifo', [path.join(bench.root, 'fifo')]);
  for (const line of [
    'ls -l fifo',
    'ls fif*',
    'stat fifo',
    'test -p fifo',
    'find fifo -type p',
    'find . -newer fifo',
    'du -a fifo',
    'readlink -f fifo',
    'realpath fifo',
    'file fifo',
    'test -p fifo && ls fifo',
  ])
    assert.ok(await bench.isReading(line), line);
  assert.equal(await bench.isReading('test -p fifo && cat fifo'), false);
});
