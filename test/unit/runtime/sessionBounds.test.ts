/** The bounds of a session outlive its program: a later program, with any settings, does not loosen them. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import type { Settings } from '../../../src/core/ports.ts';
import type { Sandbox, SandboxState } from '../../../src/core/sandboxPorts.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { sealed } from '../../../src/store/journalLine.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import {
  agentScripts,
  asksFor,
  newTexts,
  says,
  spawns,
  type AgentScripts,
} from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

/** A sandbox that runs commands as they are, and says that it confined them. */
function sandboxThat(state: SandboxState): Sandbox {
  return {
    state: () => Promise.resolve(state),
    confine: (command) =>
      Promise.resolve({
        ok: true,
        command: {
          line: `echo confined; ${command}`,
          env: {},
          remarks: [],
          release: () => Promise.resolve([]),
        },
      }),
  };
}
const works = sandboxThat({ kind: 'works' });
const none = sandboxThat({ kind: 'unavailable', reason: 'Install bubblewrap.' });

interface Bench {
  readonly scripts: AgentScripts;
  readonly folder: string;
  readonly stateDir: string;
  /** A program on the same sessions, with these settings beside those that all have. */
  readonly program: (settings?: Partial<Settings>, sandbox?: Sandbox) => Runtime;
}

async function bench(t: TestContext, parts: Parameters<typeof agentScripts>[1]): Promise<Bench> {
  const scripts = await agentScripts(t, parts);
  const [folder, stateDir] = [await temporaryFolder(t), await temporaryFolder(t)];
  const { url } = scripts.server;
  let ids = 0;
  const program: Bench['program'] = (settings = {}, sandbox = works) =>
    testRuntime(t, stateDir, url, {
      settings: { ...testSettings(url), ...settings },
      sandbox,
      newId: () => `id${(ids += 1)}`,
    });
  return { scripts, folder, stateDir, program };
}

/** A conversation that has ended in a program, which then is closed. */
async function left(
  { folder, program }: Bench,
  settings: Partial<Settings>,
  permission: 'workspace-write' | 'unlimited' = 'unlimited',
): Promise<string> {
  const first = program(settings);
  const about = { permission, cwd: folder, roots: [folder] } as const;
  const { sessionId, ended } = await first.startAgent({ prompt: 'Lead root', ...about });
  await ended;
  await first.dispose();
  return sessionId;
}

/** Returns the results of the next request's calls, after a follow-up. */
async function followed(next: Runtime, sessionId: string, scripts: AgentScripts): Promise<string> {
  await next.openSession(sessionId);
  const before = scripts.requestsOf('root').length;
  await (
    await next.followUp(sessionId, 'agent-1', 'More.')
  ).ended;
  return newTexts(scripts.requestsOf('root')[before + 1]).join('\n');
}

const echo = asksFor(['c', 'terminal', { command: 'echo ran' }]);

test('R1: commands of a session that were confined are confined in a program whose setting is off, sub-agents and batches too', async (t) => {
  const command = { command: 'echo ran' };
  const calls = [{ id: 'i', tool: 'terminal', input: command }];
  const it = await bench(t, {
    root: [
      says('Hello.'),
      asksFor(
        ['c', 'terminal', command],
        ['b', 'run_batch', { calls }],
        spawns('s', 'kid', { permission: 'unlimited' }),
      ),
      says('Done.'),
    ],
    kid: [asksFor(['k', 'terminal', command]), says('Kid.')],
  });
  const sessionId = await left(it, { sandbox: () => 'required' });
  const next = it.program({ sandbox: () => 'off' });
  await followed(next, sessionId, it.scripts);
  const outputs = [...(next.session(sessionId)?.calls.values() ?? [])].flatMap(({ tool, state }) =>
    tool === 'terminal' && 'output' in state ? [`${state.status} ${state.output?.confined}`] : [],
  );
  assert.deepEqual(outputs, ['succeeded true', 'succeeded true', 'succeeded true']);
});

test('R1: a session whose commands were confined goes on nowhere else, and says why', async (t) => {
  for (const use of ['on', 'required'] as const) {
    const it = await bench(t, { root: [says('Hello.'), echo, says('Done.')] });
    const sessionId = await left(it, { sandbox: () => use });
    const next = it.program({}, none);
    await assert.rejects(followed(next, sessionId, it.scripts), {
      message: new RegExp(`--sandbox ${use} is on record.*does not go on\\. Install bubblewrap\\.$`),
    });
    assert.equal(it.scripts.server.requests.length, 1);
  }
});

test('a session whose sandbox has never worked goes on as it was', async (t) => {
  const it = await bench(t, { root: [says('Hello.'), echo, says('Done.')] });
  const first = it.program({ sandbox: () => 'on' }, none);
  const about = { permission: 'unlimited', cwd: it.folder, roots: [it.folder] } as const;
  const { sessionId, ended } = await first.startAgent({ prompt: 'Lead root', ...about });
  await ended;
  await first.dispose();
  assert.match(await followed(it.program({}, none), sessionId, it.scripts), /ran/);
});

test('a wider setting of another program gives a session no more, and a narrower one is on record from then on', async (t) => {
  const write = asksFor(['w', 'write_file', { path: 'w.txt', content: 'x' }]);
  const it = await bench(t, { root: [says('Hello.'), write, says('No.'), write, says('No.')] });
  const sessionId = await left(it, { permission: () => 'workspace-write' });
  const narrow = it.program({ permission: () => 'read-only' });
  assert.match(await followed(narrow, sessionId, it.scripts), /read-only/);
  await narrow.dispose();
  // A terminal has no such setting.
  const wide = it.program();
  assert.match(await followed(wide, sessionId, it.scripts), /read-only/);
  assert.equal(wide.session(sessionId)?.bounds?.permission, 'read-only');
});

test('edits that a person wanted to see are not made in a program without that setting', async (t) => {
  const write = asksFor(['w', 'write_file', { path: 'w.txt', content: 'x' }]);
  const it = await bench(t, { root: [says('Hello.'), write, says('Done.')] });
  const sessionId = await left(it, { reviewsEdits: () => true }, 'workspace-write');
  assert.match(await followed(it.program(), sessionId, it.scripts), /needs a person's approval/);
});

test('agents are nested no deeper than where the session began', async (t) => {
  const kid = { prompt: 'Do kid', label: 'kid' };
  const deep = asksFor(['d', 'spawn_agent', { prompt: 'Do deep', label: 'deep' }]);
  const it = await bench(t, {
    root: [says('Hello.'), asksFor(['s', 'spawn_agent', kid]), says('Done.')],
    kid: [deep, says('Kid.')],
    deep: [says('Deep.')],
  });
  const sessionId = await left(it, { agentLimits: () => ({ depth: 1, agents: 200 }) });
  await followed(it.program(), sessionId, it.scripts);
  assert.equal(it.scripts.requestsOf('deep').length, 0);
});

test('X1: where the setting of the address changes while an agent is at work, nothing goes to the other one', async (t) => {
  const other = await agentScripts(t, {});
  let address: string | undefined;
  const change = (): ReturnType<typeof says> => {
    address = other.server.url;
    return asksFor(['l', 'list_files', { pattern: '*' }]);
  };
  const it = await bench(t, { root: [change, says('Done.')] });
  const runtime = it.program({ baseUrl: () => address ?? it.scripts.server.url });
  const about = { permission: 'read-only', cwd: it.folder, roots: [it.folder] } as const;
  const run = await runtime.startAgent({ prompt: 'Lead root', ...about });
  const { status, message } = await run.ended;
  assert.equal(status, 'failed');
  assert.match(message, /asks the Messages API at .*the setting allsettled\.baseUrl in the editor/);
  assert.equal(other.server.requests.length, 0);
  await assert.rejects(runtime.followUp(run.sessionId, run.agentId, 'More.'), /name the one on record/);
  address = undefined;
  const again = await runtime.followUp(run.sessionId, run.agentId, 'More.');
  assert.equal((await again.ended).status, 'completed');
});

test('a task that continues a conversation keeps its bounds, or is refused before anything starts', async (t) => {
  const it = await bench(t, { root: [says('Hello.'), echo, says('Done.')] });
  const sessionId = await left(it, { sandbox: () => 'required' });
  const tasks = [{ note: 'n', prompt: 'Go on.', continuation_id: `${sessionId}/agent-1` }];
  const agents = { tasks };
  const about = { permission: 'unlimited', cwd: it.folder, roots: [it.folder] } as const;
  const without = it.program({}, none);
  const started = await without.runAgents({ agents, ...about });
  assert.ok(!started.ok);
  assert.match(started.problems[0]?.message ?? '', /can't be confined, so it does not go on/);
  await without.dispose();
  const run = await it.program().runAgents({ agents, ...about });
  assert.ok(run.ok);
  assert.equal((await run.settled).tasks[0]?.status, 'completed');
  assert.match(newTexts(it.scripts.requestsOf('root')[2]).join(), /confined\nran/);
});

test('a session of version 0.1 goes on, and is held from then on to what it began to go on with', async (t) => {
  const it = await bench(t, { root: [says('Hello.'), echo, says('Done.'), echo, says('Done.')] });
  const sessionId = await left(it, {});
  const journal = new SessionFolders(it.stateDir).journal(sessionId);
  const [first = '', ...rest] = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  const { bounds, ...event } = JSON.parse(first) as SessionEvent & { bounds?: object; crc?: unknown };
  assert.ok(bounds);
  delete event.crc;
  await writeFile(journal, [sealed(JSON.stringify(event)), ...rest, ''].join('\n'));
  const next = it.program({ sandbox: () => 'required' });
  assert.match(await followed(next, sessionId, it.scripts), /confined\nran/);
  assert.equal(next.session(sessionId)?.bounds?.sandbox, 'required');
  await next.dispose();
  assert.match(await followed(it.program(), sessionId, it.scripts), /confined\nran/);
});
