import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childEnvironment } from '../../../src/adapters/node/environment.ts';
import { gitSettingsOf } from '../../../src/adapters/node/gitSettings.ts';
import { gitEnvironment } from '../../../src/safety/gitHardening.ts';

const gitOfEditor = '/usr/share/code/resources/app/extensions/git/dist';
const helperOfServer = '/root/.vscode-server/bin/1a2b/bin/helpers/browser.sh';

type Variables = Readonly<Record<string, string>>;

const commands: readonly (readonly [what: string, base: Variables, left: Variables])[] = [
  [
    '13c: the helper of the editor that asks for a password goes with its partner',
    { GIT_ASKPASS: `${gitOfEditor}/askpass.sh`, VSCODE_GIT_ASKPASS_NODE: '/usr/share/code/code', A: 'a' },
    { A: 'a' },
  ],
  [
    '13c: the same of ssh, with what makes ssh use it, whatever the editor is called',
    {
      ...{ GIT_ASKPASS: '/opt/fork/x/askpass.sh', SSH_ASKPASS: '/opt/fork/x/ssh-askpass.sh' },
      ...{ VSCODE_GIT_ASKPASS_MAIN: '/opt/fork/x/askpass-main.js', VSCODE_GIT_ASKPASS_EXTRA_ARGS: '' },
      ...{ SSH_ASKPASS_REQUIRE: 'force', VSCODE_GIT_IPC_HANDLE: '/tmp/x.sock' },
    },
    {},
  ],
  [
    '13c: a helper of the person’s own stays, also in the editor',
    {
      ...{
        GIT_ASKPASS: '/home/me/token.sh',
        SSH_ASKPASS: '/usr/bin/ksshaskpass',
        SSH_ASKPASS_REQUIRE: 'prefer',
      },
      ...{
        VSCODE_GIT_ASKPASS_NODE: '/usr/share/code/code',
        VSCODE_GIT_ASKPASS_MAIN: `${gitOfEditor}/main.js`,
      },
    },
    { GIT_ASKPASS: '/home/me/token.sh', SSH_ASKPASS: '/usr/bin/ksshaskpass', SSH_ASKPASS_REQUIRE: 'prefer' },
  ],
  ['13c: without the editor a helper stays', { GIT_ASKPASS: '/ci/askpass' }, { GIT_ASKPASS: '/ci/askpass' }],
  [
    '13c: the browser of the editor’s server goes with the socket that it calls',
    { BROWSER: helperOfServer, VSCODE_IPC_HOOK_CLI: '/run/x.sock' },
    {},
  ],
  ['13c: another browser stays', { BROWSER: 'firefox', VSCODE_IPC_HOOK_CLI: '/x' }, { BROWSER: 'firefox' }],
  [
    '13d: start-up files of a shell and all of ANTHROPIC_ go, as the README says',
    {
      BASH_ENV: '/ci/env',
      ENV: '/ci/env',
      ANTHROPIC_BASE_URL: 'https://x',
      ANTHROPIC_MODEL: 'm',
      ENVIRONMENT: 'ci',
    },
    { ENVIRONMENT: 'ci' },
  ],
  [
    'what a person gives to git stays for their commands',
    { GIT_AUTHOR_NAME: 'CI', GIT_SSH_COMMAND: 'ssh -i key', GIT_CONFIG_COUNT: '0', GIT_DIR: '/x' },
    { GIT_AUTHOR_NAME: 'CI', GIT_SSH_COMMAND: 'ssh -i key', GIT_CONFIG_COUNT: '0', GIT_DIR: '/x' },
  ],
];

for (const [what, base, left] of commands)
  test(`K13: a command finds the whole of a pair or nothing: ${what}`, () => {
    assert.deepEqual(childEnvironment(base), left);
  });

function ofGit(base: Variables): Record<string, string> {
  const { withoutEnv, keptEnv, keptGitSettings } = gitEnvironment;
  return { ...childEnvironment(base, withoutEnv, {}, keptEnv), ...gitSettingsOf(base, keptGitSettings) };
}

const identity = {
  ...{ GIT_AUTHOR_NAME: 'CI', GIT_AUTHOR_EMAIL: 'ci@example.invalid', GIT_AUTHOR_DATE: '2020-01-01' },
  ...{
    GIT_COMMITTER_NAME: 'CI',
    GIT_COMMITTER_EMAIL: 'ci@example.invalid',
    GIT_COMMITTER_DATE: '2020-01-01',
  },
};

function settings(...pairs: readonly (readonly [key: string, value: string])[]): Variables {
  const entries = pairs.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...(Object.fromEntries(entries) as Variables) };
}

const programs: readonly (readonly [key: string, value: string])[] = [
  ...(['core.fsmonitor', 'core.pager', 'core.editor', 'core.sshCommand', 'core.hooksPath'] as const).map(
    (key) => [key, '/bin/x'] as const,
  ),
  ...(['core.askPass', 'core.gitProxy', 'diff.external', 'diff.x.textconv', 'filter.x.clean'] as const).map(
    (key) => [key, '/bin/x'] as const,
  ),
  ...(['alias.status', 'credential.helper', 'gpg.program', 'merge.x.driver', 'include.path'] as const).map(
    (key) => [key, '/bin/x'] as const,
  ),
  ...(
    [
      'core.worktree',
      'core.attributesFile',
      'core.excludesFile',
      'user.signingKey',
      'safe.bareRepository',
    ] as const
  ).map((key) => [key, '/bin/x'] as const),
  ['user.name\n[core]fsmonitor', '/bin/x'],
];

const gits: readonly (readonly [what: string, base: Variables, left: Variables])[] = [
  ['13a: the identity of a CI', identity, identity],
  [
    'files of settings, by full paths',
    { GIT_CONFIG_GLOBAL: '/home/me/config', GIT_CONFIG_SYSTEM: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    { GIT_CONFIG_GLOBAL: '/home/me/config', GIT_CONFIG_SYSTEM: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  ],
  [
    'no file of settings that a repository could hold',
    { GIT_CONFIG_GLOBAL: '.gitconfig', GIT_CONFIG_SYSTEM: 'x/y' },
    {},
  ],
  [
    'settings that name neither a program nor a file',
    settings(['safe.directory', '/work'], ['User.Name', 'CI'], ['core.autocrlf', 'input']),
    settings(['safe.directory', '/work'], ['User.Name', 'CI'], ['core.autocrlf', 'input']),
  ],
  ['none of those that do', settings(...programs), {}],
  [
    'the others, counted anew',
    settings(['core.fsmonitor', 'x'], ['safe.directory', '*'], ['alias.x', '!x'], ['user.email', 'a@b']),
    settings(['safe.directory', '*'], ['user.email', 'a@b']),
  ],
  ['nothing of what git would not understand', { GIT_CONFIG_COUNT: '2', GIT_CONFIG_KEY_0: 'user.name' }, {}],
  ['nothing of a count that is none', { ...settings(['user.name', 'x']), GIT_CONFIG_COUNT: '1e9' }, {}],
  [
    'nothing that leads git elsewhere or starts a program',
    {
      ...{
        GIT_DIR: '/x',
        GIT_WORK_TREE: '/x',
        GIT_INDEX_FILE: '/x',
        GIT_OBJECT_DIRECTORY: '/x',
        GIT_EXEC_PATH: '/x',
      },
      ...{
        GIT_SSH_COMMAND: 'x',
        GIT_EXTERNAL_DIFF: 'x',
        GIT_EDITOR: 'x',
        GIT_PAGER: 'x',
        GIT_ASKPASS: 'x',
        PAGER: 'x',
      },
      ...{
        GIT_CONFIG_PARAMETERS: "'a.b=c'",
        GIT_CONFIG: '/x',
        GIT_TEMPLATE_DIR: '/x',
        GIT_TRACE: '/x',
        SSH_ASKPASS: 'x',
      },
    },
    {},
  ],
];

for (const [what, base, left] of gits)
  test(`K13: of the person's environment the git tools find ${what}`, () => {
    assert.deepEqual(ofGit(base), left);
  });
