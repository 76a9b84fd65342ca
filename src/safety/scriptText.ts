/** Reads the texts from which programs take their orders, and lines that no grammar reads. */
import { readShellLine } from './shellLine.ts';
import { hasScriptEnding, packageManager } from './scriptPrograms.ts';

/** More words than there are: what a quote, an operator or an assignment may hide is one, too. */
export function roughWords(text: string): readonly string[] {
  const read = (readShellLine(text) ?? []).flatMap(({ words }) => words.map((word) => word.text));
  const quoted = [...text.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single);
  const rough = text.split(/[\s;&|<>(){}"'`$=,!]+/);
  // A word that is quoted in parts is one word to the shell.
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
  if (program === 'npm' || program === 'pnpm') for (const each of lifecycle(args)) words.add(each);
  if (
    ['install', 'ci', 'i', 'add', 'rebuild', 'pack', 'publish', 'version'].some((each) => words.has(each)) ||
    args.length === 0
  )
    for (const each of ['install', 'prepare', 'prepack', 'postpack', 'prepublishOnly', 'publish', 'version'])
      words.add(each);
  return Object.entries(withDefault(scripts)).flatMap(([name, line]) =>
    words.has(name.replace(/^(pre|post)(?=.)/, '')) || words.has(name) ? [line] : [],
  );
}

/** The scripts that have a verb of npm's own, by its names and beginnings: `npm t`, `npm tes`, `npm restart`. */
function lifecycle(args: readonly string[]): readonly string[] {
  const begins = (verb: string): boolean => args.some((arg) => arg.length > 1 && verb.startsWith(arg));
  const found = ['test', 'start', 'stop', 'restart'].filter(begins);
  if (args.some((arg) => /^(t|tst|it|cit|sit|(clean-)?install-(ci-)?t\w*|ins\w*-t\w*)$/.test(arg)))
    found.push('test');
  if (found.includes('restart')) found.push('stop', 'start');
  return found;
}

/** Without a script of its own, `npm start` runs the server's file. */
function withDefault(scripts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { start: 'node server.js', ...scripts };
}

/** The file that a folder with this package.json is run by. */
export function packageMain(text: string): string | undefined {
  const main = contentOf(text)?.['main'];
  return typeof main === 'string' && main !== '' && !main.includes('\0') ? main : undefined;
}

function contentOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? { ...content } : undefined;
  } catch {
    return undefined;
  }
}

function scriptsIn(text: string): Readonly<Record<string, string>> {
  const scripts = contentOf(text)?.['scripts'];
  if (typeof scripts !== 'object' || scripts === null) return {};
  return Object.fromEntries(
    Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
