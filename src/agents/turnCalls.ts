/** The calls of one turn: handed to the engine block by block, and run or discarded as the turn ends. */
import type { AgentId, Permission, RunId, TurnId } from '../core/agents.ts';
import type { Canceller } from '../core/calls.ts';
import type { Batch, BatchRequest, EnginePorts, IndexedCall } from '../engine/batch.ts';
import { trackApprovals } from './trackApprovals.ts';

export interface TurnCallsPlace {
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly turnId: TurnId;
  readonly attempt: number;
  readonly permission: Permission;
  readonly cwd: string;
  readonly roots: readonly string[];
}

export class TurnCalls {
  private readonly place: TurnCallsPlace;
  private readonly engine: EnginePorts;
  private batch: Batch | undefined;

  constructor(place: TurnCallsPlace, engine: EnginePorts) {
    this.place = place;
    this.engine = engine;
  }

  /** How many calls it has taken. */
  get count(): number {
    return this.batch?.callIds.length ?? 0;
  }

  /** Takes a call whose block is complete; it starts at once where it only reads and nothing before it can disturb it. */
  add(call: IndexedCall): void {
    this.batch ??= this.open();
    this.batch.add(call, 'early');
  }

  /** Runs all calls. Settles when each has its outcome, also after `cancel`: the history needs them all. */
  async run(): Promise<void> {
    await this.batch?.start();
  }

  /** The turn is void: nothing more starts, and none of it reaches the model. */
  async discard(): Promise<void> {
    await this.batch?.discard();
  }

  cancel(by: Canceller): void {
    this.batch?.cancel(by);
  }

  private open(): Batch {
    const { agentId, runId, turnId, attempt, permission, cwd, roots } = this.place;
    const { recorder } = this.engine;
    const approvals = trackApprovals(this.engine.approvals, { agentId, runId }, recorder);
    const request: BatchRequest = {
      id: `${turnId}-batch-${attempt}`,
      source: { kind: 'turn', agentId, turnId },
      sessionId: recorder.state.id,
      agentId,
      permission,
      cwd,
      roots,
      failFast: false,
    };
    return this.engine.openBatch(request, { ...this.engine, approvals });
  }
}
