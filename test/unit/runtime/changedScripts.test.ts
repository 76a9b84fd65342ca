/** A1: a script that changes while the question waits does not run on that answer, in whatever way the command names it. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ApprovalAnswer, ApprovalRequest } from '../../../src/core/calls.ts';
import { parseBatchFile } from '../../../src/formats/parseBatchFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

interface Scene {
  readonly requests: readonly ApprovalRequest[];
  /** The text that the scripts have written. */
  readonly ran: string;
}

/** Runs one command; `script` changes while its first question waits, which is allowed; all others are denied. */
async function scene(t: TestContext, command: string, script: string): Promise<Scene> {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, script);
  const code = (word: string): string =>
    script.endsWith('.sh')
      ? `echo ${word} >> ${folder}/ran\n`
      : script.endsWith('.py')
        ? `open('${folder}/ran', 'a').write('${word}')\n`
        : `require('node:fs').appendFileSync('${folder}/ran', '${word}');\n`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, code('approved'));
  const requests: ApprovalRequest[] = [];
  const ask = async (request: ApprovalRequest): Promise<ApprovalAnswer> => {
    requests.push(request);
    if (requests.length > 1) return 'deny';
    await writeFile(file, code('changed'));
    return 'allowOnce';
  };
  await runCommand(t, folder, command, ask);
  return { requests, ran: await readFile(path.join(folder, 'ran'), 'utf8').catch(() => '') };
}

async function runCommand(
  t: TestContext,
  folder: string,
  command: string,
  ask: (request: ApprovalRequest) => Promise<ApprovalAnswer>,
): Promise<void> {
  const runtime = testRuntime(t, await temporaryFolder(t), undefined, { approvals: { ask } });
  const text = JSON.stringify({ version: 1, calls: [{ id: 'c', tool: 'terminal', input: { command } }] });
  const parsed = parseBatchFile(text, runtime.catalog);
  if (!parsed.ok) assert.fail(text);
  const about = { cwd: folder, roots: [folder], permission: 'workspace-write' } as const;
  await (
    await runtime.runBatch({ ...parsed, ...about })
  ).settled;
}

const bound: readonly (readonly [command: string, script: string])[] = [
  ['bash scripts/*.sh', 'scripts/a.sh'],
  ['for f in scripts/*.sh; do bash "$f"; done', 'scripts/a.sh'],
  ['bash "$PWD/run.sh"', 'run.sh'],
  ['cd d1 && cd d2 && sh x.sh', 'd1/d2/x.sh'],
  ['python3 -m pkg', 'pkg/__main__.py'],
  ['bash ru\\\nn.sh', 'run.sh'],
  ['bash -c \'for f in s/*; do . "$f"; done\'', 's/a.sh'],
  ['node -r ./hook.cjs -e 1', 'hook.cjs'],
];
for (const [command, script] of bound)
  test(`A1: ${JSON.stringify(command)} is asked again once ${script} has changed`, async (t) => {
    const { requests, ran } = await scene(t, command, script);
    assert.equal(ran, '');
    assert.equal(requests.length, 2);
    assert.ok(requests[1]?.changed?.some((file) => file.endsWith(script)));
  });

const told: readonly (readonly [command: string, script: string])[] = [
  // Inside of a test, node runs no tests unless it is told so.
  ['env -u NODE_TEST_CONTEXT node --test', 'some.test.cjs'],
  ['ls *.sh | while read f; do bash "$f"; done', 'run.sh'],
  ['ls *.sh | xargs bash', 'run.sh'],
];
for (const [command, script] of told)
  test(`A1: of ${JSON.stringify(command)} the question says that ${script} is not held`, async (t) => {
    const { requests, ran } = await scene(t, command, script);
    assert.match(ran, /changed/);
    assert.equal(requests.length, 1);
    assert.ok((requests[0]?.notHeld ?? []).length > 0);
  });

/** `before` and `after` are what the workspace holds at the question and at the answer; the text is a word to leave in `ran`. */
async function answered(
  t: TestContext,
  command: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Promise<Scene> {
  const folder = await temporaryFolder(t);
  const write = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text.replaceAll('@', path.join(folder, 'ran')));
    }
  };
  await write(before);
  const requests: ApprovalRequest[] = [];
  const ask = async (request: ApprovalRequest): Promise<ApprovalAnswer> => {
    requests.push(request);
    if (requests.length > 1) return 'deny';
    await write(after);
    return 'allowOnce';
  };
  await runCommand(t, folder, command, ask);
  return { requests, ran: await readFile(path.join(folder, 'ran'), 'utf8').catch(() => '') };
}

const python = "open('@', 'a').write('changed')\n";
const node = "require('node:fs').appendFileSync('@', 'changed');\n";
const found: readonly (readonly [
  command: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
])[] = [
  ['python3 .', { '__main__.py': '' }, { '__main__.py': python }],
  ['python3 d', { 'd/__main__.py': '' }, { 'd/__main__.py': python }],
  ['python3 -mpkg', { 'pkg.py': '' }, { 'pkg.py': python }],
  ['python3 -Bm pkg', { 'pkg.py': '' }, { 'pkg.py': python }],
  // A file of the folder comes before the library's own module.
  ['python3 -m json.tool x', { x: '{}' }, { 'json.py': python }],
  ['node .', { 'package.json': '{"main":"m"}', 'm.js': '' }, { 'm.js': node }],
  ['node .', { 'package.json': '{}', 'index.js': '', 'e.js': node }, { 'package.json': '{"main":"e.js"}' }],
  ['npm start', { 'package.json': '{}', 'server.js': '' }, { 'server.js': node }],
  ['npm restart', { 'package.json': '{"scripts":{"start":"bash s"}}', s: '' }, { s: 'echo changed >> @\n' }],
];
for (const [command, before, after] of found)
  test(`A1: ${command} with ${Object.keys(before).join()} is asked again once there is another ${Object.keys(after).join()}`, async (t) => {
    const { requests, ran } = await answered(t, command, before, after);
    assert.equal(ran, '');
    assert.equal(requests.length, 2);
  });

const places: readonly (readonly [command: string, after: Readonly<Record<string, string>>])[] = [
  ['HOME=h bash -lc :', { 'h/.bash_profile': 'echo changed >> @\n' }],
  ['BASH_ENV=s bash -c :', { s: 'echo changed >> @\n' }],
  ['PYTHONPATH=l python3 own.py', { 'l/sitecustomize.py': python }],
  ['perl -I. -MOwn -e1', { 'Own.pm': "open F, '>>@'; print F 'changed'; 1;\n" }],
  ['perl -I. -d:Own -e1', { 'Devel/Own.pm': "open F, '>>@'; print F 'changed'; 1;\n" }],
];
for (const [command, after] of places)
  test(`A1: of ${command} the question says that what lies where it looks is not held`, async (t) => {
    const { requests } = await answered(t, command, { 'own.py': '' }, after);
    assert.ok((requests[0]?.notHeld ?? []).length > 0);
  });
