/** What the edit of a call would do, for a person to look at before they allow it. */
import type { ErrorKind, Proposal } from '../core/calls.ts';
import { agentOfBatch, type Call, type SessionState } from '../core/states.ts';
import type { Place, Tool } from '../core/tools.ts';
import { placeOf } from '../agents/familyTree.ts';
import { checkInput } from '../engine/checkInput.ts';

/** Computed from what stands in the files now; changes nothing. Rejects with the signal's reason alone. */
export async function proposalOf(
  state: SessionState | undefined,
  callId: string,
  tools: ReadonlyMap<string, Tool>,
  signal: AbortSignal,
): Promise<Proposal> {
  const call = state?.calls.get(callId);
  if (!state || !call) return refused('notFound', 'That call is not open here. Open its session first.');
  const tool = tools.get(call.tool);
  if (!tool?.proposes)
    return refused('refused', `${call.tool} makes no edit that could be shown beforehand.`);
  const author = agentOfBatch(state, call.batchId) ? 'model' : 'file';
  const checked = call.input.kind === 'parsed' ? checkInput(tool, call.input.value, author) : undefined;
  if (!checked?.ok) return refused('invalidInput', 'The input of this call is wrong, so it makes no edit.');
  try {
    return await tool.proposes(checked.input, placeOfCall(state, call), signal);
  } catch (error) {
    signal.throwIfAborted();
    return refused('internal', `The edit could not be computed: ${String(error)}`);
  }
}

function placeOfCall(state: SessionState, { batchId }: Call): Place {
  const agent = agentOfBatch(state, batchId);
  const cwd = state.batches.get(batchId)?.cwd ?? state.cwd;
  return { cwd, roots: agent ? placeOf(state, agent.id).roots : state.roots };
}

function refused(kind: ErrorKind, message: string): Proposal {
  return { ok: false, error: { kind, message } };
}
