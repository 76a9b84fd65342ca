/** The input of run_agents: an agents file without what only a file needs. */
import { z } from 'zod';
import { permissions } from '../core/agents.ts';
import {
  defaultConcurrency,
  maxConcurrency as mostAtOnce,
  maxNoteCharacters,
  maxTasks,
} from '../formats/limits.ts';

const path = z.string().min(1);

const choices = {
  model: z.string().min(1).optional().describe('Yours where absent.'),
  agent: z.string().min(1).optional().describe('A definition in .claude/agents or .github/agents.'),
  systemPrompt: z.string().min(1).optional().describe('In place of the usual one; not beside agent.'),
  appendSystemPrompt: z.string().min(1).optional().describe('After the system prompt.'),
  contextPaths: z.array(path).max(50).optional().describe('Files whose text is given before the prompt.'),
  reportMode: z.literal('document').optional().describe('The answer is a document, without chat around it.'),
  permission: z.enum(permissions).optional().describe('Never wider than yours; read-only where absent.'),
};

const task = z.strictObject({
  note: z.string().trim().min(1).max(maxNoteCharacters).describe('A name of a few words.'),
  prompt: z.string().trim().min(1).describe('Its whole task: it knows nothing of your conversation.'),
  continuation_id: z
    .string()
    .min(1)
    .optional()
    .describe('Of an earlier task, whose conversation goes on with this prompt.'),
  ...choices,
});

/** Strict: keys that it does not name are refused. */
export const runAgentsInput = z.strictObject({
  tasks: z.array(task).min(1).max(maxTasks).describe(`1 to ${maxTasks} tasks.`),
  maxConcurrency: z
    .int()
    .min(1)
    .max(mostAtOnce)
    .optional()
    .describe(`How many run at the same time; ${defaultConcurrency} where absent.`),
  failFast: z
    .boolean()
    .optional()
    .describe('Once a task has not completed, those that have not started are skipped.'),
  saveFile: path.optional().describe('A file that gets each answer the moment its task ends.'),
  debugStatistics: z.boolean().optional().describe('Whether the save file tells what each task took.'),
  ...choices,
});

export type RunAgentsInput = z.output<typeof runAgentsInput>;
