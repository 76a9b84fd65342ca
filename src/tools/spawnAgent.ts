/** spawn_agent: a sub-agent, awaited or in the background. */
import { z } from 'zod';
import { permissions, type RunEnding } from '../core/agents.ts';
import type { SpawnRequest, StartedAgentRun, SubAgents, SubAgentsOf } from '../core/subAgents.ts';
import type { Tool, ToolContext, ToolResult } from '../core/tools.ts';
import { agentWords } from './agentWords.ts';
import { containerEffects, spawnEffects } from './containerKey.ts';
import { defineTool } from './defineTool.ts';

const path = z.string().min(1);

const budget = z.strictObject({
  turns: z.int().min(1).max(1000).optional(),
  tokens: z.int().min(1).optional().describe('All kinds together.'),
  wallMs: z.int().min(1).max(86_400_000).optional(),
});

const schema = z.strictObject({
  prompt: z.string().trim().min(1).describe('Its whole task: it knows nothing of your conversation.'),
  label: z.string().trim().min(1).max(100).describe('A name of a few words.'),
  background: z
    .boolean()
    .optional()
    .describe(
      'true: return at once, and its result comes by itself later. Otherwise this call waits for the answer.',
    ),
  model: z.string().min(1).optional().describe('Yours where absent.'),
  tools: z.array(z.string()).optional().describe('Names of tools among yours; all of yours where absent.'),
  permission: z.enum(permissions).optional().describe('Never wider than yours; read-only where absent.'),
  contextPaths: z.array(path).max(50).optional().describe('Files whose text it gets before the prompt.'),
  systemPrompt: z.string().min(1).optional().describe('In place of the usual one.'),
  appendSystemPrompt: z.string().min(1).optional().describe('After the system prompt.'),
  reportMode: z.literal('document').optional().describe('Its answer is a document, without chat around it.'),
  deliverables: z
    .array(path)
    .max(50)
    .optional()
    .describe('Files that it must write; it is not completed before each stands there, not empty.'),
  saveFile: path.optional().describe('A file that gets its answer once it is completed.'),
  cwd: path
    .optional()
    .describe('The folder that it works in; paths here are relative to it. Yours where absent.'),
  isolation: z
    .literal('worktree')
    .optional()
    .describe(
      'A git worktree and branch of its own; a person is asked about its commands, whatever its permission.',
    ),
  budget: budget.optional().describe('What it may use at most.'),
});

type Input = z.output<typeof schema>;

export function createSpawnAgent(subAgents: SubAgentsOf): Tool {
  return defineTool({
    name: 'spawn_agent',
    description:
      'Starts a sub-agent with a task of its own: use it for work that can be described whole, and that would fill ' +
      'your conversation with detail. Several in one turn run in parallel. The result is its answer; a sub-agent that ' +
      'did not complete fails this call with its status, the reason and its partial answer. In the background it ' +
      'reports later by a task notification, also after you have ended your turn.',
    schema,
    lane: 'none',
    access: 'read',
    timeoutMs: Infinity,
    stops: 'kills',
    subject: (input) => JSON.stringify(input, undefined, 2),
    effects: ({ background }) => (background ? spawnEffects() : containerEffects()),
    async run(input, context): Promise<ToolResult> {
      const agents = subAgents.find(context.sessionId);
      if (!agents) return noSession;
      const request = toRequest(input);
      if (input.background && context.agentId === undefined) return nobodyToTell;
      if (input.background) return spawnInBackground(request, agents, context);
      const run = await agents.spawn(request, context, { by: 'call', signal: context.signal });
      return run.ok ? answerOf(run, input.label, await run.ended) : run;
    },
  });
}

/** A tool runs for a session that is open; anything else is our mistake. */
export const noSession: ToolResult = {
  ok: false,
  error: { kind: 'internal', message: 'The session of this call is not open.' },
};

const nobodyToTell: ToolResult = {
  ok: false,
  error: {
    kind: 'invalidInput',
    message: 'background: no agent made this call, so nobody could be told of the result. Leave it out.',
  },
};

/** The answer of an awaited run; the call fails unless the run completed. */
export function answerOf({ agentId }: StartedAgentRun, label: string, ending: RunEnding): ToolResult {
  const { status } = ending;
  const text = agentWords(ending.text);
  if (status === 'completed')
    return {
      ok: true,
      output: textOutput(`${text}\n\n[${agentId} completed.${saved(ending)}${changed(ending)}]`),
    };
  const reasons = `${ending.terminationReason}, stop reason ${ending.stopReason ?? 'none'}`;
  const partial = text === '' ? 'It had written no text.' : `Its partial answer:\n\n${text}`;
  return {
    ok: false,
    error: {
      kind: 'agentNotCompleted',
      message:
        `${agentId} ("${label}") did not complete, it is ${status} (${reasons}). ${ending.message} Last activity: ` +
        `${ending.lastActivity || 'none'}.${changed(ending)} ${nextStep(status, agentId)}`,
    },
    output: textOutput(partial),
  };
}

/** A result of text alone. */
export function textOutput(text: string): { readonly text: string; readonly bytes: number } {
  return { text, bytes: Buffer.byteLength(text) };
}

function toRequest({ background: _background, budget, ...input }: Input): SpawnRequest {
  const limits = {
    ...(budget?.turns !== undefined && { maxTurns: budget.turns }),
    ...(budget?.tokens !== undefined && { maxTokens: budget.tokens }),
    ...(budget?.wallMs !== undefined && { maxWallMs: budget.wallMs }),
  };
  return { ...defined(input), ...(budget && { limits }) };
}

/** The same without the keys that are there and undefined. */
function defined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const given = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(given) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}

async function spawnInBackground(
  request: SpawnRequest,
  agents: SubAgents,
  context: ToolContext,
): Promise<ToolResult> {
  const run = await agents.spawn(request, context, { by: 'notification' });
  if (!run.ok) return run;
  const text =
    `${run.agentId} ("${request.label}") has started in the background. Its result will come by itself, as a ` +
    '<task-notification> in a user message, also after you have ended your turn: do other work, or end your turn. ' +
    `To wait for it here, call wait_for_agents {"agentIds":["${run.agentId}"]}.`;
  return { ok: true, output: textOutput(text) };
}

function changed({ changes }: RunEnding): string {
  return changes === undefined ? '' : ` ${changes}`;
}

function saved({ outputFile, message }: RunEnding): string {
  if (message.includes('could not be saved')) return ` ${message}`;
  return outputFile === undefined ? '' : ` Its answer is in ${outputFile}.`;
}

function nextStep(status: RunEnding['status'], agentId: string): string {
  switch (status) {
    case 'failed':
      return 'Repeating it unchanged will fail again.';
    case 'incomplete':
      return `message_agent {"agentId":"${agentId}","text":"..."} asks it for what is missing.`;
    default:
      return `resume_agent {"agentId":"${agentId}"} lets it go on where it stopped, in the background.`;
  }
}
