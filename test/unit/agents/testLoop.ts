/** What a loop needs in tests: one tool that looks, nobody who could be asked, and chance that always falls in the middle. */
import type { Model } from '../../../src/core/models.ts';
import type { Clock, Recorder } from '../../../src/core/ports.ts';
import type { Tool } from '../../../src/core/tools.ts';
import type { LoopLimits, LoopPorts } from '../../../src/agents/loopPorts.ts';
import { Batch } from '../../../src/engine/batch.ts';
import { CallIds } from '../../../src/engine/callIds.ts';
import { Lanes } from '../../../src/engine/lanes.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { ModelLane } from '../../../src/engine/modelLane.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { done, tool } from '../engine/testBatch.ts';

export interface TestLoop {
  readonly recorder: Recorder;
  readonly model: Model;
  readonly clock: Clock;
  readonly limits: LoopLimits;
  /** `look` alone where absent. */
  readonly tools?: readonly Tool[];
  /** Of the model lane; 4 where absent. */
  readonly width?: number;
}

export function testLoopPorts(loop: TestLoop): LoopPorts {
  const { recorder, model, clock, limits, width = 4 } = loop;
  const lanes = new Lanes({ io: 4, process: 4, model: width });
  const tools = loop.tools ?? [tool('look', () => done('seen'))];
  const live = { show: () => undefined };
  return {
    recorder,
    live,
    model,
    clock,
    log: strictLog,
    modelLane: new ModelLane(lanes, clock),
    tools,
    limits,
    random: () => 0.5,
    answers: {
      stamp: () => Promise.resolve(undefined),
      keep: (runId) => Promise.resolve(`/kept/${runId}`),
      save: () => Promise.resolve(),
    },
    onChange: () => ({ dispose: () => undefined }),
    engine: {
      recorder,
      lanes,
      locks: new Locks(),
      openBatch: (request, engine) => new Batch(request, engine),
      clock,
      live,
      tools: new Map(tools.map((entry) => [entry.name, entry])),
      callIds: new CallIds([]),
      approvals: { ask: () => Promise.reject(new Error('nobody is there')) },
      rules: { allows: () => Promise.resolve(false) },
      outputs: { fileFor: () => Promise.resolve('/dev/null'), keep: () => Promise.resolve('/kept') },
      judge: () => ({ kind: 'allow' }),
      timeoutMs: () => undefined,
    },
  };
}

/** An agent with a run that is about to start; its id is also its run's. */
export async function queueRun(recorder: Recorder, agentId: string, prompt = 'Why?'): Promise<void> {
  const about = { label: agentId, model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  await recorder.record({ type: 'agent.created', agentId, ...about }, 'durable');
  await recorder.record({ type: 'run.queued', agentId, runId: `${agentId}-run-1`, prompt }, 'durable');
}
