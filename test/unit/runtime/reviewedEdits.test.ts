/** Edits that a person looks at before they are made: what is shown, and what an answer does. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ApprovalQuestions } from '../../../src/adapters/vscode/approvals.ts';
import type { Permission } from '../../../src/core/agents.ts';
import type { ApprovalRequest } from '../../../src/core/calls.ts';
import type { Tool } from '../../../src/core/tools.ts';
import { proposalOf } from '../../../src/runtime/proposals.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { agentScripts, asksFor, newTexts, says, type AgentScripts } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { SessionScript } from '../views/sessionScript.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

const never = new AbortController().signal;

interface Reviewed {
  readonly file: string;
  readonly runtime: Runtime;
  readonly scripts: AgentScripts;
  readonly ended: Promise<unknown>;
  /** The next question. */
  readonly asked: () => Promise<ApprovalRequest>;
}

/** An agent that reads a.txt and makes "two" of its "one", while edits are reviewed. */
async function reviewed(t: TestContext, permission: Permission = 'workspace-write'): Promise<Reviewed> {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'a.txt');
  await writeFile(file, 'one\n');
  const edit = { path: 'a.txt', edits: [{ oldText: 'one', newText: 'two' }] };
  const scripts = await agentScripts(t, {
    root: [asksFor(['r', 'read_file', { path: 'a.txt' }]), asksFor(['e', 'edit_file', edit]), says('Done.')],
  });
  const settings = { ...testSettings(scripts.server.url), reviewsEdits: () => true };
  const approvals = new ApprovalQuestions();
  const runtime = testRuntime(t, await temporaryFolder(t), scripts.server.url, { settings, approvals });
  const requests: ApprovalRequest[] = [];
  const waiting: ((request: ApprovalRequest) => void)[] = [];
  runtime.onEvent((event) => {
    if (event.type !== 'approval.requested') return;
    const next = waiting.shift();
    if (next) next(event.request);
    else requests.push(event.request);
  });
  const asked = (): Promise<ApprovalRequest> => {
    const request = requests.shift();
    return request ? Promise.resolve(request) : new Promise((resolve) => waiting.push(resolve));
  };
  const about = { permission, cwd: folder, roots: [folder] };
  const { ended } = await runtime.startAgent({ prompt: 'Do root', ...about });
  return { file, runtime, scripts, ended, asked };
}

test('what an edit would do is shown while it waits, and made when it is accepted', async (t) => {
  const { runtime, file, ended, asked } = await reviewed(t);
  const request = await asked();
  assert.deepEqual([request.tool, request.access], ['edit_file', 'write']);
  const proposal = await runtime.proposalOf(request.sessionId, request.callId, never);
  assert.ok(proposal.ok);
  assert.deepEqual(
    proposal.edits.map(({ before, after }) => [before, after]),
    [['one\n', 'two\n']],
  );
  assert.equal(await readFile(file, 'utf8'), 'one\n');
  await runtime.answerApproval(request, 'allowOnce');
  await ended;
  assert.equal(await readFile(file, 'utf8'), 'two\n');
});

test('a rejected edit is not made, and the model is told', async (t) => {
  const { runtime, file, ended, asked, scripts } = await reviewed(t);
  await runtime.answerApproval(await asked(), 'deny');
  await ended;
  assert.equal(await readFile(file, 'utf8'), 'one\n');
  assert.match(newTexts(scripts.requestsOf('root').at(-1))[0] ?? '', /The person denied this call/);
});

test('an edit whose file changed while the person looked is asked about again', async (t) => {
  const { runtime, file, ended, asked } = await reviewed(t);
  const first = await asked();
  await writeFile(file, 'one more\n');
  await runtime.answerApproval(first, 'allowOnce');
  const second = await asked();
  assert.deepEqual(second.changed, [first.bound?.[0]?.path]);
  await runtime.answerApproval(second, 'deny');
  await ended;
  assert.equal(await readFile(file, 'utf8'), 'one more\n');
});

test('under unlimited no edit is asked about', async (t) => {
  const { file, ended } = await reviewed(t, 'unlimited');
  await ended;
  assert.equal(await readFile(file, 'utf8'), 'two\n');
});

function proposing(proposes: NonNullable<Tool['proposes']> | undefined): ReadonlyMap<string, Tool> {
  const edits = {
    inputSchema: {},
    name: 'edit_file',
    check: (input: unknown) =>
      (input as { path?: string }).path === undefined ? { ok: false, problems: [] } : { ok: true, input },
    ...(proposes && { proposes }),
  };
  return new Map([['edit_file', edits as unknown as Tool]]);
}

const state = new SessionScript()
  .agent()
  .run('Why?')
  .turn()
  .turnBatch()
  .call('good', 'edit_file', { path: 'a' }, 'b1', 0)
  .call('bad', 'edit_file', {}, 'b1', 1).state;

test('where nothing can be shown, it says why', async () => {
  const nothing = { ok: true, edits: [] } as const;
  const told = async (callId: string, tools: ReadonlyMap<string, Tool>): Promise<string> => {
    const proposal = await proposalOf(state, callId, tools, never);
    return proposal.ok ? 'shown' : `${proposal.error.kind}: ${proposal.error.message}`;
  };
  assert.equal(
    await told(
      'good',
      proposing(() => Promise.resolve(nothing)),
    ),
    'shown',
  );
  assert.match(
    await told(
      'gone',
      proposing(() => Promise.resolve(nothing)),
    ),
    /^notFound: .*Open its session/,
  );
  assert.match(await told('good', proposing(undefined)), /^refused: edit_file makes no edit/);
  assert.match(
    await told(
      'bad',
      proposing(() => Promise.resolve(nothing)),
    ),
    /^invalidInput: /,
  );
  assert.match(
    await told(
      'good',
      proposing(() => Promise.reject(new Error('EIO'))),
    ),
    /^internal: .*EIO/,
  );
});

test('a proposal that is not wanted any more rejects with the reason', async () => {
  const stopping = new AbortController();
  const reason = new Error('closed');
  const proposal = proposalOf(
    state,
    'good',
    proposing((_input, _place, signal) => {
      stopping.abort(reason);
      return Promise.reject(signal.reason as Error);
    }),
    stopping.signal,
  );
  await assert.rejects(proposal, reason);
});
