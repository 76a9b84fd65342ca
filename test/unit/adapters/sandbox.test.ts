import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createSandbox } from '../../../src/adapters/node/sandbox.ts';
import type { CapturedStream, ProcessSpec } from '../../../src/core/processPorts.ts';
import type { ConfinedPlace } from '../../../src/core/sandboxPorts.ts';
import { sandboxProfile } from '../../../src/adapters/node/sandboxProfile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const helperFile = path.resolve(import.meta.dirname, '../../../src/adapters/node/sandboxHelper.ts');
const processes = createProcesses({ clock: nodeClock, killGraceMs: 50 });

/** Folders as a person has them: a home, AllSettled's state in it, and a workspace that is a repository. */
interface Setting {
  readonly home: string;
  readonly state: string;
  readonly outside: string;
  readonly workspace: string;
  readonly sandbox: ReturnType<typeof createSandbox>;
}

/** One for all tests that need a real one: it is tried once, and takes a while. */
const world = await realpath(await mkdtemp(path.join(tmpdir(), 'allsettled-')));
const home = path.join(world, 'home');
const state = path.join(home, '.local', 'state', 'allsettled');
const sandbox = createSandbox({ helperFile, processes, clock: nodeClock, stateDir: state, home });
await writeAll(home, {
  '.ssh/id_ed25519': 'SECRET',
  '.aws/credentials': 'SECRET',
  '.local/state/allsettled/sessions/other/journal.ndjson': 'SECRET',
});
after(async () => {
  sandbox.dispose();
  await rm(world, { recursive: true, force: true });
});

async function setting(t: TestContext): Promise<Setting> {
  const folder = await temporaryFolder(t);
  const [outside, workspace] = [`${folder}/outside`, `${folder}/workspace`];
  await writeAll(folder, {
    'outside/kept.txt': 'kept',
    'workspace/a.txt': 'a',
    'workspace/.git/HEAD': 'ref: refs/heads/main',
    'workspace/.git/config': '[core]',
    'workspace/.git/hooks/sample': '',
    'workspace/nested/deep/.git/HEAD': 'ref: refs/heads/main',
    'workspace/other/.vscode/settings.json': '{}',
    'workspace/all.code-workspace': '{}',
  });
  await symlink(outside, path.join(workspace, 'way-out'));
  return { home, state, outside, workspace, sandbox };
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/** What all of them came to; a test has no use for the others where one fails. */
async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const values: T[] = [];
  for (const result of await Promise.allSettled(promises)) {
    if (result.status === 'rejected') throw result.reason;
    values.push(result.value);
  }
  return values;
}

/** All files below a folder with their texts; links are not followed. */
async function tree(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  const told = files.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const text = entry.isFile() ? await readFile(file, 'utf8') : 'link';
    return `${path.relative(folder, file)}: ${text.trim()}`;
  });
  return (await settled(told)).sort();
}

function textOf({ kept }: CapturedStream): string {
  return kept.isWhole ? kept.text : `${kept.head}[...]${kept.tail}`;
}

type Ran =
  { readonly exitCode: number | string; readonly stdout: string; readonly stderr: string } | 'refused';

async function run(
  { sandbox, workspace }: Setting,
  command: string,
  more: Partial<ConfinedPlace> & Partial<ProcessSpec> = {},
): Promise<Ran> {
  const { roots = [workspace], writable = roots, ...spec } = more;
  const confined = await sandbox.confine(command, { roots, writable });
  if (!confined.ok) {
    assert.equal((await sandbox.state()).kind, 'unavailable', confined.error.message);
    return 'refused';
  }
  const end = await processes.run({
    command: { kind: 'shell', line: confined.command.line },
    env: confined.command.env,
    cwd: roots[0] ?? workspace,
    signal: new AbortController().signal,
    ...spec,
  });
  await confined.command.release();
  if (end.kind === 'cannotStart') return assert.fail(end.error.message);
  const { stdout, stderr } = end.output;
  const exitCode = end.kind === 'exited' ? end.exitCode : end.kind;
  return { exitCode, stdout: textOf(stdout), stderr: textOf(stderr) };
}

/** Where no sandbox can be made, all that is promised is that nothing ran. */
function ranOr(ran: Ran, check: (ran: Exclude<Ran, 'refused'>) => void): void {
  if (ran !== 'refused') check(ran);
}

test('a confined command works in its workspace and in a folder of its own for temporary files', async (t) => {
  const here = await setting(t);
  const before = await tree(here.workspace);
  const ran = await run(
    here,
    'cat a.txt; echo b >b.txt; echo t >"$TMPDIR/t"; cat "$TMPDIR/t"; mktemp >/dev/null',
  );
  ranOr(ran, ({ exitCode, stdout, stderr }) => {
    assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 0, stdout: 'at\n', stderr: '' });
  });
  const written = ran === 'refused' ? [] : ['b.txt: b'];
  assert.deepEqual(await tree(here.workspace), [...before, ...written].sort());
});

const writes: readonly (readonly [what: string, command: string])[] = [
  ['a file beside the workspace', 'echo x >../outside/new'],
  ['a file by its absolute path', 'echo x >"$OUTSIDE/new"'],
  ['an existing file', 'echo x >>"$OUTSIDE/kept.txt"'],
  ['a file through a link that was there', 'echo x >way-out/kept.txt'],
  ['a file through a link of its own', 'ln -s "$OUTSIDE" mine; echo x >mine/kept.txt; rm mine'],
  ['a file through a hard link', 'ln "$OUTSIDE/kept.txt" hard; echo x >hard; rm -f hard'],
  ['a removal', 'rm -f "$OUTSIDE/kept.txt"'],
  ['a renaming', 'mv "$OUTSIDE/kept.txt" "$OUTSIDE/gone"'],
  ['a mode', 'chmod 777 "$OUTSIDE/kept.txt" "$OUTSIDE"'],
  ['the home folder', 'echo x >>"$FAKEHOME/.bashrc"'],
  ['a key file', 'mkdir -p "$FAKEHOME/.ssh"; echo x >>"$FAKEHOME/.ssh/authorized_keys"'],
  ['the state folder', 'mkdir -p "$STATE/sessions"; echo x >"$STATE/sessions/x"'],
  ['a hook', 'echo x >.git/hooks/pre-commit'],
  ['the config of the repository', 'echo x >>.git/config'],
  ['the config through git', 'git config core.fsmonitor ./x'],
  ['another folder for the config', 'echo ../mine >.git/commondir'],
  ['a repository moved away', 'mv .git mine; mkdir .git; echo x >.git/config'],
  ['a repository removed', 'rm -rf .git'],
  ['a nested repository', 'mkdir -p nested/deep/.git/hooks; echo x >nested/deep/.git/hooks/pre-commit'],
  ['a nested repository moved away', 'mv nested/deep mine; mv nested mine2'],
  ["the editor's folder that is not there yet", 'mkdir .vscode; echo x >.vscode/settings.json'],
  ["the editor's folder as a link", 'ln -s other .vscode'],
  ['a file of a workspace', 'echo x >all.code-workspace; mv all.code-workspace mine'],
  ["the editor's folder further down", 'echo x >other/.vscode/settings.json'],
  ['a mount over a file', 'mount --bind a.txt "$OUTSIDE/kept.txt"; unshare -Urm umount .git'],
];

for (const [what, command] of writes)
  test(`a confined command does not get to write: ${what}`, async (t) => {
    const here = await setting(t);
    const { outside, workspace } = here;
    const everything = async (): Promise<readonly string[]> => [
      ...(await tree(path.dirname(workspace))),
      ...(await tree(home)),
    ];
    const before = await everything();
    await run(here, command, { env: { OUTSIDE: outside, FAKEHOME: home, STATE: state } });
    assert.deepEqual(await everything(), before);
  });

const reads: readonly (readonly [what: string, command: string])[] = [
  ['a private key', 'cat "$FAKEHOME/.ssh/id_ed25519"'],
  ['credentials of a cloud', 'cat "$FAKEHOME/.aws/credentials"'],
  ['the journal of another session', 'cat "$STATE/sessions/other/journal.ndjson"'],
  ['anything of the state folder', 'grep -r SECRET "$STATE" "$FAKEHOME"'],
  ['the environment of the host', 'tr "\\0" "\\n" </proc/$HOST_PID/environ; env'],
  ['what other programs run', 'cat /proc/[0-9]*/environ | tr "\\0" "\\n"'],
];

for (const [what, command] of reads)
  test(`a confined command does not get to read: ${what}`, async (t) => {
    const here = await setting(t);
    const env = { FAKEHOME: here.home, STATE: here.state, HOST_PID: String(process.pid) };
    process.env.ANTHROPIC_API_KEY = 'SECRET';
    t.after(() => delete process.env.ANTHROPIC_API_KEY);
    const ran = await run(here, command, { env });
    ranOr(ran, ({ stdout, stderr }) => assert.doesNotMatch(stdout + stderr, /SECRET/));
  });

/** At least one file below each place of the sandbox's own list of secrets, stated here by hand. */
const secretFiles = [
  '.ssh/config',
  '.gnupg/pubring.kbx',
  '.password-store/mail.gpg',
  '.local/share/keyrings/login.keyring',
  '.netrc',
  '.git-credentials',
  '.config/git/credentials',
  '.config/gh/hosts.yml',
  '.config/hub/user.yml',
  '.config/glab-cli/config.yml',
  '.config/github-copilot/apps.json',
  '.config/op/config',
  '.vault-token',
  '.aws/config',
  '.azure/azureProfile.json',
  '.config/gcloud/credentials.db',
  '.oci/config',
  '.s3cfg',
  '.boto',
  '.fly/config.yml',
  '.config/doctl/config.yaml',
  '.config/rclone/rclone.conf',
  '.databrickscfg',
  '.kube/config',
  '.docker/config.json',
  '.config/containers/auth.json',
  '.config/sops/age/keys.txt',
  '.terraform.d/credentials.tfrc.json',
  '.config/stripe/config.toml',
  '.kaggle/kaggle.json',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.bunfig.toml',
  '.pypirc',
  '.pip/pip.conf',
  '.config/pip/pip.conf',
  '.config/pypoetry/auth.toml',
  '.config/uv/credentials.toml',
  '.local/share/uv/credentials/credentials.toml',
  '.m2/settings.xml',
  '.m2/settings-security.xml',
  '.gradle/gradle.properties',
  '.ivy2/.credentials',
  '.sbt/.credentials',
  '.sbt/1.0/credentials.sbt',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.gem/credentials',
  '.bundle/config',
  '.hex/hex.config',
  '.composer/auth.json',
  '.config/composer/auth.json',
  '.nuget/NuGet/NuGet.Config',
  '.config/NuGet/NuGet.Config',
  '.pgpass',
  '.my.cnf',
  '.claude.json',
  '.claude/.credentials.json',
  '.codex/auth.json',
  '.gemini/oauth_creds.json',
  '.config/anthropic/credentials.json',
  '.cache/huggingface/token',
  '.huggingface/token',
  '.mozilla/firefox/a.default/key4.db',
  '.config/google-chrome/Default/Cookies',
  '.config/chromium/Default/Cookies',
  '.config/microsoft-edge/Default/Cookies',
  '.thunderbird/a/key4.db',
  '.config/BraveSoftware/Brave-Browser/Default/Cookies',
  '.config/Bitwarden/data.json',
  '.bash_history',
  '.zsh_history',
  'Library/Keychains/login.keychain-db',
  'Library/Cookies/Cookies.binarycookies',
  'Library/Application Support/Firefox/key4.db',
  'Library/Application Support/Google/Chrome/Cookies',
  'Library/Application Support/gcloud/credentials.db',
];

test('no well-known file of secrets can be read, and others of the home folder can', async (t) => {
  const here = await setting(t);
  const readable = ['.config/other/settings.json', '.cargo/config.toml', 'notes.txt'];
  await writeAll(home, Object.fromEntries([...secretFiles, ...readable].map((file) => [file, 'KEPT'])));
  const ran = await run(here, 'cd "$FAKEHOME" && grep -rl KEPT .', { env: { FAKEHOME: home } });
  ranOr(ran, ({ stdout }) =>
    assert.deepEqual(stdout.trim().split('\n').sort(), readable.map((file) => `./${file}`).sort()),
  );
});

test('a confined command reaches no network and no socket', async (t) => {
  const here = await setting(t);
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const socketServer = createServer(() => (connections += 1));
  t.after(() => {
    server.close();
    socketServer.close();
  });
  const socket = path.join(here.workspace, 'socket');
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await once(socketServer.listen(socket), 'listening');
  const { port } = server.address() as AddressInfo;
  const connect = (to: string): string =>
    `require('net').connect(${to}).on('connect', () => console.log('IN')).on('error', (e) => console.log(e.code))`;
  const script = `${connect(`${port}, '127.0.0.1'`)}; ${connect(JSON.stringify(socket))};
    require('dns').lookup('localhost.example.com', (e) => console.log(e ? 'no name' : 'IN'));`;
  const ran = await run(here, `"${process.execPath}" -e '${script.replaceAll("'", `'\\''`)}'`);
  ranOr(ran, ({ stdout, stderr }) => {
    assert.equal(stderr, '');
    assert.deepEqual(stdout.trim().split('\n').sort(), ['ECONNREFUSED', 'EPERM', 'no name']);
  });
  assert.equal(connections, 0);
});

test('without a writable folder a command writes to its temporary one alone', async (t) => {
  const here = await setting(t);
  const before = await tree(here.workspace);
  const ran = await run(
    here,
    'echo x >x; echo y >.vscode; rm a.txt; echo t >"$TMPDIR/t" && cat "$TMPDIR/t" a.txt',
    {
      writable: [],
    },
  );
  ranOr(ran, ({ stdout, exitCode }) =>
    assert.deepEqual({ stdout, exitCode }, { stdout: 't\na', exitCode: 0 }),
  );
  assert.deepEqual(await tree(here.workspace), before);
});

test('a worktree in the state folder is all that a command there sees of it', async (t) => {
  const here = await setting(t);
  const worktree = path.join(here.state, 'worktrees', 'session', 'agent-2');
  await writeAll(worktree, { '.git': 'gitdir: elsewhere', 'w.txt': 'w' });
  const command =
    'cat w.txt; echo x >new; echo x >.git; ls "$STATE"; cat "$STATE/sessions/other/journal.ndjson"';
  const ran = await run(here, command, { roots: [worktree], env: { STATE: here.state } });
  ranOr(ran, ({ stdout }) => assert.equal(stdout, 'wprograms\nworktrees\n'));
  assert.deepEqual(
    await tree(worktree),
    ran === 'refused'
      ? ['.git: gitdir: elsewhere', 'w.txt: w']
      : ['.git: gitdir: elsewhere', 'new: x', 'w.txt: w'],
  );
});

test('where the home folder is the workspace, what runs at the next login stays as it is', async (t) => {
  const here = await setting(t);
  const before = await tree(here.home);
  const command =
    'echo x >>.bashrc; mkdir -p .config/editor; echo x >.config/editor/settings.json; echo x >.zshenv';
  const ran = await run(here, command, { roots: [here.home] });
  ranOr(ran, ({ stderr }) => assert.match(stderr, /Permission denied|Read-only/));
  assert.deepEqual(await tree(here.home), before);
});

test('commands with different rights run at once, and none has those of another', async (t) => {
  const here = await setting(t);
  const command = 'echo x >made-$NAME; sleep 0.2; echo y >>made-$NAME';
  const may = [true, false, true, false];
  const ran = await settled(
    may.map((mayWrite, index) =>
      run(here, command, { env: { NAME: String(index) }, writable: mayWrite ? [here.workspace] : [] }),
    ),
  );
  const made = (await tree(here.workspace)).filter((file) => file.startsWith('made-'));
  assert.deepEqual(made, ran.includes('refused') ? [] : ['made-0: x\ny', 'made-2: x\ny']);
});

/** The processes of this machine whose command line holds a text. */
async function running(text: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await settled(lines)).filter((line) => line.includes(text));
}

test('a killed command leaves nothing alive, also what left its group or ignores being asked', async (t) => {
  const here = await setting(t);
  const marker = `98765.${process.pid}`;
  const controller = new AbortController();
  const command = `trap "" TERM; setsid sleep ${marker} & (setsid sleep ${marker} &) ; echo ready; sleep ${marker}`;
  const ran = await run(here, command, {
    signal: controller.signal,
    onChunk: (_, chunk) => chunk.includes('ready') && controller.abort(),
  });
  ranOr(ran, ({ exitCode }) => assert.equal(exitCode, 'killed'));
  assert.deepEqual(await running(marker), []);
});

test('what a command leaves running ends with it', async (t) => {
  const here = await setting(t);
  const marker = `98766.${process.pid}`;
  const ran = await run(here, `setsid sleep ${marker} >/dev/null 2>&1 & echo started`);
  ranOr(ran, ({ stdout }) => assert.equal(stdout, 'started\n'));
  assert.deepEqual(await running(marker), []);
});

/** A helper that answers a trial as a working sandbox would, and everything later by `later`. */
function passingHelper(later: string): string {
  return `
    let isTried = false;
    process.on('message', (request) => {
      let line = '';
      if (request.kind === 'confine' && isTried) { ${later} }
      else if (request.kind === 'confine') line = request.command.replace(/ && ! [{].*?[}] 2>.dev.null/, '');
      if (request.kind === 'confine') isTried = true;
      process.send({ id: request.id, ok: true, line, remarks: [] });
    });
    process.on('disconnect', () => process.exit());`;
}

interface FakeSandbox extends Setting {
  readonly told: readonly string[];
  readonly programs: string;
}

interface FakeOptions {
  readonly platform?: NodeJS.Platform;
  readonly hasBubblewrap?: boolean;
  readonly monotonicMs?: () => number;
}

/** With a helper in the workspace, and a bubblewrap that is never started: the same on every machine. */
async function fakeSandbox(
  t: TestContext,
  helper: string,
  { platform = 'linux', hasBubblewrap = true, monotonicMs = () => 0 }: FakeOptions = {},
): Promise<FakeSandbox> {
  const here = await setting(t);
  const programs = await temporaryFolder(t);
  const told: string[] = [];
  await writeAll(here.workspace, { 'dist/helper.mjs': helper });
  if (hasBubblewrap) await installBubblewrap(programs);
  const sandbox = createSandbox({
    helperFile: path.join(here.workspace, 'dist', 'helper.mjs'),
    processes,
    clock: { monotonicMs },
    stateDir: here.state,
    home: here.home,
    platform,
    programFolders: [programs],
    onUnavailable: (reason) => told.push(reason),
  });
  t.after(() => sandbox.dispose());
  return { ...here, sandbox, told, programs };
}

async function installBubblewrap(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
}

const place = { roots: [], writable: [] };

test('a sandbox that does not hold is none: nothing runs, and it is told once', async (t) => {
  const leaky = `process.on('message', ({ id, command }) => process.send({ id, ok: true, line: command ?? '', remarks: [] }));
    process.on('disconnect', () => process.exit());`;
  const { sandbox, told } = await fakeSandbox(t, leaky);
  const reason = 'The sandbox of this system lets commands write where they must not.';
  assert.deepEqual(await sandbox.state(), { kind: 'unavailable', reason });
  const confined = await sandbox.confine('echo ran', place);
  assert.deepEqual(confined, { ok: false, error: { kind: 'cannotStart', message: reason } });
  assert.deepEqual(told, [reason]);
});

test('a system that lets no sandbox be made says why, and what to do', async (t) => {
  const failing = passingHelper('').replace(
    "let line = '';",
    `let line = 'echo "bwrap: No permissions" >&2; exit 1 #';
    if (request.kind === 'confine') return process.send({ id: request.id, ok: true, line, remarks: [] });`,
  );
  const { sandbox } = await fakeSandbox(t, failing);
  const state = await sandbox.state();
  assert.match(
    state.kind === 'unavailable' ? state.reason : '',
    /^This system lets no sandbox be made \(bwrap: No permissions\)\. In a container, /,
  );
});

test('without bubblewrap, and on Windows, commands are not confined, and a person reads what to do', async (t) => {
  const missing = await fakeSandbox(t, '', { hasBubblewrap: false });
  const windows = await fakeSandbox(t, '', { platform: 'win32' });
  const [one, other] = [await missing.sandbox.state(), await windows.sandbox.state()];
  assert.match(one.kind === 'unavailable' ? one.reason : '', /^bubblewrap is not installed\. Install it/);
  assert.match(other.kind === 'unavailable' ? other.reason : '', /On Windows, open the folder in WSL/);
  assert.equal((await missing.sandbox.confine('echo ran', place)).ok, false);
  assert.equal((await windows.sandbox.confine('echo ran', place)).ok, false);
});

test('what was missing is looked for again after a while', async (t) => {
  let now = 0;
  const here = await fakeSandbox(t, passingHelper(''), { hasBubblewrap: false, monotonicMs: () => now });
  assert.equal((await here.sandbox.state()).kind, 'unavailable');
  await installBubblewrap(here.programs);
  now = 29_999;
  assert.equal((await here.sandbox.state()).kind, 'unavailable');
  now = 30_000;
  assert.deepEqual(await here.sandbox.state(), { kind: 'works' });
  now = 1_000_000;
  assert.deepEqual(await here.sandbox.state(), { kind: 'works' });
  assert.equal(here.told.length, 1);
});

test('a helper that breaks off confines nothing, and says so', async (t) => {
  const dead = await fakeSandbox(t, 'process.exit(3);');
  const broke = 'The sandbox could not be made: The program that makes the sandbox broke off: it ended (3).';
  const state = await dead.sandbox.state();
  assert.match(state.kind === 'unavailable' ? state.reason : '', /broke off/);
  const later = await fakeSandbox(t, passingHelper('process.exit(3);'));
  assert.deepEqual(await later.sandbox.state(), { kind: 'works' });
  assert.deepEqual(await later.sandbox.confine('echo ran', place), {
    ok: false,
    error: { kind: 'cannotStart', message: broke },
  });
});

test('what is taken away later confines nothing, and says so', async (t) => {
  const here = await fakeSandbox(t, passingHelper(''));
  assert.deepEqual(await here.sandbox.state(), { kind: 'works' });
  await rm(path.join(here.programs, 'bwrap'));
  const message = 'The sandbox could not be made: bubblewrap is no longer installed.';
  assert.deepEqual(await here.sandbox.confine('echo ran', place), {
    ok: false,
    error: { kind: 'cannotStart', message },
  });
});

test('nobody who may write to the folder of the sandbox itself may change it', async (t) => {
  const here = await fakeSandbox(t, passingHelper('line = JSON.stringify(request.profile);'));
  const confined = await here.sandbox.confine('true', {
    roots: [here.workspace],
    writable: [here.workspace],
  });
  assert.ok(confined.ok);
  const profile = JSON.parse(confined.command.line) as Readonly<Record<string, readonly string[]>>;
  await confined.command.release();
  const inside = (name: string): string => path.join(here.workspace, name);
  assert.deepEqual(profile['unwritable'], [inside('dist'), path.join(here.state, 'programs')]);
  assert.deepEqual(profile['guarded'], [here.workspace]);
  assert.deepEqual(profile['writable'], [confined.command.env['TMPDIR'], here.workspace]);
  assert.deepEqual(profile['readable'], [path.join(here.state, 'programs')]);
  assert.equal(profile['unreadable']?.[0], here.state);
});

test('a state folder elsewhere does not open the usual one, nor what programs keep of keys', async (t) => {
  const home = await temporaryFolder(t);
  const sessions = path.join(home, '.local/share/allsettled');
  const worktree = path.join(sessions, 'worktrees/one');
  const { unreadable, readable } = await sandboxProfile(
    { roots: [worktree], writable: [worktree] },
    {
      home,
      stateDir: path.join(home, 'elsewhere'),
      programs: path.join(home, 'elsewhere/programs'),
      ownFolder: path.join(home, 'own'),
      temporary: path.join(home, 'temporary'),
      secretFiles: [],
    },
  );
  for (const file of [
    sessions,
    ...['.ssh', '.config/github-copilot', '.config/sops'].map((name) => path.join(home, name)),
  ])
    assert.ok(unreadable.includes(file), file);
  assert.ok(readable.includes(worktree));
});
