/** Whatever way work comes in, it gets no more than the user's setting allows: one row per way. */
import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ApprovalQuestions } from '../../../src/adapters/vscode/approvals.ts';
import type { Permission } from '../../../src/core/agents.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import { parseAgentsFile } from '../../../src/formats/parseAgentsFile.ts';
import { parseBatchFile } from '../../../src/formats/parseBatchFile.ts';
import type { RuntimePorts } from '../../../src/runtime/createRuntime.ts';
import type { Runtime, StartedAgents } from '../../../src/runtime/runtime.ts';
import { agentScripts, asksFor, says, spawns, type AgentScripts } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cutsAfter, diedAfter, wholeSession } from './cutSession.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

const command = { command: 'touch got-out' };
const wide = { permission: 'unlimited' } as const;

/** A workspace, and a setting that a row may narrow in the middle to what is tried. */
interface World {
  readonly t: TestContext;
  readonly tried: Permission;
  readonly about: { readonly cwd: string; readonly roots: readonly string[] };
  readonly stateDir: string;
  readonly runtime: Runtime;
  set(permission: Permission): void;
  open(stateDir: string): Runtime;
}

function scriptsFor(t: TestContext): Promise<AgentScripts> {
  const tries = [asksFor(['t', 'terminal', command]), says('Tried.'), asksFor(['t2', 'terminal', command])];
  return agentScripts(t, {
    root: [...tries, says('Tried again.')],
    kid: [...tries, says('Tried again.')],
    batcher: [
      asksFor(['b', 'run_batch', { calls: [{ id: 'x', tool: 'terminal', input: command }] }]),
      says('.'),
    ],
    parent: [asksFor(spawns('s', 'kid', wide)), says('.')],
    leader: [
      asksFor(['r', 'run_agents', { tasks: [{ note: 'n', prompt: 'Do kid', ...wide }], ...wide }]),
      says('.'),
    ],
  });
}

async function world(t: TestContext, tried: Permission, rest: Partial<RuntimePorts> = {}): Promise<World> {
  const folder = join(await temporaryFolder(t), 'workspace');
  await mkdir(folder);
  const scripts = await scriptsFor(t);
  let permission = tried;
  const settings = { ...testSettings(scripts.server.url), permission: () => permission };
  const open = (stateDir: string): Runtime =>
    testRuntime(t, stateDir, scripts.server.url, { settings, ...rest });
  const stateDir = await temporaryFolder(t);
  return {
    t,
    tried,
    about: { cwd: folder, roots: [folder] },
    stateDir,
    runtime: open(stateDir),
    set: (next) => (permission = next),
    open,
  };
}

async function hasGotOut({ about }: World): Promise<boolean> {
  return (await readdir(about.cwd)).includes('got-out');
}

async function agent({ runtime, about }: World, name: string): Promise<string> {
  const run = await runtime.startAgent({ prompt: `Do ${name}`, ...wide, ...about });
  await run.ended;
  return run.sessionId;
}

async function tasks(started: Promise<StartedAgents>): Promise<void> {
  const agents = await started;
  if (agents.ok) await agents.settled;
}

function agentsFile(content: object): ReturnType<typeof parseAgentsFile> & { readonly ok: true } {
  const parsed = parseAgentsFile(JSON.stringify({ version: 1, ...content }));
  return parsed.ok ? parsed : assert.fail(JSON.stringify(parsed));
}

function batchFile(
  runtime: Runtime,
  content: object,
): ReturnType<typeof parseBatchFile> & { readonly ok: true } {
  const calls = [{ id: 'c', tool: 'terminal', input: command }];
  const parsed = parseBatchFile(JSON.stringify({ version: 1, calls, ...content }), runtime.catalog);
  return parsed.ok ? parsed : assert.fail(JSON.stringify(parsed));
}

/** Runs under a wide setting; then the setting is narrowed, and its host has died right behind such an event. */
async function cutOff(
  where: World,
  start: () => Promise<string>,
  fits: (event: SessionEvent) => boolean,
): Promise<{ readonly runtime: Runtime; readonly sessionId: string }> {
  where.set('unlimited');
  const sessionId = await start();
  await where.runtime.dispose();
  await rm(join(where.about.cwd, 'got-out'));
  const whole = await wholeSession(where.stateDir, sessionId);
  const [cut = 0] = cutsAfter(whole.events, fits);
  const runtime = where.open(await diedAfter(where.t, whole, cut));
  await runtime.openSession(sessionId);
  where.set(where.tried);
  return { runtime, sessionId };
}

const rows: Readonly<Record<string, (where: World) => Promise<unknown>>> = {
  'an agent that a program starts': (where) => agent(where, 'root'),
  'calls inside of a call': (where) => agent(where, 'batcher'),
  'a sub-agent': (where) => agent(where, 'parent'),
  run_agents: (where) => agent(where, 'leader'),
  'a batch that a program runs': async ({ runtime, about }) =>
    (await runtime.runBatch({ ...batchFile(runtime, {}), ...wide, ...about })).settled,
  'a batch file that asks for more': async ({ runtime, about }) =>
    (await runtime.runBatch({ ...batchFile(runtime, wide), ...wide, ...about })).settled,
  'parallel agents that a program runs': ({ runtime, about }) => {
    const { agents } = agentsFile({ tasks: [{ note: 'n', prompt: 'Do kid', ...wide }] });
    return tasks(runtime.runAgents({ agents, ...wide, ...about }));
  },
  'an agents file that asks for more': ({ runtime, about }) => {
    const { agents } = agentsFile({ ...wide, tasks: [{ note: 'n', prompt: 'Do kid' }] });
    return tasks(runtime.runAgents({ agents, ...wide, ...about }));
  },
  'an agent definition that asks for more': async ({ runtime, about }) => {
    const folder = join(about.cwd, '.claude', 'agents');
    await mkdir(folder, { recursive: true });
    const lines = ['---', 'name: helper', 'description: Helps.', 'permission: unlimited', '---', 'Help.'];
    await writeFile(join(folder, 'helper.md'), lines.join('\n'));
    const { agents } = agentsFile({ tasks: [{ note: 'n', prompt: 'Do kid', agent: 'helper' }], ...wide });
    await tasks(runtime.runAgents({ agents, isTrusted: true, ...wide, ...about }));
  },
  'a follow-up': async (where) => {
    where.set('unlimited');
    const sessionId = await agent(where, 'root');
    await rm(join(where.about.cwd, 'got-out'));
    where.set(where.tried);
    await (
      await where.runtime.followUp(sessionId, 'agent-1', 'Again.')
    ).ended;
  },
  'a resumed agent': async (where) => {
    const { runtime, sessionId } = await cutOff(
      where,
      () => agent(where, 'root'),
      ({ type }) => type === 'turn.ended',
    );
    await (
      await runtime.resume(sessionId)
    ).settled;
  },
  'a resumed batch': async (where) => {
    const start = async (): Promise<string> => {
      const { runtime, about } = where;
      const batch = await runtime.runBatch({ ...batchFile(runtime, {}), ...wide, ...about });
      await batch.settled;
      return batch.sessionId;
    };
    const { runtime, sessionId } = await cutOff(where, start, ({ type }) => type === 'call.queued');
    await (
      await runtime.resume(sessionId)
    ).settled;
  },
  'resumed parallel agents': async (where) => {
    const start = async (): Promise<string> => {
      const { agents } = agentsFile({ tasks: [{ note: 'n', prompt: 'Do kid', ...wide }], ...wide });
      const started = await where.runtime.runAgents({ agents, ...wide, ...where.about });
      assert.ok(started.ok);
      await started.settled;
      return started.sessionId;
    };
    const { runtime, sessionId } = await cutOff(where, start, ({ type }) => type === 'tasks.queued');
    await (
      await runtime.resume(sessionId)
    ).settled;
  },
};

for (const [way, run] of Object.entries(rows)) {
  test(`a command gets through where the user's setting is unlimited: ${way}`, async (t) => {
    const where = await world(t, 'unlimited');
    await run(where);
    assert.equal(await hasGotOut(where), true);
  });

  test(`and needs a person where it is workspace-write: ${way}`, async (t) => {
    const where = await world(t, 'workspace-write');
    await run(where);
    assert.equal(await hasGotOut(where), false);
  });
}

for (const [tried, wanted] of [
  ['workspace-write', true],
  ['read-only', false],
] as const)
  test(`the answer to a question that was left lets through what ${tried} lets through by now`, async (t) => {
    const where = await world(t, tried, { approvals: new ApprovalQuestions() });
    const { runtime, about } = where;
    where.set('workspace-write');
    const asked = new Promise((resolve) =>
      runtime.onEvent(({ type }) => type === 'approval.requested' && resolve(undefined)),
    );
    const { sessionId } = await runtime.startAgent({ prompt: 'Do root', ...wide, ...about });
    await asked;
    await runtime.dispose();
    const next = where.open(where.stateDir);
    await next.openSession(sessionId);
    where.set(tried);
    const [waiting] = next.waitingApprovals();
    assert.ok(waiting);
    const fate = await next.answerApproval(waiting.request, 'allowOnce');
    await (fate.kind === 'counted' ? fate.resumed?.settled : assert.fail());
    assert.equal(await hasGotOut(where), wanted);
  });
