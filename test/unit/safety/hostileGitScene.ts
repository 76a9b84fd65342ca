/** Plays rows of a table of hostile repositories with the real git and the real tools. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { makeRepository, plainGit, withHome } from '../tools/gitBench.ts';
import { toolBench, type ToolBench } from '../tools/toolBench.ts';

export const secret = 'SECRET-OF-ANOTHER-FOLDER';
export const missing = '0123456789012345678901234567890123456789';

/** Where a row plays. `program` leaves a mark when it runs. */
export interface Scene {
  readonly bench: ToolBench;
  readonly root: string;
  /** A folder outside the workspace that holds a secret; nothing may be written there. */
  readonly outside: string;
  readonly program: string;
  /** Puts the settings at the end of the repository's config. */
  config(text: string): Promise<void>;
  write(name: string, text: string): Promise<void>;
}

export type Args =
  readonly string[] | readonly [tool: 'git_add' | 'git_commit' | 'git_switch' | 'git_stash', input: object];

/** `harmless`: it may answer or fail, but nothing is run, written or shown that lies outside. A pattern: it is refused, and says so. */
export type Expected = 'harmless' | RegExp;

export interface Row {
  readonly what: string;
  readonly set?: (scene: Scene) => Promise<unknown>;
  readonly asked: (scene: Scene) => readonly Args[];
  readonly expected: Expected;
  /** What git by itself would do with it, so that the row can fail. */
  readonly alone?: readonly string[];
}

export const notAllowed = /^refused: .*(not allowed here|must be a subcommand)/;

export function settings(text: (scene: Scene) => string): (scene: Scene) => Promise<void> {
  return (scene) => scene.config(text(scene));
}

export type RefusedArguments = readonly [args: string, expected?: RegExp];

export async function withAttributes(scene: Scene, attributes: string, config: string): Promise<void> {
  await scene.write('.gitattributes', attributes);
  await scene.config(config);
  // As long as before, so that git must look into it.
  await scene.write('a.txt', 'two\n');
}

export async function withHooks(folder: string, { program }: Scene): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = [
    'pre-commit',
    'prepare-commit-msg',
    'commit-msg',
    'post-commit',
    'post-checkout',
    'post-index-change',
  ];
  for (const name of [...names, 'reference-transaction', 'post-rewrite', 'pre-auto-gc'])
    await cp(program, path.join(folder, name));
}

/** A repository that lacks an object, which it would fetch over what its config says. */
export function promisor(rest: (scene: Scene) => string): (scene: Scene) => Promise<void> {
  return settings(
    (scene) =>
      `[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n${rest(scene)}\n`,
  );
}

export async function withSubmodule(scene: Scene): Promise<void> {
  const sub = path.join(scene.root, 'sub');
  await mkdir(sub);
  await makeRepository(sub);
  await writeFile(path.join(sub, '.gitattributes'), '* filter=own\n');
  plainGit(scene.root, 'add', 'sub', 'a.txt');
  plainGit(scene.root, 'commit', '-q', '-m', 'with a submodule');
  await appendFile(path.join(sub, '.git/config'), `[filter "own"]\n\tclean = ${scene.program}\n`);
  await writeFile(path.join(sub, 'a.txt'), 'two\n');
}

/** A link in the place of a file. */
export async function link(to: string, file: string): Promise<void> {
  await rm(file, { force: true });
  await symlink(to, file);
}

export async function signed({ root, outside }: Scene): Promise<void> {
  const commit = plainGit(root, 'cat-file', 'commit', 'HEAD').replace(
    '\n\n',
    '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n',
  );
  const file = path.join(outside, '..', `commit-${path.basename(outside)}`);
  await writeFile(file, commit);
  const id = plainGit(root, 'hash-object', '-t', 'commit', '-w', file).trim();
  await rm(file);
  plainGit(root, 'update-ref', 'refs/heads/main', id);
}

export async function withEnvironment(
  t: TestContext,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, value] of Object.entries(variables)) {
    const had = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (had === undefined) delete process.env[name];
      else process.env[name] = had;
    });
  }
  await Promise.resolve();
}

export const looks: readonly Args[] = [
  ['status'],
  ['diff', 'HEAD'],
  ['log', '-p', '-1'],
  ['describe', '--always', '--dirty'],
  ['diff-index', '-p', 'HEAD'],
  ['diff-files', '-p'],
  ['range-diff', 'HEAD', 'HEAD', 'other'],
  ['cherry', 'other'],
  ['reflog', '-p'],
  ['submodule', 'status'],
  ['annotate', 'a.txt'],
  ['notes'],
  ['check-attr', '--all', 'a.txt'],
];
export const changes: readonly Args[] = [
  ['git_add', { paths: ['.'] }],
  ['git_commit', { message: 'x\n\nSigned-off-by: x', all: true }],
  ['git_switch', { branch: 'new', create: true }],
  ['git_stash', { action: 'push', includeUntracked: true }],
  ['git_stash', { action: 'pop' }],
];
let template: { readonly root: string; readonly outside: string };

/** Makes the repositories that each row gets copies of; once in a file of tests. */
export function prepareScenes(): void {
  before(makeTemplate);
}

async function makeTemplate(t: unknown): Promise<void> {
  const root = await temporaryFolder(t as TestContext);
  await makeRepository(root);
  plainGit(root, 'branch', 'other');
  const outside = await temporaryFolder(t as TestContext);
  await writeFile(path.join(outside, 'secret.txt'), `${secret}\n`);
  await mkdir(path.join(outside, 'repository'));
  await makeRepository(path.join(outside, 'repository'));
  await writeFile(path.join(outside, 'repository/secret.txt'), `${secret}\n`);
  plainGit(path.join(outside, 'repository'), 'add', '.');
  plainGit(path.join(outside, 'repository'), 'commit', '-q', '-m', secret);
  template = { root, outside };
}

export async function play(
  t: TestContext,
): Promise<Scene & { readonly ran: () => Promise<readonly string[]> }> {
  await withHome(t);
  const bench = await toolBench(t);
  const marks = await temporaryFolder(t);
  const outside = await temporaryFolder(t);
  await cp(template.root, bench.root, { recursive: true });
  await cp(template.outside, outside, { recursive: true });
  const program = path.join(await temporaryFolder(t), 'program');
  await writeFile(program, `#!/bin/sh\ntouch '${marks}/ran'\ncat >/dev/null 2>&1 </dev/null\nexit 1\n`);
  await chmod(program, 0o755);
  const { root } = bench;
  await writeFile(path.join(root, 'a.txt'), 'two\n');
  return {
    ...{ bench, root, outside, program },
    config: (text) => appendFile(path.join(root, '.git/config'), text),
    write: (name, text) => writeFile(path.join(root, name), text),
    ran: () => readdir(marks),
  };
}

export async function told({ bench, root }: Scene, asked: Args): Promise<string> {
  const [first, second] = asked;
  if (typeof second === 'object') return bench.text(first, second);
  const [, folder = '', ...rest] = asked as readonly string[];
  if (first !== '-in') return bench.text('git', { args: asked });
  return bench.text('git', { args: rest }, { cwd: path.join(root, folder), roots: [root] });
}

/** Everything in a folder with what stands in it, to see whether anything was written. */
export async function contentOf(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const files = names.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  const texts = await Promise.allSettled(files.map((file) => readFile(file, 'latin1')));
  return JSON.stringify(files.map((file, at) => [file, texts[at]]));
}

/** A test for each row: nothing runs, nothing outside is shown or written, and git alone would have done it. */
export function playRows(rows: readonly Row[]): void {
  prepareScenes();
  for (const row of rows)
    test(`hostile git: ${row.what}`, { timeout: 90_000 }, async (t) => {
      const scene = await play(t);
      const { root, outside } = scene;
      await row.set?.(scene);
      if (row.what.endsWith('on PATH'))
        await withEnvironment(t, {
          PATH: [`${root}/node_modules/.bin`, '.', 'bin', `${root}/bin`, process.env.PATH].join(
            path.delimiter,
          ),
        });
      const before = await contentOf(outside);
      for (const asked of row.asked(scene)) {
        const text = await told(scene, asked);
        const name = `${JSON.stringify(asked)}: ${text}`;
        if (row.expected !== 'harmless') assert.match(text, row.expected, name);
        const quoted = text.replaceAll(`${outside}/secret.txt`, '');
        assert.ok(!quoted.includes(secret), name);
        assert.deepEqual(await scene.ran(), [], name);
      }
      assert.equal(await contentOf(outside), before);
      if (row.alone === undefined) return;
      try {
        execFileSync('git', [...row.alone], {
          ...{ cwd: root, stdio: 'ignore', timeout: 20_000 },
          env: { ...process.env, ...identity, GIT_TERMINAL_PROMPT: '0' },
        });
      } catch {
        // What the program answers is nonsense to git; that it ran is what counts.
      }
      const isShown = (await scene.ran()).length > 0 || (await contentOf(outside)) !== before;
      assert.ok(isShown, 'git alone does it, so that the row can fail');
    });
}

const identity = {
  ...{ GIT_AUTHOR_NAME: 'Test', GIT_AUTHOR_EMAIL: 'test@example.invalid' },
  ...{ GIT_COMMITTER_NAME: 'Test', GIT_COMMITTER_EMAIL: 'test@example.invalid' },
};
