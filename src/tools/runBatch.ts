/** run_batch: several calls, also dependent ones, in one round trip. */
import { z } from 'zod';
import { countText, resultText } from '../core/callOutcomeText.ts';
import type { CallRequest, Dependency } from '../core/calls.ts';
import { unknownEffects, type Effects } from '../core/effects.ts';
import type { Call } from '../core/states.ts';
import type { Place, Tool, ToolResult } from '../core/tools.ts';
import { checkInput } from '../engine/checkInput.ts';
import { canRepeat } from '../engine/repeatInnerCalls.ts';
import { defineTool } from './defineTool.ts';

const mostCalls = 200;
const name = 'run_batch';

const dependency = z.union([
  z.string().min(1),
  z.strictObject({ id: z.string().min(1), when: z.enum(['succeeded', 'settled']) }),
]);

const innerCall = z.strictObject({
  id: z
    .string()
    .regex(/^[^/]{1,64}$/, 'must be 1 to 64 characters without "/"')
    .describe('Your own name for the call, unique in this batch.'),
  tool: z.string().min(1).describe(`The tool; any but ${name}.`),
  input: z.record(z.string(), z.unknown()).describe("The tool's input."),
  after: z
    .array(dependency)
    .optional()
    .describe(
      'Ids that this call comes after. If one does not succeed, this call is skipped; with when "settled" only ' +
        'the order counts.',
    ),
  timeoutMs: z.int().min(1).max(86_400_000).optional().describe('Deadline of each attempt.'),
  retries: z.int().min(0).max(10).optional().describe('Further attempts after a failure.'),
  onFailure: z
    .enum(['continue', 'abort'])
    .optional()
    .describe('abort: once this call fails, nothing more of the batch starts.'),
});

const schema = z.strictObject({
  calls: z.array(innerCall).min(1).max(mostCalls).describe(`1 to ${mostCalls} calls.`),
  failFast: z.boolean().optional().describe('Once any call fails, nothing more of the batch starts.'),
});

/** `tools` are those that a batch can call; a batch in a batch is not among them. */
export function createRunBatch(tools: readonly Tool[]): Tool {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return defineTool({
    name,
    description:
      'Runs calls of other tools together, in one round trip: use it when some of them depend on others. Calls ' +
      'without a dependency run in parallel, and a call that fails leaves the others alone. Each call is checked, ' +
      'and the person asked, as if you had made it directly. Returns the outcome of every call. For independent ' +
      'calls alone, ask for them directly in one turn.',
    schema,
    lane: 'none',
    access: 'read',
    timeoutMs: Infinity,
    stops: 'kills',
    goesOn: true,
    holdsCalls: true,
    subject: ({ calls }) => JSON.stringify(calls, undefined, 2),
    effects: ({ calls }, place) => allEffects(calls, place, byName),
    async run({ calls, failFast }, context): Promise<ToolResult> {
      const settled = await context.runCalls(calls.map(toRequest), failFast ?? false);
      return toResult(settled, context.callId);
    },
  });
}

type InnerCall = z.output<typeof innerCall>;

function toRequest({ input, after, id, tool, timeoutMs, retries, onFailure }: InnerCall): CallRequest {
  return {
    id,
    tool,
    input: { kind: 'parsed', value: input },
    ...(after && { after: after.map(toDependency) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retries !== undefined && { retries }),
    ...(onFailure && { onFailure }),
  };
}

function toDependency(after: string | Dependency): Dependency {
  return typeof after === 'string' ? { id: after, when: 'succeeded' } : after;
}

/** What all calls read and write together: the calls around the batch are ordered against the whole of it. */
async function allEffects(
  calls: readonly InnerCall[],
  place: Place,
  byName: ReadonlyMap<string, Tool>,
): Promise<Effects> {
  const reads: string[] = [];
  const writes: string[] = [];
  for (const call of calls) {
    const tool = byName.get(call.tool);
    // As a model's, because a stricter check could only find fewer effects.
    const checked = tool && checkInput(tool, call.input, 'model');
    if (!tool || !checked?.ok) continue;
    const effects = await tool.effects(checked.input, place);
    if (effects.kind === 'unknown') return unknownEffects;
    reads.push(...effects.reads);
    writes.push(...effects.writes);
  }
  return { kind: 'known', reads, writes };
}

/** The container succeeds when all its calls did; its text has the outcome of each. */
function toResult(calls: readonly Call[], callId: string): ToolResult {
  const parts = calls.map(
    (call) => `--- ${call.id.slice(callId.length + 1)} (${call.tool}) ---\n${resultText(call)}`,
  );
  const text = [...parts, countText(calls)].join('\n\n');
  const output = { text, bytes: Buffer.byteLength(text) };
  if (calls.every((call) => call.state.status === 'succeeded')) return { ok: true, output };
  const kind = canRepeat(calls) ? 'innerCalls' : 'refused';
  return { ok: false, error: { kind, message: countText(calls) }, output };
}
