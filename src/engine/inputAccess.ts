/** What a call with this very input needs, as far as its tool can be believed: never less strict by a mistake of the tool. */
import type { SessionId } from '../core/events.ts';
import type { Clock } from '../core/ports.ts';
import type { Access, Place, Tool } from '../core/tools.ts';
import { withinNamingTime } from './namingTime.ts';

/** What a tool may say of an input in place of its own access. */
const lesser: Readonly<Record<Access, readonly Access[]>> = {
  read: [],
  confined: ['read'],
  write: ['read'],
  command: ['read', 'write', 'confined'],
};

/** At once where the tool says it at once. Never throws or rejects: whatever is no lesser access counts as the tool's own. */
export function accessOfInput(
  tool: Tool,
  input: unknown,
  place: Place & { readonly sessionId: SessionId },
  clock: Clock,
): Access | Promise<Access> {
  const { access: own } = tool;
  const believed = (said: Access | undefined): Access => lesser[own].find((access) => access === said) ?? own;
  try {
    const said = tool.accessOf?.(input, place);
    if (!(said instanceof Promise)) return believed(said);
    return withinNamingTime(said, own, clock).then(believed, () => own);
  } catch {
    return own;
  }
}
