import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  secret,
  notAllowed,
  withEnvironment,
  looks,
  changes,
  play,
  told,
  contentOf,
  playRows,
  type Row,
  type RefusedArguments,
} from './hostileGitScene.ts';

const refusedArguments: readonly RefusedArguments[] = [
  ['--exec-path=$O status'],
  ['-c core.pager=$P log'],
  ['--config-env=core.pager=HOME log'],
  ['--git-dir=$O/repository/.git log'],
  ['--work-tree=$O status'],
  ['-C $O/repository log', /^outsideWorkspace: /],
  ['-C . -C $O/repository log', /^outsideWorkspace: /],
  ['--no-pager -C ../x log', /^outsideWorkspace: /],
  ['-c color.ui=never -c core.pager=$P log'],
  ['--no-pager -p log'],
  ['-p log'],
  ['--paginate log'],
  ['--namespace=x log'],
  ['diff --output=$O/new'],
  ['log -p --outp $O/new'],
  ['log --decorate-refs -- --output=$O/new'],
  ['show --decorate-refs-exclude -- --output=$O/new'],
  ['log -L -- --output=$O/new'],
  ['reflog show --decorate-refs -- --output=$O/new'],
  ['ls-files -x -- -X $O/secret.txt'],
  ['diff --ext-diff'],
  ['log -p --textconv'],
  ['show --textc'],
  ['show --show-signature'],
  ['grep -O$P two'],
  ['grep -nO$P two'],
  ['grep --open-files-in-pager=$P two'],
  ['grep --open=$P two'],
  ['grep -f $O/secret.txt'],
  ['grep -nf$O/secret.txt'],
  ['grep --no-index SECRET $O'],
  ['blame --contents $O/secret.txt a.txt'],
  ['blame --cont=$O/secret.txt a.txt'],
  ['blame -S $O/secret.txt a.txt'],
  ['blame -wS$O/secret.txt a.txt'],
  ['blame --ignore-revs-file=$O/secret.txt a.txt'],
  ['ls-files -X $O/secret.txt -o -i'],
  ['ls-files --exclude-per-directory=../secret.txt -o -i'],
  ['diff -O/dev/zero'],
  ['log -p -O/dev/zero'],
  ['log -pO/dev/zero'],
  ['diff -DO/dev/zero HEAD'],
  ['shortlog -nO/dev/zero HEAD'],
  ['rev-list -O/dev/zero HEAD'],
  ['diff --no-index $O/secret.txt a.txt'],
  ['diff $O/secret.txt a.txt', /^refused: git diff takes paths relative/],
  ['diff a.txt ../x/secret.txt', /^refused: git diff takes paths relative/],
  ['cat-file --textconv HEAD:a.txt'],
  ['cat-file --filters HEAD:a.txt'],
  ['config --file $O/config --list'],
  ['config --global --list'],
  ['config core.pager $P', /^refused: .*could change something/],
  ['branch --edit-description'],
  ['branch -D other'],
  ['tag -v x'],
  ['remote update', /^refused: .*could change something/],
  ['remote show origin', /^refused: .*could change something/],
  ['worktree add $O/new'],
  ['stash drop'],
  ['reflog expire --all'],
  ['reflog delete HEAD@{0}'],
  ['reflog -O/dev/zero'],
  ['reflog --output=$O/new'],
  ['reflog -n 2 --output=$O/new'],
  ['diff-index --output=$O/new HEAD'],
  ['diff-index -O/dev/zero HEAD'],
  ['diff-index --ext-diff -p HEAD'],
  ['diff-files --textconv -p'],
  ['diff-files --no-index $O/secret.txt a.txt', /^exitCode|^outsideWorkspace/],
  ['range-diff --output=$O/new main other'],
  ['range-diff --ext-diff main other'],
  ['cherry --output=$O/new main'],
  ['symbolic-ref HEAD refs/heads/other', /^refused: .*could change something/],
  ['symbolic-ref -d HEAD'],
  ['symbolic-ref -m x HEAD refs/heads/other'],
  ['submodule update'],
  ['submodule add $O/repository x'],
  ['submodule summary --files'],
  ['submodule status --foreach'],
  ['check-attr --stdin -a'],
  ['notes add -m x'],
  ['notes --ref=x show'],
  ['notes edit'],
  ['bisect start'],
  ['bisect visualize'],
  ['sparse-checkout disable'],
  ['sparse-checkout set x'],
  ['annotate --contents $O/secret.txt a.txt'],
  ['tag --sort x -d y'],
  ['tag --sort -- -d y'],
  ['tag --format -d x y', /^(exit 0|no output)/],
  ['branch --contains main -D other'],
  ['branch --sort -D other', /^exitCode: .*sort|^exit|^no output/],
  ['config get --file $O/config x.y'],
  ['config list --global'],
  ['config unset user.name', /^refused: .*could change something/],
  ['check-mailmap --stdin'],
  ['version --help'],
  ['status -v'],
  ['status --ignore-submodules=none'],
  ['log --recurse-submodules'],
  ['log --remerge-diff'],
  ...[
    ...[
      'ls-remote --upload-pack=$P .',
      'fetch --upload-pack=$P .',
      'clone ext::$P x',
      'pull',
      'push --receive-pack=$P .',
    ],
    ...[
      'archive --output=$O/new HEAD',
      'archive --remote=. --exec=$P HEAD',
      'bundle create $O/new HEAD',
      'apply $O/secret.txt',
    ],
    ...[
      'submodule foreach $P',
      'bisect run $P',
      'difftool -x $P',
      'mergetool',
      'rebase -x $P HEAD',
      'filter-branch --tree-filter $P',
    ],
    ...[
      'help log',
      'instaweb',
      'send-email',
      'daemon',
      'upload-pack .',
      'credential fill',
      'hook run pre-commit',
      'maintenance run',
    ],
    ...[
      'checkout -- .',
      'clean -fdx',
      'reset --hard',
      'update-index --refresh',
      'hash-object -w $O/secret.txt',
      'var GIT_EDITOR',
    ],
  ].map((args) => [args] as const),
];

const ofArguments: readonly Row[] = [
  {
    what: 'revisions that look odd are revisions',
    asked: () => [
      ['log', '@{upstream}'],
      ['show', '@{-1}'],
      ['log', ':/first'],
      ['rev-parse', '--git-path', 'hooks'],
      ['show', 'HEAD:../x'],
      ['log', '--end-of-options', '--output=x'],
    ],
    expected: 'harmless',
  },
  {
    what: 'pathspecs in git_add are names',
    asked: () => [
      ['git_add', { paths: ['--pathspec-from-file=/etc/passwd', ':(top)*', ':!a.txt', '-f', '--chmod=+x'] }],
    ],
    expected: /^exitCode: .*did not match/,
  },
  {
    what: 'paths outside in git_add',
    asked: ({ outside }) => [
      ['git_add', { paths: [`${outside}/secret.txt`] }],
      ['git_add', { paths: ['../x'] }],
    ],
    expected: /^outsideWorkspace: /,
  },
];

playRows(ofArguments);

test('hostile git: arguments that are refused', async (t) => {
  const scene = await play(t);
  const { outside, program } = scene;
  const before = await contentOf(outside);
  for (const [args, expected = notAllowed] of refusedArguments) {
    const words = args.split(' ').map((word) => word.replace('$O', outside).replace('$P', program));
    assert.match(await told(scene, words), expected, args);
    assert.deepEqual(await scene.ran(), [], args);
  }
  assert.equal(await contentOf(outside), before);
});

test('hostile git: variables of git in the environment', async (t) => {
  const scene = await play(t);
  const { program, outside } = scene;
  await withEnvironment(t, {
    ...{
      GIT_EXTERNAL_DIFF: program,
      GIT_PAGER: program,
      PAGER: program,
      GIT_EDITOR: program,
      EDITOR: program,
    },
    ...{
      GIT_SSH_COMMAND: program,
      GIT_SSH: program,
      GIT_ASKPASS: program,
      SSH_ASKPASS: program,
      GIT_PROXY_COMMAND: program,
    },
    ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_CONFIG_VALUE_0: program },
    ...{
      GIT_CONFIG_PARAMETERS: `'diff.external=${program}'`,
      GIT_EXEC_PATH: outside,
      GIT_TEMPLATE_DIR: outside,
    },
    ...{ GIT_DIR: `${outside}/repository/.git`, GIT_WORK_TREE: outside, GIT_INDEX_FILE: `${outside}/index` },
    ...{ GIT_OBJECT_DIRECTORY: outside, GIT_TRACE: `${outside}/trace`, GIT_SEQUENCE_EDITOR: program },
  });
  const before = await contentOf(outside);
  for (const asked of [...looks, ...changes]) {
    const text = await told(scene, asked);
    assert.match(text, /^(exit 0|no output|exitCode: exit 1: error: stash@)/, JSON.stringify(asked));
    assert.ok(!text.includes(secret));
  }
  assert.deepEqual(await scene.ran(), []);
  assert.equal(await contentOf(outside), before);
});

test('hostile git: more than forty arguments are refused', () => {
  assert.ok(refusedArguments.length > 40);
});
