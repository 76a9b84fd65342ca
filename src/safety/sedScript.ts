/** The scripts of sed that print: addresses with `p`, `d`, `q`, and substitutions without flags that write or run. */
import { nothing, type ReadArguments, type ReadingProgram } from './readingProgram.ts';

const address = String.raw`(?:\d+|\$|/(?:[^/\\\n[]|\\[^\n])*/)`;
const addressed = new RegExp(String.raw`^${address}?(?:,${address})?\s*!?\s*[pdq=]$`);
// Versions differ in whether a delimiter in brackets ends the pattern, so there are no brackets.
const substitution = new RegExp(
  String.raw`^(?:${address}(?:,${address})?)?s([/|#,])(?:(?!\1)[^\\\n[]|\\[^\n])*\1(?:(?!\1)[^\\\n[]|\\[^\n])*\1[gIip0-9]*$`,
);
// Their text goes on to the end of the script.
const insertion = new RegExp(String.raw`^(?:${address}(?:,${address})?)?[aic][^\\\n]*$`);

function onlyPrints(script: string): boolean {
  return (
    script.split(';').every((part) => addressed.test(part.trim())) ||
    substitution.test(script) ||
    insertion.test(script)
  );
}

/** Judges a call of sed: scripts that print, and no file that is written in place. */
export const sedProgram: ReadingProgram = {
  operands: 'paths',
  takesMany: true,
  read(args): ReadArguments | undefined {
    if (args.length === 1 && args[0] === '--version') return nothing;
    const scripts: string[] = [];
    const operands: string[] = [];
    const rest = [...args];
    for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
      if (/^(-[nEr]+|--(quiet|silent|regexp-extended))$/.test(arg) && operands.length === 0) continue;
      if (arg === '-e' && operands.length === 0) scripts.push(rest.shift() ?? '');
      else if (arg.startsWith('-')) return undefined;
      else operands.push(arg);
    }
    if (scripts.length === 0) scripts.push(operands.shift() ?? '');
    return scripts.every(onlyPrints) ? { paths: operands, many: operands } : undefined;
  },
};
