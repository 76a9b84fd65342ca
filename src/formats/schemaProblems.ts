/** Says in our own words what a zod schema found wrong. */
import type { z } from 'zod';
import type { InputProblem } from '../core/tools.ts';

type Path = readonly (string | number)[];
/** The keys that an object at a path may have; none where they are not known. */
type KeysAt = (path: Path) => readonly string[];

/** The problems of a value, each with its path and words that say what would be right. */
export function schemaProblems(
  error: z.core.$ZodError,
  value: unknown,
  keysAt: KeysAt = () => [],
): readonly InputProblem[] {
  return error.issues.flatMap((issue) => toProblems(issue, value, keysAt));
}

function toProblems(issue: z.core.$ZodIssue, value: unknown, keysAt: KeysAt): readonly InputProblem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const found = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    const end = known.length > 0 ? `; known are ${known.join(', ')}` : '';
    return issue.keys.map((key) => ({ path: [...path, key], message: `"${key}" is not known here${end}` }));
  }
  if (issue.code === 'invalid_union') return unionProblems(issue, path, found);
  const what = expectation(issue);
  if (found === undefined && path.length > 0) {
    const rest = what === undefined ? '' : `; it must be ${what}`;
    return [{ path, message: `"${path.join('.')}" is missing${rest}` }];
  }
  return [{ path, message: messageOf(issue, what, found) }];
}

/** What a value must be, as the end of a sentence. */
function expectation(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_type') return withArticle(issue.expected);
  if (issue.code === 'invalid_value') return oneOf(issue.values.map((one) => JSON.stringify(one)));
  return undefined;
}

function messageOf(issue: z.core.$ZodIssue, what = 'something else', found?: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${what}, not ${isFraction(issue, found) ? String(found) : kindOf(found)}`;
    case 'invalid_value':
      return `must be ${what}, not ${typeof found === 'string' ? JSON.stringify(found) : kindOf(found)}`;
    case 'too_small':
      return bound('least', Number(issue.minimum), issue.origin);
    case 'too_big':
      return bound('most', Number(issue.maximum), issue.origin);
    case 'invalid_format':
      return issue.message.startsWith('Invalid ')
        ? `must match ${issue.pattern ?? issue.format}`
        : issue.message;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'custom':
      return issue.message;
    default:
      return 'is not as it must be';
  }
}

function bound(end: 'least' | 'most', limit: number, origin: string): string {
  const noun = { string: 'character', array: 'item' }[origin];
  if (noun === undefined) return `must be at ${end} ${limit}`;
  if (end === 'least' && limit === 1) return 'must not be empty';
  return `must have at ${end} ${limit} ${noun}${limit === 1 ? '' : 's'}`;
}

/** The problems inside the one form that has the value's type; else what forms there are. */
function unionProblems(
  { errors }: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>,
  path: Path,
  found: unknown,
): readonly InputProblem[] {
  const ofRightType = errors.find((issues) => !issues.some(isAboutType));
  if (ofRightType)
    return ofRightType
      .flatMap((issue) => toProblems(issue, found, () => []))
      .map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  const forms = errors.flatMap((issues) => issues.filter(isAboutType).map(expectation));
  const what = oneOf(forms.filter((form) => form !== undefined));
  return [{ path, message: `must be ${what}, not ${kindOf(found)}` }];
}

function isAboutType({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

/** Names the kind of value that came instead. */
function kindOf(found: unknown): string {
  if (found === null || found === undefined) return 'null';
  if (Array.isArray(found)) return 'an array';
  const isBroken = typeof found === 'string' && /^\s*[[{]/.test(found) && !isJson(found);
  return isBroken ? 'a string that is broken JSON' : withArticle(typeof found);
}

/** A number where a whole one is asked for. */
function isFraction(issue: z.core.$ZodIssue, found: unknown): boolean {
  return issue.code === 'invalid_type' && issue.expected === 'int' && typeof found === 'number';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function oneOf(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}

function withArticle(expected: string): string {
  const name = { int: 'integer', record: 'object' }[expected] ?? expected;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}
