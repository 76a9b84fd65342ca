/** Random histories of an agent: cut, discarded and paused turns, calls in every state, blank words, odd ids, follow-ups. */
import fc from 'fast-check';
import type { TurnBlock } from '../../../src/core/agents.ts';
import type { CallInput, Outcome } from '../../../src/core/calls.ts';
import { noUsage } from '../../../src/core/agents.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { CallIds } from '../../../src/engine/callIds.ts';
import { SessionScript } from '../views/sessionScript.ts';

interface RandomCall {
  readonly type: 'call';
  readonly id: string;
  readonly tool: string;
  readonly input: CallInput;
  /** Absent: the call is open; `running`: it had started. */
  readonly outcome: Outcome | 'running' | undefined;
}

interface RandomTurn {
  readonly blocks: readonly (TurnBlock | RandomCall)[];
  /** `cut`: the host ended in its middle. */
  readonly end: string | null;
}

interface RandomRun {
  readonly prompt: string;
  readonly turns: readonly RandomTurn[];
}

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('', ' \n', 'words', 'words \n ', '\ud800', 'a\udc00b'),
  fc.string({ unit: 'binary' }),
);

const id = fc.oneof(
  fc.constantFrom(
    'c',
    'toolu_01',
    'a:b',
    'a.b',
    'a_b',
    'a/b',
    '',
    'é',
    '日本',
    'a_b_2',
    '\ud800',
    'x'.repeat(200),
  ),
  fc.string(),
);

const input: fc.Arbitrary<CallInput> = fc.oneof(
  fc.jsonValue().map((value): CallInput => ({ kind: 'parsed', value })),
  fc.dictionary(text, text).map((value): CallInput => ({ kind: 'parsed', value })),
  text.map((raw): CallInput => ({ kind: 'unparsable', raw, problem: 'it is cut' })),
);

const outcome: fc.Arbitrary<RandomCall['outcome']> = fc.oneof(
  fc.constantFrom(undefined, 'running' as const),
  text.map((words): Outcome => ({ status: 'succeeded', output: { text: words, bytes: 1 } })),
  fc
    .tuple(fc.constantFrom('failed' as const, 'timedOut' as const, 'interrupted' as const), text, text)
    .map(([status, message, output]): Outcome => ({
      status,
      error: { kind: 'io', message },
      output: { text: output, bytes: 1 },
    })),
  text.map((message): Outcome => ({
    status: 'cancelled',
    by: 'person',
    error: { kind: 'cancelled', message },
  })),
);

const block: fc.Arbitrary<TurnBlock | RandomCall> = fc.oneof(
  text.map((words): TurnBlock => ({ type: 'text', text: words })),
  fc
    .tuple(text, fc.constantFrom('', 'signature'))
    .map(([thinking, signature]): TurnBlock => ({ type: 'thinking', thinking, signature })),
  fc.constantFrom('', 'data').map((data): TurnBlock => ({ type: 'redacted_thinking', data })),
  fc.record({ type: fc.constant('call' as const), id, tool: id, input, outcome }),
);

const end = fc.constantFrom(
  'tool_use',
  'tool_use',
  'pause_turn',
  'end_turn',
  'max_tokens',
  'refusal',
  'tired',
  'cut',
  'discarded',
);

const turn: fc.Arbitrary<RandomTurn> = fc.record({ blocks: fc.array(block, { maxLength: 5 }), end });

/** A history that ends where the loop would ask next. */
export interface RandomHistory {
  readonly state: SessionState;
  /** The next request goes on with a paused turn. */
  readonly resumes: boolean;
}

/** The runs of one agent, as the loop journals them. */
export const randomHistory: fc.Arbitrary<RandomHistory> = fc
  .tuple(
    fc.array(fc.record({ prompt: text, turns: fc.array(turn, { maxLength: 4 }) }), { maxLength: 4 }),
    text,
  )
  .map(([runs, prompt]) => write([...runs, { prompt, turns: [] }]))
  .chain((whole) => fc.constantFrom(...whole));

/** The history at each point where the loop asks. */
function write(runs: readonly RandomRun[]): readonly RandomHistory[] {
  const script = new SessionScript().agent();
  const ids = new CallIds([]);
  const points: RandomHistory[] = [];
  let turnCount = 0;
  runs.forEach((run, place) => {
    script.run(run.prompt, `r${place}`);
    points.push({ state: script.state, resumes: false });
    for (const { blocks, end: wanted } of run.turns) {
      turnCount += 1;
      const ended = writeTurn(script, `t${turnCount}`, `r${place}`, blocks, wanted, ids);
      const goesOn = ended === 'tool_use' || ended === 'pause_turn' || ended === 'discarded';
      if (goesOn && ended !== 'discarded')
        points.push({ state: script.state, resumes: ended === 'pause_turn' });
      if (!goesOn) break;
    }
    script.end({ status: 'interrupted' }, `r${place}`);
  });
  return points;
}

function writeTurn(
  script: SessionScript,
  turnId: string,
  runId: string,
  blocks: RandomTurn['blocks'],
  wanted: string | null,
  ids: CallIds,
): string | null {
  const calls = blocks.filter((entry) => entry.type === 'call');
  // The loop takes a stop for no call as void.
  const ended = wanted === 'tool_use' && calls.length === 0 ? 'discarded' : wanted;
  script.turn(turnId, runId);
  if (calls.length > 0) script.turnBatch(`${turnId}-batch`, turnId);
  const claimed = blocks.map((entry, index) => {
    if (entry.type !== 'call') {
      script.add({ type: 'block.received', agentId: 'a1', turnId, index, block: entry });
      return undefined;
    }
    const callId = ids.claim(entry.id);
    const { tool, input: given } = entry;
    script.add({ type: 'call.queued', callId, batchId: `${turnId}-batch`, index, tool, input: given });
    return { callId, outcome: entry.outcome };
  });
  if (ended === 'discarded') script.add({ type: 'turn.discarded', agentId: 'a1', turnId, reason: 'cut' });
  else if (ended !== 'cut')
    script.add({ type: 'turn.ended', agentId: 'a1', turnId, stopReason: ended, usage: noUsage });
  for (const call of claimed) {
    if (call?.outcome === 'running') script.start(call.callId);
    else if (call?.outcome) script.settle(call.callId, call.outcome);
  }
  return ended;
}
