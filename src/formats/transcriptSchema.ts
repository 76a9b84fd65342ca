/** The shapes of the events that a transcript is played from; events of other types are taken as they are. */
import { z } from 'zod';
import { permissions } from '../core/agents.ts';

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

const shapes = new Map<string, z.ZodType>(
  Object.entries({
    'session.started': z.looseObject({
      kind: id,
      title: z.string(),
      roots: z.array(z.string()),
      cwd: z.string(),
    }),
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
    'turn.started': z.looseObject({ ...ofTurn, runId: id, attempt: z.int().min(1), model: z.string() }),
    'block.received': z.looseObject({ ...ofTurn, index: place, block }),
    'turn.ended': z.looseObject({ ...ofTurn, stopReason: z.string().nullable(), usage }),
    'turn.discarded': z.looseObject({ ...ofTurn, reason: z.string() }),
    'batch.started': z.looseObject({ batchId: id, source }),
    'call.queued': z.looseObject({ callId: id, batchId: id, index: place, tool: id, input }),
  }),
);

/** Why the value is no event, in a sentence for a person; undefined where it is one. */
export function eventProblem(value: unknown): string | undefined {
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return `This is no event of a journal: ${firstIssue(parsed.error)}.`;
  const { type } = parsed.data;
  const shaped = shapes.get(type)?.safeParse(value);
  if (shaped === undefined || shaped.success) return undefined;
  if (namesBlob(value))
    return `This ${type} keeps a long text in a file beside its journal, and a transcript must hold all its texts.`;
  return `This ${type} is not whole: ${firstIssue(shaped.error)}.`;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'it has another shape';
  return [...(issue.path.length > 0 ? [issue.path.join('.')] : []), issue.message].join(': ');
}

/** The journal writes a long text as the name of a file; see store/blobs.ts. */
function namesBlob(value: unknown): boolean {
  return /\{"\$blob":"[0-9a-f]{64}"\}/.test(JSON.stringify(value));
}
