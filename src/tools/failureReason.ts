/** The lines of a failed process that say what went wrong, whatever its package manager wrote after them. */
import { withoutSequences } from '../core/visibleText.ts';

const mostLines = 3;
/** A longer line is no sentence. */
const searchedChars = 500;

/**
 * The first lines that name an error: on stderr before stdout, of a package manager only if its script names none.
 * Else the last lines. Without blanks around; may be empty.
 */
export function failureReason(stderr: string, stdout: string): string {
  const [errors, output] = [linesOf(stderr), linesOf(stdout)];
  const [errorWords, outputWords] = [errors.filter(isTelling), output.filter(isTelling)];
  const named = [
    errorWords.filter(namesError),
    outputWords.filter(namesError),
    errorWords.filter((line) => packageManager.test(line)),
  ].find(isNotEmpty);
  if (named) return [...new Set(named)].slice(0, mostLines).join('\n');
  const last = [errorWords, outputWords, errors, output].find(isNotEmpty) ?? [];
  return last.slice(-mostLines).join('\n');
}

function linesOf(text: string): readonly string[] {
  return withoutSequences(text)
    .split(/\r\n|[\n\r]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function isNotEmpty(lines: readonly string[]): boolean {
  return lines.length > 0;
}

function isTelling(line: string): boolean {
  return !noise.some((pattern) => pattern.test(line.slice(0, searchedChars)));
}

function namesError(line: string): boolean {
  return !packageManager.test(line) && signs.some((pattern) => pattern.test(line.slice(0, searchedChars)));
}

const packageManager = /^npm (error|ERR!) /;

/** What tools write around an error: who ran whom, counts, stack frames, advice. */
const noise: readonly RegExp[] = [
  // Package managers: notices, the echo of a script, and that it failed.
  /^npm (notice|warn|WARN)\b/,
  /^npm (error|ERR!)( (code (\d+|ELIFECYCLE)|(path|command|workspace|location|errno|syscall) .*))?$/,
  /^npm (error|ERR!) (Lifecycle script|Test failed|A complete log|To see a list|Exit status|Failed at| )/,
  /^(pnpm|yarn)( run)? v\d|^(info Visit|error Command failed with exit code)/,
  /\bELIFECYCLE\b/,
  /^[>$] /,
  // Build tools: that a step failed.
  /^g?make(\[\d+\])?: (\*\*\* \[.*\] Error \d+|(Entering|Leaving) directory)/,
  /^collect2: error: ld returned/,
  /^error: (test failed, to rerun|could not compile)/,
  /^\[ERROR\]( (Failed to execute goal|-> \[Help|To see the full stack|Re-run Maven|For more information|\[Help).*)?$/,
  /^(FAIL|exit status \d+)$|^FAIL\t/,
  // Test runners: counts.
  /^[#ℹ] (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms)\b/,
  /^✖ (failing tests:|\d+ problems?\b)/,
  /^(\d+|no) (errors?|warnings?|problems?)\b/i,
  /^=+ .* =+$/,
  // Stack frames, and places without words.
  /^(at |File "|Node\.js v|node:internal\/)/,
  /^throw \w+;$/,
  /^\^+$/,
  // Warnings and notes.
  /: (note|warning): /,
  /^(\S+: )?warn(ing)?\b/i,
];

/** How tools say that something is wrong. */
const signs: readonly RegExp[] = [
  // error: · a.c:2:11: error: · error TS2322: · error[E0308]: · [ERROR] · fatal: · panic:
  /(^|[\s:([])(error|fatal|panic|failure)(\[\w+\])?( [A-Z]+\d+)?\s?[:!\]]/i,
  // ERROR column … · 1:7  error  'x' is unused
  /^(\d+:\d+\s+)?error\s/i,
  // TypeError: · json.decoder.JSONDecodeError: · AssertionError [ERR_ASSERTION]:
  /^(Uncaught )?[\w.$]+(Error|Exception)( \[\w+\])?(:|$)/,
  /^(Exception in thread|Caused by:)/,
  // not ok 1 - adds · ✖ adds · FAILED test_a.py::test_add · --- FAIL: TestAdd · test adds ... FAILED
  /^(not ok|✖|✗|✘|×|●|FAILED|FAIL|--- FAIL:)\s/,
  /^test .* FAILED$/,
  /^E\s{2,}\S/,
  /panicked at |^assertion .* failed/,
  // main.go:4:2: undefined: x · a_test.go:7: total is 3
  /^\S+\.\w+:\d+(:\d+)?: \S/,
  /undefined reference to|command not found|No such file or directory|Permission denied|is not recognized as/,
  /No rule to make target|Segmentation fault|cannot find|not found$/i,
];
