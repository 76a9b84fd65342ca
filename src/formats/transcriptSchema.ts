/** The shapes of the events that a transcript is played from; events of other types are taken as they are. */
import { z } from 'zod';
import { endedStatuses, permissions } from '../core/agents.ts';
import { outcomeStatuses } from '../core/calls.ts';
import { schemaProblems } from './schemaProblems.ts';

const id = z.string().min(1);
const place = z.int().min(0);
const ofTurn = { agentId: id, turnId: id };
const ofRun = { agentId: id, runId: id };

const envelope = z.looseObject({
  v: z.literal(1),
  seq: z.int().min(1),
  at: z.number(),
  sessionId: id,
  type: id,
});

const usage = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
});

const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
]);

const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('turn'), ...ofTurn }),
  z.object({ kind: z.literal('file'), file: z.string() }),
  z.object({ kind: z.literal('call'), callId: id }),
  z.object({ kind: z.literal('api') }),
]);

const input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('parsed'), value: z.json() }),
  z.object({ kind: z.literal('unparsable'), raw: z.string(), problem: z.string() }),
]);

const host = z.looseObject({ name: z.string(), version: z.string(), pid: z.int() });

const ending = z.looseObject({
  status: z.enum(endedStatuses),
  stopReason: z.string().nullable(),
  terminationReason: id,
  message: z.string(),
  usage,
  text: z.string(),
});

const error = z.looseObject({ kind: id, message: z.string() });
const output = z.looseObject({ text: z.string(), bytes: z.number() });
const outcome = z.discriminatedUnion('status', [
  z.looseObject({ status: z.literal('succeeded'), output }),
  z.looseObject({
    status: z.enum(outcomeStatuses).exclude(['succeeded']),
    error,
    output: output.optional(),
  }),
]);
const times = z.looseObject({
  startedAt: z.number().optional(),
  durationMs: z.number().optional(),
  attempts: place,
});

const shapes = new Map<string, z.ZodType>(
  Object.entries({
    'session.started': z.looseObject({
      kind: id,
      title: z.string(),
      roots: z.array(z.string()),
      cwd: z.string(),
      host,
    }),
    'session.reopened': z.looseObject({ host }),
    'agent.created': z.looseObject({
      agentId: id,
      label: z.string(),
      model: z.string(),
      permission: z.enum(permissions),
      systemPrompt: z.string(),
      tools: z.array(z.string()),
    }),
    'run.queued': z.looseObject({ ...ofRun, prompt: z.string() }),
    'run.started': z.looseObject(ofRun),
    'run.waiting': z.looseObject({ ...ofRun, waitingFor: id }),
    'run.continued': z.looseObject(ofRun),
    'run.ended': z.looseObject({ ...ofRun, ending }),
    'turn.started': z.looseObject({ ...ofTurn, runId: id, attempt: z.int().min(1), model: z.string() }),
    'block.received': z.looseObject({ ...ofTurn, index: place, block }),
    'turn.ended': z.looseObject({ ...ofTurn, stopReason: z.string().nullable(), usage }),
    'turn.discarded': z.looseObject({ ...ofTurn, reason: z.string() }),
    'batch.started': z.looseObject({
      batchId: id,
      source,
      permission: z.enum(permissions),
      cwd: z.string(),
      failFast: z.boolean(),
    }),
    'call.queued': z.looseObject({ callId: id, batchId: id, index: place, tool: z.string(), input }),
    'call.blocked': z.looseObject({ callId: id, waitsFor: z.array(id) }),
    'approval.requested': z.looseObject({ callId: id, request: z.looseObject({ subject: z.string() }) }),
    'approval.explained': z.looseObject({ callId: id, reason: z.string() }),
    'approval.answered': z.looseObject({ callId: id, answer: id }),
    'approval.given': z.looseObject({
      callId: id,
      by: id,
      request: z.looseObject({ subject: z.string() }),
    }),
    'call.started': z.looseObject({ callId: id, attempt: z.int().min(1) }),
    'call.attemptFailed': z.looseObject({ callId: id, attempt: z.int().min(1), error }),
    'call.settled': z.looseObject({ callId: id, outcome, times }),
    'tasks.queued': z.looseObject({ notes: z.array(z.string()), maxConcurrency: z.int().min(1) }),
    'task.continued': z.looseObject({ index: place, continues: z.looseObject({ ...ofRun, sessionId: id }) }),
    'task.ended': z.looseObject({ index: place, ending }),
    'task.skipped': z.looseObject({ index: place, note: z.string(), reason: z.string() }),
  }),
);

/** Why the value is no event, in a sentence for a person; undefined where it is one. `$blobs`: see store/blobs.ts. */
export function eventProblem(value: unknown): string | undefined {
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return `This is no event of a journal: ${firstProblem(parsed.error, value)}.`;
  const { type } = parsed.data;
  if ('$blobs' in parsed.data)
    return `This ${type} keeps a long text in a file beside its journal, and that file is not there.`;
  const shaped = shapes.get(type)?.safeParse(value);
  if (shaped === undefined || shaped.success) return undefined;
  return `This ${type} is not whole: ${firstProblem(shaped.error, value)}.`;
}

function firstProblem(error: z.ZodError, value: unknown): string {
  const problem = schemaProblems(error, value)[0];
  if (!problem) return 'it has another shape';
  return [...(problem.path.length > 0 ? [problem.path.join('.')] : []), problem.message].join(': ');
}
