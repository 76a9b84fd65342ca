/** The text for a person of a file that can't be read. */
import type { CallError } from '../core/calls.ts';

/** Errors of files are written for a model, and end with a tool that it could use next. */
export function readProblem(named: string, { kind, message }: CallError): string {
  if (kind === 'notFound') return `There is no file ${named}.`;
  return message.replace(/ (?:Use [a-z]+_[a-z]+|To learn about it)\b.*$/s, '');
}
