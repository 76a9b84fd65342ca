/**
 * The incident that AllSettled exists to end: a background agent works, its stream breaks right after a tool result, and
 * its parent is told `completed`, or nothing. Played two hundred times, with a break of every kind.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunState } from '../../../src/core/agents.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import { nonceOf } from '../../../src/agents/notificationNonce.ts';
import { latestRun, type Agent } from '../../../src/core/states.ts';
import { agentScripts, allTexts, asksFor, says, spawns, type Part } from '../../fixtures/agentScripts.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import type { SseEvent } from '../../fixtures/sseEvents.ts';
import type { ServerReply } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

const families = 40;
const children = 5;
const atOnce = 10;

const start = sse.messageStart();
const wholeText = sse.textBlock(0, 'All ', 'is done.');
const wholeCall = sse.toolUseBlock(0, 'again', 'read_file', '{"path":', '"a.txt"}');

/** Everything that can have come when a reply stops; none of it is a model that ended its own turn. */
const broken: readonly (readonly [string, readonly SseEvent[]])[] = [
  ['before message_start', []],
  ['after message_start', [start]],
  ['at the start of a text', [start, ...wholeText.slice(0, 1)]],
  ['inside a text', [start, ...wholeText.slice(0, 2)]],
  ['at the end of a text', [start, ...wholeText.slice(0, 3)]],
  ['after a text', [start, ...wholeText]],
  ['inside the JSON of a call', [start, ...wholeCall.slice(0, 2)]],
  ['at the end of the JSON of a call', [start, ...wholeCall.slice(0, 3)]],
  ['after a call', [start, ...wholeCall]],
  [
    'after a text and a call',
    [start, ...wholeText, ...sse.toolUseBlock(1, 'again', 'read_file', '{"path":"a.txt"}')],
  ],
  ['without message_stop', [start, ...wholeText, sse.messageDelta('end_turn')]],
  ['without message_stop after a call', [start, ...wholeCall, sse.messageDelta('tool_use')]],
  ['without message_delta', [start, ...wholeText, sse.messageStop]],
  ['with a null stop reason', [start, ...wholeText, ...sse.messageEnd(null)]],
  ['with a null stop reason after a call', [start, ...wholeCall, ...sse.messageEnd(null)]],
  ['with nothing but a null stop reason', [start, ...sse.messageEnd(null)]],
  ['with an unknown stop reason', [start, ...wholeText, ...sse.messageEnd('tired')]],
  ['with a stop for a call that is not there', [start, ...wholeText, ...sse.messageEnd('tool_use')]],
];
const thens = ['end', 'cut', 'reset'] as const;

interface Scene {
  readonly name: string;
  readonly isMended: boolean;
  readonly breaks: ServerReply;
  readonly parts: readonly Part[];
}

/** The n-th agent: another break, another end of the connection; every other one is whole at its second try. */
function scene(n: number): Scene {
  const [what, events] = broken[n % broken.length] ?? ['', []];
  const then = thens[Math.floor(n / broken.length) % thens.length] ?? 'end';
  const breaks: ServerReply = { events, then };
  const isMended = Math.floor(n / 3) % 2 === 1;
  const reads = [0, 1, 2].map((id) => [`r${id}`, 'read_file', { path: 'a.txt' }] as const);
  const work = [asksFor(...reads), asksFor(['r3', 'read_file', { path: 'a.txt' }])];
  return {
    name: `${what}, then ${then}, ${isMended ? 'once' : 'always'}`,
    isMended,
    breaks,
    parts: [...work, breaks, ...(isMended ? [says('Done.')] : [])],
  };
}

/** A parent starts its agents, ends its turn, and is cut off itself while it is told of one. */
function parentParts(family: number, scenes: readonly Scene[]): readonly Part[] {
  const spawned = scenes.map((_, place) => spawns(`c${place}`, nameOf(family, place), { background: true }));
  const breaks = family % 3 === 0 ? scenes.slice(0, 1).map((each) => each.breaks) : [];
  return [asksFor(...spawned), says('I wait for them.'), ...breaks, says('Heard.')];
}

function nameOf(family: number, place: number): string {
  return `child-${family}-${place}`;
}

test('of 200 background agents whose streams break, none is completed that did not end its own turn, and each is told of once to a parent that finishes', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'a.txt'), 'a');
  const scenesOf = (family: number): readonly Scene[] =>
    Array.from({ length: children }, (_, place) => scene(family * children + place));
  const parts: Record<string, readonly Part[]> = {};
  for (let family = 0; family < families; family += 1) {
    const scenes = scenesOf(family);
    parts[`parent-${family}`] = parentParts(family, scenes);
    for (const [place, each] of scenes.entries()) parts[nameOf(family, place)] = each.parts;
  }
  const scripts = await agentScripts(t, parts);
  const settings = {
    ...testSettings(scripts.server.url),
    retries: () => ({ turn: 2, longestWaitMs: 60_000 }),
  };
  const runtime = testRuntime(t, await temporaryFolder(t), undefined, { clock: fastClock(), settings });
  const events: SessionEvent[] = [];
  runtime.onEvent((event) => void events.push(event));

  const statuses: string[] = [];
  const play = async (family: number): Promise<void> => {
    const place = { permission: 'read-only', cwd: folder, roots: [folder] } as const;
    const run = await runtime.startAgent({ prompt: `Lead parent-${family}`, ...place });
    const ending = await run.ended;
    assert.equal(`${ending.status}: ${ending.text}`, 'completed: Heard.', `parent ${family}`);
    const state = runtime.session(run.sessionId);
    assert.ok(state);
    const told = allTexts(scripts.requestsOf(`parent-${family}`).at(-1));
    for (const [index, { name, isMended }] of scenesOf(family).entries()) {
      const agent: Agent | undefined = [...state.agents.values()].find(
        ({ label }) => label === nameOf(family, index),
      );
      const ended: RunState | undefined = agent && latestRun(agent)?.state;
      assert.ok(agent && ended && 'endedAt' in ended, name);
      statuses.push(ended.status);
      assert.equal(ended.status, isMended ? 'completed' : 'interrupted', name);
      assert.ok(ended.usage.outputTokens > 0 && ended.lastActivity !== '', name);
      const notifications: readonly string[] = told.filter((text) =>
        text.includes(`<task-id>${agent.id}</task-id>`),
      );
      assert.equal(notifications.length, 1, name);
      assert.ok(
        notifications[0]?.startsWith(`<task-notification nonce="${nonceOf(state, 'agent-1')}">`),
        name,
      );
      assert.match(notifications[0] ?? '', new RegExp(`<status>${ended.status}</status>`), name);
      assert.equal(notifications[0]?.includes('<result>'), isMended, name);
    }
    const ofFamily = events.filter(({ sessionId }) => sessionId === run.sessionId);
    for (const what of ['queued', 'placed', 'delivered'])
      assert.equal(messageIds(ofFamily, `message.${what}`).length, children, what);
    for (const what of ['placed', 'delivered'])
      assert.deepEqual(
        messageIds(ofFamily, `message.${what}`).toSorted(),
        messageIds(ofFamily, 'message.queued').toSorted(),
      );
  };

  const waiting = Array.from({ length: families }, (_, family) => family).values();
  const players = Array.from({ length: atOnce }, async () => {
    for (const family of waiting) await play(family);
  });
  const played = await Promise.allSettled(players);
  for (const each of played) if (each.status === 'rejected') throw each.reason;
  assert.equal(statuses.length, families * children);
});

/** The messages that events of this type name, each as often as it is named. */
function messageIds(events: readonly SessionEvent[], type: string): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== type) return [];
    if ('messageId' in event) return [event.messageId];
    return 'messageIds' in event ? event.messageIds : [];
  });
}
