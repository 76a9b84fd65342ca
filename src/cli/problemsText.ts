/** Tells a person why nothing ran. */
import type { Problem } from './results.ts';

/** One problem a line, as `file:line:column message` where it has a place in a file. */
export function problemsText(problems: readonly Problem[], file?: string): string {
  const lines = problems.map(({ message, line, column, file: other }) =>
    line === undefined
      ? `allsettled: ${message}`
      : `${other ?? file ?? ''}:${line}:${column ?? 1} ${message}`,
  );
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${lines.join('\n')}\n${count}; nothing ran.\n`;
}
