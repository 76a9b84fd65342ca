/** The tools with which an agent looks after those below it. */
import { z } from 'zod';
import { latestRun, type Agent } from '../core/states.ts';
import type { SubAgents, SubAgentsOf, WaitResult } from '../core/subAgents.ts';
import type { Tool, ToolContext, ToolResult } from '../core/tools.ts';
import { noEffects } from '../core/effects.ts';
import { afterSpawns, containerEffects } from './containerKey.ts';
import { defineTool, type ToolDefinition } from './defineTool.ts';
import { noSession, textOutput } from './spawnAgent.ts';

const agentId = z.string().min(1).describe('As spawn_agent or list_agents named it.');
const mostWaitMs = 86_400_000;
const usualWaitMs = 600_000;

/** list_agents, wait_for_agents, message_agent, cancel_agent and resume_agent. */
export function createAgentTools(subAgents: SubAgentsOf): readonly Tool[] {
  return [
    listAgents(subAgents),
    waitForAgents(subAgents),
    messageAgent(subAgents),
    cancelAgent(subAgents),
    resumeAgent(subAgents),
  ];
}

function listAgents(subAgents: SubAgentsOf): Tool {
  return agentTool(subAgents, {
    name: 'list_agents',
    // It only looks.
    goesOn: true,
    description:
      'Lists the agents below you: id, label, how each stands and why it ended. Starts and changes nothing.',
    schema: z.strictObject({}),
    effects: () => noEffects,
    run: (_input, agents, context) => {
      const list = agents.list(context).map(lineOf);
      return Promise.resolve(ok(list.length === 0 ? 'You have no agents.' : list.join('\n')));
    },
  });
}

function waitForAgents(subAgents: SubAgentsOf): Tool {
  const schema = z.strictObject({
    agentIds: z
      .array(agentId)
      .max(200)
      .optional()
      .describe('All of yours that have not reported where absent.'),
    mode: z.enum(['any', 'all']).optional().describe('Return when any or all have ended; all where absent.'),
    timeoutMs: z.int().min(0).max(mostWaitMs).optional().describe(`${usualWaitMs} where absent.`),
  });
  return agentTool(subAgents, {
    name: 'wait_for_agents',
    // It only looks.
    goesOn: true,
    description:
      'Waits until any or all of your agents have ended, and returns what each reports; that report does not come ' +
      'again. Use it only where you can go on with nothing else in this turn: agents in the background report anyway.',
    schema,
    effects: ({ agentIds = [] }) => (agentIds.length > 0 ? containerEffects() : afterSpawns()),
    async run({ agentIds = [], mode = 'all', timeoutMs = usualWaitMs }, agents, context) {
      const result = await agents.wait(agentIds, mode, timeoutMs, context);
      return result.ok ? ok(waitText(result)) : result;
    },
  });
}

function messageAgent(subAgents: SubAgentsOf): Tool {
  return agentTool(subAgents, {
    name: 'message_agent',
    description:
      'Gives an agent below you a text: before its next step where it is at work, otherwise as the prompt that ' +
      'continues its conversation, in the background.',
    schema: z.strictObject({ agentId, text: z.string().trim().min(1) }),
    effects: containerEffects,
    async run(input, agents, context) {
      const result = await agents.message(input.agentId, input.text, context);
      if (result === 'queued') return ok(`${input.agentId} is at work and gets it before its next step.`);
      return result.ok ? ok(`${input.agentId} goes on with it. ${reportsLater}`) : result;
    },
  });
}

function cancelAgent(subAgents: SubAgentsOf): Tool {
  return agentTool(subAgents, {
    name: 'cancel_agent',
    description:
      'Stops an agent below you and all that are below it. What it has written by then is kept and reported.',
    schema: z.strictObject({ agentId }),
    effects: containerEffects,
    async run(input, agents, context) {
      const result = await agents.cancel(input.agentId, context);
      return result.ok ? ok(`${input.agentId} is stopped.`) : result;
    },
  });
}

function resumeAgent(subAgents: SubAgentsOf): Tool {
  return agentTool(subAgents, {
    name: 'resume_agent',
    description:
      'Lets an agent below you go on whose run has ended without completing, in the background. With a text it ' +
      'continues with that; without one, exactly where it stopped.',
    schema: z.strictObject({ agentId, text: z.string().optional() }),
    effects: containerEffects,
    async run(input, agents, context) {
      const agent = agents.list(context).find(({ id }) => id === input.agentId);
      if (agent && latestRun(agent)?.state.status === 'completed') return hasCompleted(agent.id);
      const result = await agents.resume(input.agentId, input.text ?? '', context, { by: 'notification' });
      return result.ok ? ok(`${input.agentId} goes on. ${reportsLater}`) : result;
    },
  });
}

const reportsLater = 'It reports by itself when it has ended.';

type AgentToolDefinition<Schema extends z.ZodObject> = Pick<
  ToolDefinition<Schema>,
  'name' | 'description' | 'schema' | 'effects' | 'goesOn'
> & {
  readonly run: (input: z.output<Schema>, agents: SubAgents, context: ToolContext) => Promise<ToolResult>;
};

function agentTool<Schema extends z.ZodObject>(
  subAgents: SubAgentsOf,
  { run, ...definition }: AgentToolDefinition<Schema>,
): Tool {
  return defineTool({
    ...definition,
    lane: 'none',
    access: 'read',
    timeoutMs: Infinity,
    stops: 'kills',
    subject: (input) => JSON.stringify(input),
    run: (input, context) => {
      const agents = subAgents.find(context.sessionId);
      return agents ? run(input, agents, context) : Promise.resolve(noSession);
    },
  });
}

function hasCompleted(id: string): ToolResult {
  const message = `${id} has completed its work. To ask it for more, call message_agent {"agentId":"${id}","text":"..."}.`;
  return { ok: false, error: { kind: 'refused', message } };
}

function ok(text: string): ToolResult {
  return { ok: true, output: textOutput(text) };
}

function lineOf(agent: Agent): string {
  const state = latestRun(agent)?.state;
  const parent = agent.parent ? `, started by ${agent.parent.agentId}` : '';
  return `${agent.id} "${agent.label}": ${state ? standing(state) : 'queued'}${parent}`;
}

function standing(state: NonNullable<ReturnType<typeof latestRun>>['state']): string {
  if ('endedAt' in state)
    return `${state.status} (${state.terminationReason}), last activity: ${state.lastActivity || 'none'}`;
  return state.status === 'waiting' ? `waiting for ${state.waitingFor}` : state.status;
}

function waitText({ ended, untold, atWork, timedOut }: WaitResult): string {
  const later =
    untold.length > 0
      ? [
          `Ended too, and too long for this result: ${untold.join(', ')}. Their reports come before your next step.`,
        ]
      : [];
  const open = atWork.length > 0 ? [`Still at work: ${atWork.join(', ')}. They report by themselves.`] : [];
  const time = timedOut ? ['The time to wait is over.'] : [];
  return [...ended.map(({ text }) => text), ...later, ...time, ...open].join('\n\n');
}
