/** The pattern of a search, checked, in the form that each engine takes. */
import type { CallError } from '../../core/calls.ts';
import type { TextQuery } from '../../core/filePorts.ts';
import { readRustRegex } from './rustRegex.ts';
import { writeRipgrepRegex, writeScriptRegex, type ScriptRegex } from './writeRegex.ts';

// A command line holds 32,767 characters on Windows, and 128 KiB an argument on Linux.
const maxPatternChars = 8000;

export type SearchPattern =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'regex';
      /** Undefined where ripgrep's syntax has no such thing. */
      readonly ripgrep: string | undefined;
      readonly script: ScriptRegex | { readonly problem: string };
    };

export function readSearchPattern({
  pattern,
  isRegex,
}: Pick<TextQuery, 'pattern' | 'isRegex'>):
  { readonly ok: true; readonly pattern: SearchPattern } | { readonly ok: false; readonly error: CallError } {
  if (pattern.length > maxPatternChars)
    return refused(
      `The pattern is too long: it has ${pattern.length} characters, and ${maxPatternChars} can be searched for. ` +
        'Search for a shorter part of it.',
    );
  if (pattern.includes('\0'))
    return refused('The pattern has a NUL, which only binary files hold. Search for the text beside it.');
  if (!isRegex) return readText(pattern);
  const read = readRustRegex(pattern);
  if (!read.ok) return refused(regexRefused(read.reason));
  const [unknown] = read.unknownProperties;
  const problem = `\\p{${unknown}} names no Unicode property that is known`;
  const script = unknown === undefined ? writeScriptRegex(read.node) : { problem };
  const ripgrep = read.isBeyondRipgrep ? undefined : writeRipgrepRegex(read.node);
  return { ok: true, pattern: { kind: 'regex', ripgrep, script } };
}

/** The pattern for JavaScript's engine. */
export function scriptForm(
  pattern: SearchPattern,
):
  | { readonly ok: true; readonly wanted: string | ScriptRegex }
  | { readonly ok: false; readonly error: CallError } {
  if (pattern.kind === 'text') return { ok: true, wanted: pattern.text };
  const { script } = pattern;
  return 'problem' in script ? refused(regexRefused(script.problem)) : { ok: true, wanted: script };
}

/** The message for a regular expression that can't be searched for; `reason` is a clause. */
export function regexRefused(reason: string): string {
  return (
    `The pattern is no regular expression that can be searched for: ${reason}. ` +
    'Correct it, or search for it as it is with "regex": false.'
  );
}

function readText(text: string): ReturnType<typeof readSearchPattern> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (!text.includes('\n')) return { ok: true, pattern: { kind: 'text', text } };
  const one =
    lines.length === 0 ? '' : ` Search for one of its lines, for example ${JSON.stringify(longest(lines))}.`;
  return refused(`The pattern has a line break, but each line is looked at alone.${one}`);
}

function longest(lines: readonly string[]): string {
  const line = [...lines].sort((a, b) => b.length - a.length)[0] ?? '';
  return line.trim().slice(0, 200);
}

function refused(message: string): { readonly ok: false; readonly error: CallError } {
  return { ok: false, error: { kind: 'invalidInput', message } };
}
