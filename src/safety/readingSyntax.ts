/** Programs whose arguments are a little language of their own: find, jq, test, printf, date and command. */
import { nothing, type ReadingProgram } from './readingProgram.ts';

const findTests = new Set(
  '-a -and -o -or -not -empty -prune -print -print0 -ls -depth -xdev -mount -quit -true -false ! ( )'.split(
    ' ',
  ),
);
const findTestsOfText = new Set(
  (
    '-name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -type -size -mtime -mmin -atime -amin ' +
    '-ctime -cmin -perm -user -group -uid -gid -links -inum -maxdepth -mindepth -printf'
  ).split(' '),
);
const findTestsOfFile = new Set(['-newer', '-anewer', '-cnewer']);

/** Of its tests and actions those that read; whatever is no test of that list and no value of one is a folder to look in. */
export const findProgram: ReadingProgram = {
  operands: 'paths',
  looksOnly: true,
  takesMany: true,
  read(args) {
    if (args.length === 1 && args[0] === '--version') return nothing;
    const folders: string[] = [];
    const ofTests: string[] = [];
    const rest = [...args];
    for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
      if (findTests.has(arg)) continue;
      const isOfFile = findTestsOfFile.has(arg);
      if (isOfFile || findTestsOfText.has(arg)) {
        const value = rest.shift();
        // Where a version of find does not know the test, its value must not be an action.
        if (value === undefined || (/^-\D/.test(value) && arg !== '-perm')) return undefined;
        if (isOfFile) ofTests.push(value);
      } else if (arg.startsWith('-')) return undefined;
      else folders.push(arg);
    }
    return { paths: [...folders, ...ofTests], many: folders };
  },
};

/** A filter and files; `import` and `include` read modules and data from wherever the filter says. */
export const jqProgram: ReadingProgram = {
  letters: 'acCejMnrRsS',
  long:
    'raw-output compact-output sort-keys slurp null-input ascii-output join-output exit-status monochrome-output ' +
    'color-output raw-input tab indent=# stream version help',
  pairs: 'arg argjson',
  operands: 'pattern',
  allowsFirst: (filter) => !/import|include|modulemeta/.test(filter),
};

const testsOfPath = new Set('-e -f -d -r -w -x -s -L -h -p -S -b -c -g -k -u -O -G'.split(' '));
const testsOfText = new Set(['-z', '-n']);
const comparisons = new Set('= == != -eq -ne -lt -le -gt -ge'.split(' '));

/** One question; `-v` and the like look into variables, where a name can hold a command. */
export const testProgram: ReadingProgram = {
  operands: 'paths',
  looksOnly: true,
  read(args) {
    const [first = '', second = ''] = args[0] === '!' ? args.slice(1) : args;
    const count = args[0] === '!' ? args.length - 1 : args.length;
    if (count === 2 && testsOfPath.has(first)) return { paths: [second], many: [] };
    if (count === 2 && testsOfText.has(first)) return nothing;
    return count === 3 && comparisons.has(second) ? nothing : undefined;
  },
};

/** `%n` and `-v` write variables, and PATH is one. */
export const printfProgram: ReadingProgram = {
  operands: 'texts',
  read([format]) {
    if (format === undefined || format.startsWith('-')) return undefined;
    const isPlain = /^(?:[^%]|%%|%[-+ #0]{0,5}\d{0,4}(?:\.\d{1,3})?[sdiuxXoceEfgGbq])*$/s.test(format);
    return isPlain ? nothing : undefined;
  },
};

const timeFormat =
  /^(-u|-R|-I(date|hours|minutes|seconds|ns)?|--(utc|universal|rfc-email|iso-8601|version|help|(date|iso-8601|rfc-3339)=.*)|\+.*)$/s;

/** Shows a time; every other form of it can set the clock, and in some systems `-d` with a number does. */
export const dateProgram: ReadingProgram = {
  operands: 'texts',
  read(args) {
    const isPlain = args.every((arg, index) => {
      if (arg === '-d') return args[index + 1] !== undefined;
      return args[index - 1] === '-d' ? /\D/.test(arg) && !arg.startsWith('-') : timeFormat.test(arg);
    });
    return isPlain ? nothing : undefined;
  },
};

/** Tells what a name stands for; in its other form it runs it. */
export const commandProgram: ReadingProgram = {
  operands: 'names',
  read([option, ...names]) {
    const isQuestion = option === '-v' || option === '-V';
    return isQuestion && names.every((name) => /^[A-Za-z0-9_][\w.+-]*$/.test(name)) ? nothing : undefined;
  },
};
