/** Many agents against a real server that answers only a few at a time. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { runAgent } from '../../../src/agents/loop.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import { memorySession } from '../../fixtures/memorySession.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import type { ServerReply } from '../../fixtures/sseServer.ts';
import { modelAt, never, serve } from '../models/asking.ts';
import { queueRun, testLoopPorts } from './testLoop.ts';

const agentCount = 50;
const capacity = 5;

const refusals: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['says when to come back', { 'retry-after': '1' }],
  ['does not say when to come back', {}],
];

for (const [what, headers] of refusals)
  test(`50 agents all finish against a server that takes 5 requests at a time and ${what}`, async (t) => {
    let active = 0;
    let refused = 0;
    const server = await serve(t, async (body): Promise<ServerReply> => {
      if (active >= capacity) {
        refused += 1;
        return { status: 429, headers, body: sse.errorBody('rate_limit_error', 'too many') };
      }
      active += 1;
      await wait(50); // A request that takes no time would leave no room for another beside it.
      active -= 1;
      return { events: body.messages.length === 1 ? toolTurn : finalTurn };
    });
    const clock = fastClock();
    const session = await memorySession(clock);
    const agentIds = Array.from({ length: agentCount }, (_, index) => `agent-${index}`);
    for (const agentId of agentIds) await queueRun(session.log, agentId);
    const limits = { maxTurns: 10, turnRetries: 6, longestWaitMs: 120_000, maxTokens: 1000 };
    const model = modelAt(server.url, { clock });
    const ports = testLoopPorts({ recorder: session.log, model, clock, limits, width: 16 });
    const endings = await Promise.allSettled(
      agentIds.map((agentId) =>
        runAgent({ agentId, runId: `${agentId}-run-1`, cwd: '/w', roots: ['/w'] }, ports, never),
      ),
    );
    assert.deepEqual(
      endings.map((ending) => ending.status === 'fulfilled' && ending.value.status),
      agentIds.map(() => 'completed'),
    );
    // Of a lane that doesn't narrow more than 150 are refused, and runs use up their budgets.
    assert.ok(refused <= agentCount, `${refused} requests were refused`);
  });

const toolTurn = sse.wholeMessage('tool_use', sse.toolUseBlock(0, 'toolu_1', 'look', '{"at":"it"}'));
const finalTurn = sse.wholeMessage('end_turn', sse.textBlock(0, 'Seen.'));
