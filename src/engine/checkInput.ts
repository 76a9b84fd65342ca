/** Checks the input of a call by its tool's schema, as strictly as its author deserves. */
import type { CheckedInput, Tool } from '../core/tools.ts';
import { coerceInput } from './coerceInput.ts';

/** The author of an input: a batch file is strict, because its author can mend it before anything runs. */
export type InputAuthor = 'model' | 'file';

/** Returns the input as the tool takes it. A valid input is never changed. Throws what the tool throws. */
export function checkInput(tool: Tool, input: unknown, author: InputAuthor): CheckedInput<unknown> {
  const asSent = tool.check(input);
  if (asSent.ok || author === 'file') return asSent;
  const meant = coerceInput(tool.inputSchema, input);
  return meant === input ? asSent : tool.check(meant);
}
