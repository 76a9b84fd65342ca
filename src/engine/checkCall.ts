/** The stations before the plan: parse, schema, permission, effects. */
import type { AgentId, Permission } from '../core/agents.ts';
import type { CallRequest, Outcome } from '../core/calls.ts';
import { unknownEffects, type Effects } from '../core/effects.ts';
import type { BatchSource, SessionId } from '../core/events.ts';
import type { Clock } from '../core/ports.ts';
import type { Access, Place, Tool } from '../core/tools.ts';
import { checkInput } from './checkInput.ts';
import { accessOfInput } from './inputAccess.ts';
import { withinNamingTime } from './namingTime.ts';
import {
  deniedByPermission,
  failure,
  invalidInput,
  nestedBatch,
  unknownTool,
  unparsableInput,
} from './outcomes.ts';

/** What the permission says of one tool; `message` tells the model what to do instead. */
export type Judgement =
  { readonly kind: 'allow' } | { readonly kind: 'ask' } | { readonly kind: 'deny'; readonly message: string };

export type Judge = (
  permission: Permission,
  tool: { readonly name: string; readonly access: Access },
) => Judgement;

/** A call that passed every check and may run when its turn comes. */
export interface CheckedCall {
  readonly tool: Tool;
  readonly input: unknown;
  readonly effects: Effects;
  /** Of this very input. */
  readonly access: Access;
  readonly needsApproval: boolean;
}

/** `refused`: the call settles with this outcome and never runs. */
export type Check =
  | { readonly kind: 'checked'; readonly call: CheckedCall }
  | { readonly kind: 'refused'; readonly outcome: Outcome };

export interface CheckPorts {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly judge: Judge;
  readonly clock: Clock;
}

/** The batch that a call belongs to, as far as a check needs it. */
interface CheckedBatch extends Place {
  readonly sessionId: SessionId;
  readonly permission: Permission;
  readonly source: BatchSource;
  /** Absent where no model wrote the calls. */
  readonly agentId?: AgentId;
}

/** At once where the tool names its effects at once. Never throws or rejects: a check that breaks is an outcome of its call. */
export function checkCall(
  call: CallRequest,
  { permission, source, agentId, ...place }: CheckedBatch,
  { tools, judge, clock }: CheckPorts,
): Check | Promise<Check> {
  try {
    const tool = tools.get(call.tool);
    if (!tool) return refused(unknownTool(call.tool, [...tools.keys()]));
    if (source.kind === 'call' && tool.holdsCalls) return refused(nestedBatch(tool.name));
    if (call.input.kind === 'unparsable') return refused(unparsableInput(call.input.raw, call.input.problem));
    const checked = checkInput(tool, call.input.value, agentId === undefined ? 'file' : 'model');
    if (!checked.ok) return refused(invalidInput(tool.name, checked.problems));
    const { input } = checked;
    const judged = judge(permission, tool);
    const checkAs = (access: Access, judgement: Judgement): Check | Promise<Check> => {
      if (judgement.kind === 'deny') return refused(deniedByPermission(judgement.message));
      return withEffects({ tool, input, access, needsApproval: judgement.kind === 'ask' }, place, clock);
    };
    // Whoever may do all that the tool ever does may do this.
    if (judged.kind === 'allow' || !tool.accessOf) return checkAs(tool.access, judged);
    const rejudge = (access: Access) => checkAs(access, judge(permission, { name: tool.name, access }));
    const access = accessOfInput(tool, input, place, clock);
    return access instanceof Promise ? access.then(rejudge).catch(broken) : rejudge(access);
  } catch (error) {
    return broken(error);
  }
}

/** Throws what the tool throws. */
function withEffects(call: Omit<CheckedCall, 'effects'>, place: Place, clock: Clock): Check | Promise<Check> {
  const { tool, input } = call;
  const pass = (effects: Effects): Check =>
    areEffects(effects)
      ? { kind: 'checked', call: { ...call, effects } }
      : broken(`The tool ${tool.name} named no effects; this is a fault of the tool.`);
  const effects = tool.effects(input, place);
  if (!(effects instanceof Promise)) return pass(effects);
  return withinNamingTime(effects, unknownEffects, clock).then(pass, broken);
}

/** A tool that breaks its contract must not break the plan of its siblings. */
function areEffects(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'unknown') return true;
  return 'reads' in value && 'writes' in value && Array.isArray(value.reads) && Array.isArray(value.writes);
}

function broken(error: unknown): Check {
  return refused(failure('internal', `The call could not be checked: ${String(error)}`));
}

function refused(outcome: Outcome): Check {
  return { kind: 'refused', outcome };
}
