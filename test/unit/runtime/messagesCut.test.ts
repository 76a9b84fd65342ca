/** Messages between agents whose program died after any line of its journal: each arrives once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latestRun, type AgentMessage, type SessionState } from '../../../src/core/states.ts';
import { allTexts, asksFor, says, spawns } from '../../fixtures/agentScripts.ts';
import { resumeToEnd } from '../../fixtures/crash/resumeToEnd.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { startMessagesServer, type MessagesBody, type ServerReply } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { diedAfter, wholeSession } from './cutSession.ts';
import { testRuntime } from './testRuntime.ts';

const quiet = { ...strictLog, warn: () => undefined };

/** The replies of each agent, by the number of its replies so far. */
const parts: Readonly<Record<string, readonly ServerReply[]>> = {
  root: [
    asksFor(spawns('c1', 'one', { background: true }), spawns('c2', 'two', { background: true })),
    asksFor(['c3', 'message_agent', { agentId: 'agent-2', text: 'A word from above.' }]),
    asksFor(['c4', 'wait_for_agents', { agentIds: ['agent-3'] }]),
    says('Done.'),
  ],
  one: [says('One is done.')],
  two: [says('Two is done.')],
};

function nameOf({ messages }: MessagesBody): string {
  return String(messages[0]?.content[0]?.['text']).trim().split(/\s+/).at(-1) ?? '';
}

test('J1, messages: cut after any line, each arrives once, and each ended run is told of once', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const worded = Promise.withResolvers<undefined>();
  const last = new Map<string, MessagesBody>();
  const server = await startMessagesServer(async (body) => {
    const name = nameOf(body);
    last.set(name, body);
    // Keeps this agent at work until its parent writes to it. An agent resumed later waits for nothing.
    if (name === 'one') await worded.promise;
    const replies = body.messages.filter(({ role }) => role === 'assistant').length;
    return parts[name]?.[replies] ?? says('Read.');
  });
  t.after(() => server.close());
  const runtime = testRuntime(t, stateDir, server.url, { log: quiet });
  runtime.onEvent(
    (event) => event.type === 'message.queued' && event.kind === 'parent' && worded.resolve(undefined),
  );
  const place = { permission: 'read-only', cwd: folder, roots: [folder] } as const;
  const { sessionId, ended } = await runtime.startAgent({ prompt: 'Lead root', ...place });
  await ended;
  await resumeToEnd(runtime, sessionId);
  await runtime.dispose();
  worded.resolve(undefined);
  const whole = await wholeSession(stateDir, sessionId);
  const first = whole.events.findIndex(({ type }) => type === 'agent.created') + 1;
  for (let count = first; count < whole.events.length; count += 1) {
    last.clear();
    const next = testRuntime(t, await diedAfter(t, whole, count), server.url, { log: quiet });
    const state = await next.openSession(sessionId);
    await resumeToEnd(next, sessionId);
    const where = `after event ${count}, ${whole.events[count - 1]?.type}`;
    assertAllArrived(state, last, where);
    await next.dispose();
  }
});

function assertAllArrived(state: SessionState, last: ReadonlyMap<string, MessagesBody>, where: string): void {
  for (const agent of state.agents.values()) {
    const texts = allTexts(last.get(agent.parent ? agent.label : 'root'));
    for (const message of agent.messages) {
      const { id, text, state: standing } = message;
      assert.ok(hasArrived(message), `${where}: ${id} is ${standing.status}`);
      const times = texts.filter((each) => each === text).length;
      const wanted = standing.status === 'accepted' ? 1 : 0;
      if (texts.length > 0)
        assert.equal(times, wanted, `${where}: ${id} stands ${times} times in the history`);
    }
    const parent = state.agents.get(agent.parent?.agentId ?? '');
    if (!parent) continue;
    assert.ok(latestRun(agent), where);
    for (const { id } of agent.runs) {
      const told: number = parent.messages.filter(({ about }) => about?.runId === id).length;
      assert.equal(told, 1, `${where}: ${id} is told ${told} times`);
    }
  }
}

function hasArrived({ state: { status } }: AgentMessage): boolean {
  return status === 'accepted' || status === 'waited';
}
