/** What a run needs from the outside, and which run it is. */
import type { AgentId, RunId } from '../core/agents.ts';
import type { Model } from '../core/models.ts';
import type { Clock, LiveChannel, Log, Recorder } from '../core/ports.ts';
import type { Agent } from '../core/states.ts';
import type { ToolDescription } from '../core/tools.ts';
import type { EnginePorts } from '../engine/batch.ts';
import type { ModelLane } from '../engine/modelLane.ts';
import type { AnswerFiles } from './answerFiles.ts';
import type { EndOfRunPorts } from './endOfRun.ts';
import type { TurnLimits } from './turnBudget.ts';

export interface LoopPorts {
  readonly recorder: Recorder;
  readonly live: LiveChannel;
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  /** Shared by all agents, because they share the API's limit. */
  readonly modelLane: ModelLane;
  readonly engine: EnginePorts;
  readonly tools: readonly ToolDescription[];
  readonly limits: LoopLimits;
  readonly answers: AnswerFiles;
  readonly onChange: EndOfRunPorts['onChange'];
  /** What is in an agent's worktree; undefined where it has none. Never rejects. */
  readonly changesOf?: (agent: Agent) => Promise<string | undefined>;
  /** Whether an agent's folder is no more, so that it would work in an orphan. Never rejects. */
  readonly isWorktreeGone?: (agent: Agent) => Promise<boolean>;
  /** The tokens that a model's window holds; of a usual one where absent. */
  readonly contextWindow?: (model: string) => number;
  /** Spreads the pauses between attempts; `Math.random` where absent. */
  readonly random?: () => number;
}

export interface LoopLimits extends TurnLimits {
  readonly maxTurns: number;
}

export interface RunRequest {
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly cwd: string;
  readonly roots: readonly string[];
}
