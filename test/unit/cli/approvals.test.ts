/** What would be asked in the editor is denied in a terminal, with the flag that allows it; nothing ever waits. */
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ApprovalQuestions } from '../../../src/adapters/vscode/approvals.ts';
import { agentScripts, asksFor, says, type AgentScripts } from '../../fixtures/agentScripts.ts';
import { testRuntime } from '../runtime/testRuntime.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { jsonLines, startCliWithKey, type CliEnd } from './cliProcess.ts';

const command = { command: 'touch ran' };
const write = { path: 'written.txt', content: 'written\n' };

interface Place {
  readonly folder: string;
  readonly scripts: AgentScripts;
}

async function place(t: TestContext): Promise<Place> {
  const folder = join(await temporaryFolder(t), 'workspace');
  await mkdir(folder);
  const both = asksFor(['c', 'terminal', command], ['w', 'write_file', write]);
  const scripts = await agentScripts(t, { root: [both, says('Done.')] });
  const calls = [
    { id: 'c', tool: 'terminal', input: command },
    { id: 'w', tool: 'write_file', input: write },
  ];
  await writeFile(join(folder, 'x.batch.json'), JSON.stringify({ version: 1, calls }));
  const tasks = [{ note: 'n', prompt: 'Do root', permission: 'workspace-write' }];
  await writeFile(join(folder, 'x.agents.json'), JSON.stringify({ version: 1, tasks }));
  return { folder, scripts };
}

function run({ folder, scripts }: Place, ...args: readonly string[]): Promise<CliEnd> {
  return startCliWithKey(folder, ...args, '--json', '--base-url', scripts.server.url).ended;
}

const permission = ['--permission', 'workspace-write'];

/** `status` of each call, and how the denial is worded. */
function told({ stdout }: CliEnd): string {
  const lines = jsonLines(stdout);
  assert.equal(lines.at(-1)?.['type'], 'result');
  return lines
    .flatMap((event) => {
      const outcome = event['outcome'] as { status: string; error?: { message: string } } | undefined;
      if (event['type'] !== 'call.settled' || !outcome) return [];
      const flag = /--permission unlimited/.test(outcome.error?.message ?? '') ? ', names the flag' : '';
      return [`${String(event['callId'])} ${outcome.status}${flag}`];
    })
    .toSorted()
    .join('\n');
}

const wanted = 'c denied, names the flag\nw succeeded';

const ways: Readonly<Record<string, (where: Place) => Promise<CliEnd>>> = {
  agent: (where) => run(where, 'agent', 'Do root', ...permission),
  agents: (where) => run(where, 'agents', 'x.agents.json', '--save-file', '../out.txt', ...permission),
  run: ({ folder }) => startCliWithKey(folder, 'run', 'x.batch.json', '--json', ...permission).ended,
};

for (const [name, start] of Object.entries(ways))
  test(`${name}: a command is denied with the flag that allows it, an edit is made`, async (t) => {
    const where = await place(t);
    const end = await start(where);
    assert.equal(told(end), wanted, end.stderr);
    const files = await readdir(where.folder);
    assert.deepEqual([files.includes('ran'), files.includes('written.txt')], [false, true]);
  });

test('resume: a question that an editor left is denied, and the session comes to its end', async (t) => {
  const where = await place(t);
  const { folder, scripts } = where;
  const stateDir = await temporaryFolder(t);
  const editor = testRuntime(t, stateDir, scripts.server.url, { approvals: new ApprovalQuestions() });
  const asked = new Promise((resolve) =>
    editor.onEvent(({ type }) => type === 'approval.requested' && resolve(undefined)),
  );
  const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
  const { sessionId } = await editor.startAgent({ prompt: 'Do root', ...about });
  await asked;
  await editor.dispose();
  const end = await run(where, 'resume', sessionId, '--state-dir', stateDir);
  assert.match(told(end), /^c denied, names the flag/m, end.stderr);
  const result = jsonLines(end.stdout).at(-1);
  assert.deepEqual([result?.['status'], result?.['text']], ['completed', 'Done.']);
  assert.equal((await readdir(folder)).includes('ran'), false);
});
