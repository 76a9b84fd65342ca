/** What the user allowed for good, read from their own settings: rules for commands, each of which must fit exactly. */
import path from 'node:path';
import type { ApprovalRequest, ApprovalRule } from '../core/calls.ts';
import type { ApprovalRules, Log, Settings } from '../core/ports.ts';

export interface ApprovalRulesPorts {
  readonly settings: Pick<Settings, 'approvalRules'>;
  readonly log: Pick<Log, 'warn'>;
  /** Whether a command is one simple command that begins with exactly these words. */
  readonly isCoveredByPrefix: (command: string, prefix: string) => Promise<boolean>;
}

/** What of the setting can be used, and what is wrong with the rest, each with its place. */
export interface ReadRules {
  readonly rules: readonly ApprovalRule[];
  readonly problems: readonly string[];
}

export function createApprovalRules({ settings, log, isCoveredByPrefix }: ApprovalRulesPorts): ApprovalRules {
  let toldOf = '';
  const rules = (): readonly ApprovalRule[] => {
    const read = readApprovalRules(settings.approvalRules?.());
    const told = read.problems.join('\n');
    // A setting is read for each call, and its mistakes are told once.
    if (told !== '' && told !== toldOf) for (const problem of read.problems) log.warn(problem);
    toldOf = told;
    return read.rules;
  };
  return {
    async allows(request) {
      for (const rule of rules()) if (await covers(rule, request, isCoveredByPrefix)) return true;
      return false;
    },
  };
}

const setting = 'allsettled.approvals.rules';
const keys: ReadonlySet<string> = new Set(['tool', 'command', 'match', 'cwd']);

/** A rule with anything that is not understood is passed over as a whole: it may have meant to narrow. */
export function readApprovalRules(value: unknown): ReadRules {
  if (value === undefined || value === null) return { rules: [], problems: [] };
  if (!Array.isArray(value))
    return { rules: [], problems: [`${setting} is no list, so none of its rules counts.`] };
  const read = value.map((entry: unknown, index) => readRule(entry, `${setting}[${index}]`));
  return {
    rules: read.filter((rule) => typeof rule !== 'string'),
    problems: read.filter((rule) => typeof rule === 'string'),
  };
}

/** The rule, or why it does not count. */
function readRule(entry: unknown, place: string): ApprovalRule | string {
  const because = (why: string): string => `${place} does not count: ${why}.`;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return because('it is no rule');
  const { tool, command, match, cwd } = entry as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(entry).find((key) => !keys.has(key));
  if (unknown !== undefined) return because(`"${unknown}" is unknown`);
  if (tool !== 'terminal') return because('"tool" must be "terminal"; no other tool has rules');
  if (typeof command !== 'string' || command.trim() === '') return because('"command" must be a command');
  if (match !== 'exact' && match !== 'prefix') return because('"match" must be "exact" or "prefix"');
  if (cwd !== undefined && (typeof cwd !== 'string' || !path.isAbsolute(cwd)))
    return because('"cwd" must be an absolute folder');
  return { tool, command, match, ...(cwd !== undefined && { cwd }) };
}

async function covers(
  { tool, command, match, cwd }: ApprovalRule,
  request: ApprovalRequest,
  isCoveredByPrefix: ApprovalRulesPorts['isCoveredByPrefix'],
): Promise<boolean> {
  if (tool !== request.tool || (request.access ?? 'command') !== 'command') return false;
  if (cwd !== undefined && path.resolve(cwd) !== path.resolve(request.cwd)) return false;
  return match === 'exact' ? command === request.subject : isCoveredByPrefix(request.subject, command);
}
