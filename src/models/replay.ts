/** A model that plays the turns of a transcript; the tools of these turns run for real. */
import type { SessionEvent } from '../core/events.ts';
import { ModelError, type Model, type ModelEvent } from '../core/models.ts';
import type { Clock } from '../core/ports.ts';
import { delay } from './delay.ts';
import { recordedTurns, type RecordedTurn } from './recordedTurns.ts';

export interface ReplayOptions {
  readonly clock?: Clock;
  /** Waits so long before each delta, on `clock`; 0 where absent. */
  readonly chunkDelayMs?: number;
  /** How many turns of each agent were played in an earlier life of the session; it goes on behind them. */
  readonly playedTurns?: ReadonlyMap<string, number>;
}

/** Waits before a delta. */
type Pace = (signal: AbortSignal) => Promise<void>;

/**
 * Plays, for an agent's n-th request, the n-th turn of the agent with the same id in the transcript. An agent whose id
 * the transcript doesn't know gets the first of its agents that nobody plays yet. Throws UnexpectedEventError
 * where the events contradict each other.
 */
export function createReplayModel(events: readonly SessionEvent[], options: ReplayOptions = {}): Model {
  const parts = new Parts(recordedTurns(events), options.playedTurns);
  const pace = paceOf(options);
  return { isLocal: true, turn: (request, signal) => play(parts.nextTurn(request.agentId), pace, signal) };
}

function paceOf({ clock, chunkDelayMs = 0 }: ReplayOptions): Pace {
  return clock && chunkDelayMs > 0 ? (signal) => delay(clock, chunkDelayMs, signal) : () => Promise.resolve();
}

/** Who plays which recorded agent, and how far each has come. */
class Parts {
  private readonly turns: ReadonlyMap<string, readonly RecordedTurn[]>;
  private readonly recordedIds = new Map<string, string>();
  private readonly played: Map<string, number>;

  constructor(
    turns: ReadonlyMap<string, readonly RecordedTurn[]>,
    played: ReadonlyMap<string, number> = new Map(),
  ) {
    this.turns = turns;
    this.played = new Map(played);
    // Who has played already got its part in the order of the agents.
    for (const agentId of played.keys()) this.recordedId(agentId);
  }

  /** The agent's next turn, or the error that there is none. */
  nextTurn(agentId: string): RecordedTurn | ModelError {
    const turns = this.turns.get(this.recordedId(agentId)) ?? [];
    const place = this.played.get(agentId) ?? 0;
    const turn = turns[place];
    if (!turn) return transcriptEnded(turns.length);
    this.played.set(agentId, place + 1);
    return turn;
  }

  private recordedId(agentId: string): string {
    const known = this.recordedIds.get(agentId);
    if (known !== undefined) return known;
    const taken = new Set(this.recordedIds.values());
    const free = [...this.turns.keys()].find((id) => !taken.has(id));
    const recordedId = this.turns.has(agentId) ? agentId : (free ?? agentId);
    this.recordedIds.set(agentId, recordedId);
    return recordedId;
  }
}

function transcriptEnded(turnCount: number): ModelError {
  const turns = turnCount === 1 ? '1 turn' : `${turnCount} turns`;
  return new ModelError(
    'transcriptEnded',
    `The transcript holds ${turns} of this agent, and no further one to play. To go on, start an agent with a real model.`,
  );
}

async function* play(
  turn: RecordedTurn | ModelError,
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void> {
  signal.throwIfAborted();
  if (turn instanceof ModelError) throw turn;
  for (const { index, block } of turn.blocks) {
    for (const delta of wordsOf(block)) {
      await pace(signal);
      signal.throwIfAborted();
      yield { type: 'delta', index, block: block.type === 'thinking' ? 'thinking' : 'text', delta };
    }
    signal.throwIfAborted();
    yield { type: 'block', index, block };
  }
  if (turn.end) yield { type: 'ended', ...turn.end };
}

/** The words of a block that streams, each with the blanks after it. */
function wordsOf(block: RecordedTurn['blocks'][number]['block']): readonly string[] {
  switch (block.type) {
    case 'text':
      return block.text.match(/\s*\S+\s*|\s+/g) ?? [];
    case 'thinking':
      return block.thinking.match(/\s*\S+\s*|\s+/g) ?? [];
    case 'redacted_thinking':
    case 'tool_use':
      return [];
  }
}
