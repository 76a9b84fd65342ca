/** Reads the texts from which programs take their orders, and lines that no grammar reads. */
import { readShellLine } from './shellLine.ts';
import { hasScriptEnding, packageManager } from './scriptPrograms.ts';

/** More words than there are: what a quote, an operator or an assignment may hide is one, too. */
export function roughWords(text: string): readonly string[] {
  const read = (readShellLine(text) ?? []).flatMap(({ words }) => words.map((word) => word.text));
  const quoted = [...text.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single);
  const rough = text.split(/[\s;&|<>(){}"'`$=,!]+/);
  // What is quoted in parts is one word to the shell.
  const joined = text.replace(/["'\\]/g, '').split(/[\s;&|<>(){}`$=,]+/);
  const all = [...read, ...rough, ...joined, ...quoted.filter((each) => each !== undefined)];
  const words = [...new Set(all)].filter((word) => word !== '' && word.length < 1000 && !word.includes('\0'));
  // Of too many, those that look most like a script.
  const isLikely = (word: string): boolean => word.includes('/') || hasScriptEnding.test(word);
  return [...words.filter(isLikely), ...words.filter((word) => !isLikely(word))];
}

/** Tells whether these words run a script of the nearest package.json. */
export function runsPackageScript(program: string, args: readonly string[]): boolean {
  return packageManager.test(program) || (program === 'node' && args.some((arg) => arg.startsWith('--run')));
}

/** The scripts of a package.json that these words run, each as a command line. A text that is none has none. */
export function packageScripts(text: string, program: string, args: readonly string[]): readonly string[] {
  const scripts = scriptsIn(text);
  const words = new Set(args.map((arg) => arg.replace(/^--run=/, '')));
  if (program === 'npm' && ['t', 'tst'].some((short) => words.has(short))) words.add('test');
  if (
    ['install', 'ci', 'i', 'add', 'rebuild', 'pack', 'publish', 'version'].some((each) => words.has(each)) ||
    args.length === 0
  )
    for (const each of ['install', 'prepare', 'prepack', 'postpack', 'prepublishOnly', 'publish', 'version'])
      words.add(each);
  return Object.entries(scripts).flatMap(([name, line]) =>
    words.has(name.replace(/^(pre|post)(?=.)/, '')) || words.has(name) ? [line] : [],
  );
}

function scriptsIn(text: string): Readonly<Record<string, string>> {
  try {
    const { scripts } = JSON.parse(text) as { readonly scripts?: unknown };
    if (typeof scripts !== 'object' || scripts === null) return {};
    return Object.fromEntries(
      Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}
