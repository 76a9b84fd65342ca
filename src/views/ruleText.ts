/** What a rule of approval covers, in words. */
import type { ApprovalRule } from '../core/calls.ts';
import { exactLine, exactLines } from './plainText.ts';

/**
 * Returns the text of a dialog before a rule is made. The text says all that the rule will cover, the most
 * that it allows, and how it is taken back.
 */
export function ruleDetail({ command, match, cwd }: ApprovalRule, atMost = ''): string {
  const place = cwd === undefined ? 'In every folder' : `In ${exactLine(cwd, 300)}`;
  const what =
    match === 'exact'
      ? 'this command runs without asking, character for character as it stands above.'
      : 'every single plain command that begins with these words runs without asking, with names and ordinary options after ' +
        'them. One with another option, a pipe, a redirection, a substitution or a second command still asks.';
  const bounds = atMost && `\n\n${atMost}`;
  return `${exactLines(command, Infinity)}\n\n${place}, ${what}${bounds}\n\nIt holds for all agents and batch files, now and later, until you remove it with “AllSettled: Manage Approval Rules…”.`;
}

/** One entry of the list of rules. */
export interface RuleEntry {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** An entry for what the user's settings hold, a rule or not. */
export function ruleEntry(written: unknown): RuleEntry {
  if (!isRule(written))
    return {
      label: exactLine(JSON.stringify(written) ?? '', 120),
      description: 'not a rule: it allows nothing',
      detail: '',
    };
  return {
    label: exactLine(written.command, 120),
    description: written.match === 'exact' ? 'exactly this command' : 'and what begins like it',
    detail: written.cwd === undefined ? 'In every folder' : `In ${exactLine(written.cwd, 300)}`,
  };
}

/** Whether two rules cover the same. */
export function isSameRule(one: unknown, other: ApprovalRule): boolean {
  if (!isRule(one)) return false;
  return (['tool', 'command', 'match', 'cwd'] as const).every((key) => one[key] === other[key]);
}

function isRule(written: unknown): written is ApprovalRule {
  if (typeof written !== 'object' || written === null) return false;
  const { tool, command, match, cwd } = written as Readonly<Record<string, unknown>>;
  return (
    typeof tool === 'string' &&
    typeof command === 'string' &&
    (match === 'exact' || match === 'prefix') &&
    (cwd === undefined || typeof cwd === 'string')
  );
}
