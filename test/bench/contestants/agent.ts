/** Our agent loop over the loopback server: stream, strict parse, eager start, batch, results. No journal. */
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { runAgent } from '../../../src/agents/loop.ts';
import type { LoopPorts } from '../../../src/agents/loopPorts.ts';
import { toolResults } from '../../../src/core/callOutcomeText.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { ModelLane } from '../../../src/engine/modelLane.ts';
import { createAnthropicModel } from '../../../src/models/anthropic.ts';
import type { SessionLog } from '../../../src/store/sessionLog.ts';
import { defaultWidth, type Answer, type Contestant, type Job } from '../contestant.ts';
import { answersOf } from '../messageServer.ts';
import { enginePorts, engineTool, memoryLog, strictLog } from './engine.ts';

const names = { agentId: 'agent-1', runId: 'agent-1-run-1' } as const;

export const agent: Contestant = {
  name: 'AllSettled agent',
  async run(job) {
    const recorder = await memoryLog();
    await queueRun(recorder);
    const stopping = new AbortController();
    job.signal?.addEventListener('abort', () => stopping.abort('person'), { once: true });
    const request = { ...names, cwd: '/', roots: ['/'] };
    return answersOf(
      job,
      (url) => runAgent(request, loopPorts(job, recorder, url), stopping.signal),
      // A cancelled run sends no results, and keeps them.
      () => answersIn(recorder.state),
    );
  },
};

async function queueRun(recorder: SessionLog): Promise<void> {
  const about = {
    label: 'bench',
    model: 'bench',
    permission: 'unlimited',
    systemPrompt: '',
    tools: [],
  } as const;
  await recorder.record({ type: 'agent.created', agentId: names.agentId, ...about }, 'durable');
  await recorder.record({ type: 'run.queued', ...names, prompt: 'go' }, 'durable');
}

function loopPorts(job: Job, recorder: SessionLog, url: string): LoopPorts {
  const tools = job.tools.map((tool) => engineTool(tool, job.deadlineMs));
  const engine = enginePorts(recorder, tools, job.width ?? defaultWidth);
  const model = createAnthropicModel({
    apiKey: () => Promise.resolve('bench'),
    baseUrl: () => url,
    maxTokens: () => 1000,
    clock: nodeClock,
  });
  return {
    recorder,
    engine,
    model,
    tools,
    live: engine.live,
    clock: nodeClock,
    log: strictLog,
    modelLane: new ModelLane(engine.lanes, nodeClock),
    answers: {
      stamp: () => Promise.resolve(undefined),
      keep: (runId) => Promise.resolve(`/kept/${runId}`),
      save: () => Promise.resolve(),
    },
    onChange: () => ({ dispose: () => undefined }),
    limits: { maxTurns: 2, turnRetries: 0, longestWaitMs: 1000, maxTokens: 1000 },
  };
}

function answersIn(state: SessionState): readonly Answer[] {
  return toolResults([...state.calls.values()]).map(({ toolUseId, text }) => ({ id: toolUseId, text }));
}
