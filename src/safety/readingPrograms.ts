/**
 * The programs that are known to read and print only, each with the options for which that holds. An option is missing
 * here where any common version of the program writes a file, runs a program, follows links, reads a list of further
 * files or never ends because of it.
 */
import { nothing, type ReadingProgram } from './readingProgram.ts';
import {
  commandProgram,
  dateProgram,
  findProgram,
  jqProgram,
  printfProgram,
  testProgram,
} from './readingSyntax.ts';
import { sedProgram } from './sedScript.ts';

const patternFlags =
  'ignore-case invert-match word-regexp line-regexp line-number count only-matching quiet files-with-matches ' +
  'fixed-strings text null no-messages regexp= after-context=# before-context=# context=# max-count=#';

const grep: ReadingProgram = {
  letters: 'ivwxnHhlLcoqsEFGPIabrUT',
  numbers: 'ABCm',
  texts: 'e',
  digits: true,
  // In some versions the value of the first is attached or missing.
  long:
    `context? ${patternFlags} no-ignore-case with-filename no-filename files-without-match silent extended-regexp ` +
    'basic-regexp perl-regexp recursive color? colour? include= exclude= exclude-dir= byte-offset initial-tab ' +
    'line-buffered binary-files= version help',
  operands: 'pattern',
  patternOptions: ['-e', '--regexp'],
};

const ripgrep: ReadingProgram = {
  letters: 'ivwxnNHIlcoqsSFPUuap0.',
  numbers: 'ABCmdM',
  texts: 'egtTrE',
  long:
    `${patternFlags} smart-case case-sensitive no-line-number with-filename no-filename files-without-match ` +
    'count-matches pcre2 multiline multiline-dotall unrestricted pretty hidden files no-ignore no-ignore-vcs heading ' +
    'no-heading column trim stats json vimgrep no-config sort= sortr= color= colors= glob= iglob= type= type-not= ' +
    'type-list max-depth=# maxdepth=# max-columns=# max-filesize=# threads=# replace= context-separator= encoding= ' +
    'one-file-system version help',
  operands: 'pattern',
  patternOptions: ['-e', '--regexp', '--files', '--type-list'],
};

const checksum: ReadingProgram = {
  letters: 'btz',
  long: 'tag binary text zero version help',
  operands: 'paths',
};

function isOneOf(...allowed: readonly string[]): NonNullable<ReadingProgram['read']> {
  return (args) => (args.length === 1 && allowed.includes(args[0] ?? '') ? nothing : undefined);
}

const tellsVersion = (...also: readonly string[]): ReadingProgram => ({
  read: isOneOf('--version', ...also),
  operands: 'none',
});

const files: Readonly<Record<string, ReadingProgram>> = {
  ls: {
    letters: '1AaBCcdFfGghiklmnopqRrSstUuvXx',
    long:
      'all almost-all author color? directory group-directories-first human-readable inode classify? file-type ' +
      'full-time no-group numeric-uid-gid reverse recursive size sort= time= time-style= format= width=# ignore= hide= ' +
      'si literal quote-name escape indicator-style= block-size= version help',
    operands: 'paths',
    looksOnly: true,
  },
  cat: {
    letters: 'AbeEnstTuv',
    long: 'number number-nonblank show-all show-ends show-tabs show-nonprinting squeeze-blank version help',
    operands: 'paths',
  },
  head: {
    letters: 'qv',
    numbers: 'nc',
    digits: true,
    long: 'lines=# bytes=# quiet silent verbose version help',
    operands: 'paths',
  },
  tail: {
    letters: 'qv',
    numbers: 'nc',
    digits: true,
    long: 'lines=# bytes=# quiet silent verbose version help',
    operands: 'paths',
    // `+5f` follows the file, as `-f` does.
    allowsFirst: (operand) => !operand.startsWith('+'),
  },
  wc: { letters: 'lwcmL', long: 'lines words bytes chars max-line-length version help', operands: 'paths' },
  nl: { texts: 'bnswv', long: 'body-numbering= number-format= version help', operands: 'paths' },
  tac: { long: 'version help', operands: 'paths' },
  rev: { operands: 'paths' },
  fold: { letters: 's', numbers: 'w', long: 'spaces width=#', operands: 'paths' },
  paste: { letters: 's', texts: 'd', long: 'serial delimiters=', operands: 'paths' },
  comm: { letters: '123', long: 'total', operands: 'paths', most: 2 },
  expand: { numbers: 't', operands: 'paths' },
  column: { letters: 'tx', numbers: 'c', texts: 's', operands: 'paths' },
  cut: {
    letters: 'nsz',
    texts: 'bcdf',
    long: 'bytes= characters= delimiter= fields= only-delimited complement output-delimiter= version help',
    operands: 'paths',
  },
  tr: { letters: 'cCdst', long: 'complement delete squeeze-repeats truncate-set1', operands: 'texts' },
  sort: {
    letters: 'bcCdfghiMnRrsuVz',
    texts: 'kt',
    long:
      'reverse unique stable numeric-sort general-numeric-sort human-numeric-sort month-sort version-sort ' +
      'random-sort dictionary-order ignore-case ignore-leading-blanks key= field-separator= zero-terminated version help',
    operands: 'paths',
  },
  // Its second operand is a file that it writes.
  uniq: {
    letters: 'cdDiuz',
    numbers: 'fsw',
    long: 'count repeated unique ignore-case skip-fields=# skip-chars=# check-chars=# version help',
    operands: 'paths',
    most: 1,
  },
  diff: {
    letters: 'abBcdeiNpqstTuwy',
    numbers: 'UCW',
    long:
      'brief unified? context? side-by-side color? ignore-all-space ignore-space-change ignore-blank-lines ' +
      'ignore-case text minimal width=# label= strip-trailing-cr report-identical-files new-file ' +
      'suppress-common-lines version help',
    operands: 'paths',
    filesOnly: true,
  },
  cmp: { letters: 'bls', numbers: 'n', operands: 'paths', most: 2 },
  stat: {
    letters: 't',
    texts: 'c',
    long: 'format= printf= terse version help',
    operands: 'paths',
    looksOnly: true,
  },
  file: {
    letters: 'bhikI',
    long: 'brief mime mime-type mime-encoding no-dereference version help',
    operands: 'paths',
    looksOnly: true,
  },
  du: {
    letters: 'abchkmsx0',
    numbers: 'd',
    long:
      'all human-readable summarize total max-depth=# apparent-size bytes exclude= block-size= si ' +
      'one-file-system version help',
    operands: 'paths',
    looksOnly: true,
  },
  df: {
    letters: 'ahHiklmPT',
    long: 'human-readable print-type inodes total version help',
    operands: 'paths',
    looksOnly: true,
  },
  realpath: {
    letters: 'emqsz',
    long: 'canonicalize-existing canonicalize-missing version help',
    operands: 'paths',
    looksOnly: true,
  },
  readlink: { letters: 'efmnqsz', long: 'canonicalize version help', operands: 'paths', looksOnly: true },
  tree: {
    letters: 'aACdDfFgGhiJnNpQstuX',
    numbers: 'L',
    texts: 'IP',
    valuesApart: true,
    long: 'noreport dirsfirst du sort= charset= gitignore prune version help',
    operands: 'paths',
    looksOnly: true,
  },
  base64: { letters: 'dD', numbers: 'wb', long: 'decode wrap=#', operands: 'paths', most: 1 },
  // Here, too, a second operand is written.
  xxd: { letters: 'abeiEpu', numbers: 'lscgo', operands: 'paths', most: 1, isUnclustered: true },
  hexdump: { letters: 'bcCdovx', numbers: 'ns', operands: 'paths' },
  od: {
    letters: 'abcdosxv',
    numbers: 'NjS',
    texts: 'At',
    long: 'address-radix= format= skip-bytes=# read-bytes=#',
    operands: 'paths',
  },
  md5sum: checksum,
  sha1sum: checksum,
  sha224sum: checksum,
  sha256sum: checksum,
  sha384sum: checksum,
  sha512sum: checksum,
  b2sum: checksum,
  cksum: { operands: 'paths', long: 'version help' },
  shasum: { letters: 'bt', numbers: 'a', long: 'algorithm=# binary text version help', operands: 'paths' },
  md5: { letters: 'qr', operands: 'paths' },
  find: findProgram,
  sed: sedProgram,
  jq: jqProgram,
  grep,
  egrep: grep,
  fgrep: grep,
  rg: ripgrep,
};

const system: Readonly<Record<string, ReadingProgram>> = {
  basename: { letters: 'az', texts: 's', long: 'multiple suffix= zero version help', operands: 'texts' },
  dirname: { letters: 'z', long: 'zero version help', operands: 'texts' },
  seq: {
    letters: 'w',
    texts: 'fs',
    long: 'format= separator= equal-width version help',
    operands: 'numbers',
  },
  date: dateProgram,
  uname: {
    letters: 'asnrvmpio',
    long: 'all kernel-name machine operating-system version help',
    operands: 'none',
  },
  arch: { operands: 'none' },
  nproc: { long: 'all version help', operands: 'none' },
  whoami: { long: 'version help', operands: 'none' },
  id: { letters: 'ugGnrz', long: 'user group groups name version help', operands: 'names' },
  groups: { operands: 'names' },
  logname: { operands: 'none' },
  tty: { letters: 's', operands: 'none' },
  who: { letters: 'bHqu', long: 'version help', operands: 'none' },
  hostname: { letters: 'fs', long: 'fqdn long short version', operands: 'none' },
  uptime: { letters: 'ps', long: 'pretty since version help', operands: 'none' },
  free: { letters: 'bkmght', long: 'human mega giga total version help', operands: 'none' },
  // Without a program of its own it gives what it reads to echo.
  xargs: { letters: '0', numbers: 'nL', operands: 'none' },
  which: { letters: 'as', operands: 'names' },
};

const anything: ReadingProgram = {
  read: () => nothing,
  operands: 'anything',
  takesMany: true,
  isBuiltIn: true,
};

const builtIn: Readonly<Record<string, ReadingProgram>> = {
  pwd: { letters: 'LP', operands: 'none', isBuiltIn: true },
  echo: anything,
  printf: { ...printfProgram, isBuiltIn: true },
  test: { ...testProgram, isBuiltIn: true },
  type: { letters: 'afptP', operands: 'names', isBuiltIn: true },
  command: { ...commandProgram, isBuiltIn: true },
  true: anything,
  false: anything,
};

// Those that only tell their version: a launcher that would first look what the folder asks for is not among them, such
// as npm, yarn, pnpm, cargo, rustc, go or dotnet.
const versions: Readonly<Record<string, ReadingProgram>> = {
  node: tellsVersion('-v', '--help', '-h'),
  python: tellsVersion('-V'),
  python3: tellsVersion('-V'),
  ruby: tellsVersion('-v'),
  perl: tellsVersion('-v'),
  java: tellsVersion('-version'),
  git: tellsVersion('version'),
  tsc: tellsVersion('-v'),
  openssl: { letters: 'a', operands: 'texts', most: 1, allowsFirst: (verb) => verb === 'version' },
  bash: tellsVersion(),
  gcc: tellsVersion(),
  'g++': tellsVersion(),
  clang: tellsVersion(),
  make: tellsVersion(),
  cmake: tellsVersion(),
  tar: tellsVersion(),
  curl: tellsVersion('-V'),
  wget: tellsVersion(),
};

/** By name; a program that is not here is not known to only read. */
export const readingPrograms: ReadonlyMap<string, ReadingProgram> = new Map(
  [files, system, builtIn, versions].flatMap((table) => Object.entries(table)),
);

/** What is known of the program of that name; undefined where nothing is. */
export function readingProgram(name: string): ReadingProgram | undefined {
  return readingPrograms.get(name);
}
