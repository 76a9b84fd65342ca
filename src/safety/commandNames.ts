/** Gathers the scripts, folders and further lines that the commands of a line name, and what can't be told. */
import type { ShellStep, StepInput } from './shellSteps.ts';
import { cut, joinedWords, partsOf, quote, type StepWord } from './shellWords.ts';
import { literalOf, quotedPattern } from './shellPattern.ts';
import {
  builder,
  gitWithHooks,
  hasScriptEnding,
  isBesideCommand,
  kindOf,
  leadsPrograms,
  loadsInCode,
  lookedFor,
  namesModules,
  namesPlace,
  ofSystem,
  packageManager,
  passesOn,
  programName,
  testRunner,
  valuedOptions,
  type ProgramKind,
} from './scriptPrograms.ts';

/**
 * One file that is run, or may be. `isRun`: it is bound also while it is missing, if it looks like a script, and named if it
 * lies outside. `runBy`: it is a script of this program whatever it looks like, and so is what that would take for it.
 */
export interface NamedFile {
  readonly pattern: string;
  readonly isRun: boolean;
  readonly runBy?: string;
}

/** A program that looks for its orders by itself, with its words. */
export interface CalledProgram {
  readonly name: string;
  readonly args: readonly string[];
}

export class CommandNames {
  readonly files: NamedFile[] = [];
  readonly folders: string[] = [];
  readonly programs: CalledProgram[] = [];
  /** Lines that the command has run as lines of their own. */
  readonly lines: string[] = [];
  readonly notHeld = new Set<string>();
  /** Tells whether anything is run that is named, or could be. */
  runsFiles = false;
  private readonly functions: ReadonlySet<string>;

  constructor(functions: ReadonlySet<string>) {
    this.functions = functions;
  }

  add({ words, input }: ShellStep): void {
    const [first, ...args] = words;
    if (!first || first.source.startsWith('((')) return;
    if (first.patterns === undefined) {
      this.runsFiles = true;
      this.miss(`the program that ${quote(first)} names`);
      this.nameAll(args, 'any');
    }
    for (const pattern of first.patterns ?? []) this.run(pattern, args, input);
  }

  /** Adds a variable that is set for the commands to see. */
  addSetting(name: string, value: StepWord): void {
    if (!leadsPrograms.test(name)) return;
    const texts = value.patterns?.map(literalOf);
    const harmless = namesPlace.test(name) ? /^$/ : /^[\w=\s-]*$/;
    if (texts?.every((text) => harmless.test(text))) return;
    this.runsFiles = true;
    this.miss(`what \`${name}=…\` leads to`);
  }

  /** Words that no command is given: they may be what a variable holds, or what is read. */
  addLoose(word: StepWord): void {
    for (const pattern of word.patterns ?? []) this.files.push({ pattern, isRun: false });
  }

  private run(pattern: string, args: readonly StepWord[], input: StepInput): void {
    const called = literalOf(pattern);
    const isPath = called.includes('/') && !ofSystem.test(called);
    if (isPath) this.files.push({ pattern, isRun: true });
    const name = programName(called);
    const texts = args.flatMap(({ patterns }) => patterns?.map(literalOf) ?? []);
    const isOther = isPath || this.functions.has(name);
    const kind = isOther ? 'any' : kindOf(name, texts);
    this.follow(name, texts, args);
    if (kind === 'data') return this.passOn(name, args);
    if (kind === 'finder') return this.runFind(args);
    const options = valuedOptions.get(name);
    if (kind === 'wrapper' && options !== undefined) return this.runPlainWrapper(name, args, options, input);
    this.runsFiles = true;
    this.programs.push({ name, args: texts });
    this.nameAll(args, kind);
    this.missWhatIsFound(name, texts);
    if (kind === 'shell') this.runShell(name, args, input);
    else if (kind === 'interpreter') this.runInterpreter(name, args, input);
    else if (kind === 'wrapper') this.runWrapper(name, args, input);
  }

  /** Names the files that a program hands on: another command of the line may run what it writes. */
  private passOn(name: string, args: readonly StepWord[]): void {
    if (name === 'shopt') this.miss('the files that patterns find as `shopt` has it');
    if (passesOn.has(name)) this.nameAll(args, 'data');
  }

  /** Of programs that look for what they run by themselves. */
  private missWhatIsFound(name: string, texts: readonly string[]): void {
    if (testRunner.test(name)) this.missTests(name, texts);
    if (builder.test(name)) this.miss(`the sources that \`${name}\` builds`);
    if (!packageManager.test(name)) return;
    const [verb = 'install'] = texts.filter((text) => !text.startsWith('-'));
    if (/^(i|install|ci|add|update|up|rebuild)$/.test(verb)) this.miss('the install scripts of packages');
    if (/^(x|exec|dlx)$/.test(verb))
      this.addInstalled(
        texts
          .slice(texts.indexOf(verb) + 1)
          .map((text) => ({ source: text, patterns: [quotedPattern(text)] })),
      );
  }

  /** Follows the line into other folders, and names the hooks that git runs by itself. */
  private follow(name: string, texts: readonly string[], args: readonly StepWord[]): void {
    if (name === 'cd' || name === 'pushd') {
      const [target] = args.filter(({ source }) => !/^-[LPe@n]+$|^--$/.test(source));
      if (target?.patterns === undefined || target.source === '-')
        this.miss(
          target
            ? `what lies where \`${name} ${cut(target.source)}\` leads`
            : `what lies in your home folder`,
        );
      this.folders.push(...(target?.patterns ?? []).filter((pattern) => pattern !== '-'));
    }
    for (const [index, { source, patterns }] of args.entries()) {
      const inOne =
        /^(--?(?:directory|prefix|cwd|dir|chdir|project|rootdir|work-tree|manifest-path))=(.+)$/.exec(source);
      if (inOne) this.folders.push(...(patterns ?? []).map((each) => each.slice(each.indexOf('=') + 1)));
      const isFolder = /^(-C|--directory|--prefix|--cwd|--dir|--chdir|--project|--rootdir|--work-tree)$/.test(
        source,
      );
      if (isFolder) this.folders.push(...(args[index + 1]?.patterns ?? []));
    }
    if (name === 'git' && texts.some((text) => gitWithHooks.has(text)))
      for (const pattern of ['.git/hooks/*', '.husky/*']) this.files.push({ pattern, isRun: false });
  }

  /** Binds the words as files; those that can't be told are named, unless they can be no script. */
  private nameAll(args: readonly StepWord[], kind: ProgramKind): void {
    for (const word of args) {
      if (word.patterns === undefined && kind !== 'texts') this.miss(`what ${quote(word)} names`);
      for (const pattern of word.patterns ?? []) {
        const isRun = kind !== 'data' && hasScriptEnding.test(literalOf(pattern)) && !/^-|=/.test(pattern);
        this.files.push({ pattern, isRun });
        for (const part of partsOf(pattern)) this.files.push({ pattern: part, isRun: false });
      }
    }
  }

  private runShell(name: string, args: readonly StepWord[], input: StepInput): void {
    const command = args.findIndex(({ source }) => /^-\w*c\w*$/.test(source));
    if (!/^(bash|r?bash|sh|dash|ash)$/.test(name) && command >= 0)
      this.miss(`what \`${name}\` makes of patterns and words that are its own`);
    if (command >= 0)
      return this.addLine(args.slice(command + 1).find(({ source }) => !/^[-+]/.test(source)));
    const script = args.findIndex(({ source }) => !/^[-+]/.test(source));
    const isInput = script < 0 || args.some(({ source }) => /^-\w*s\w*$/.test(source) || source === '-');
    if (isInput) this.readInput(name, input, true);
    this.addScript(name, args[script]);
  }

  private runInterpreter(name: string, args: readonly StepWord[], input: StepInput): void {
    const texts = args.map(({ patterns, source }) => literalOf(patterns?.[0] ?? source));
    const isModule = /^(python|pypy)/.test(name) && this.addModule(texts);
    if (texts.some((text) => namesModules.get(name)?.test(text)))
      this.miss(`the modules that \`${name}\` loads`);
    if (name === 'node' && texts.some((text) => /^--test(=|$)/.test(text)))
      this.missTests('node --test', texts);
    if (/^(deno|bun)$/.test(name) && texts[0] === 'test') this.missTests(`${name} test`, texts);
    const script = args.findIndex(({ source }) => !source.startsWith('-'));
    if (name === 'make' || name === 'gmake' || name === 'just') return;
    if (script < 0 || texts.includes('-')) this.readInput(name, input, false);
    // The first words that are no option: one of them may be the value of an option.
    const isCode = texts.some((text) => /^(-\w*[ecEpr]\w*|--(eval|print))$/.test(text));
    const code = isCode || /awk$/.test(name) ? texts.filter((text) => loadsInCode.test(text)) : [];
    if (code.length > 0) this.miss(`what the code that \`${name}\` is given loads or runs`);
    if (!isCode && !isModule) this.addScript(name, args[script]);
  }

  /** Of a wrapper whose options are known, the command is the first word that is none of them. */
  private runPlainWrapper(name: string, args: readonly StepWord[], options: string, input: StepInput): void {
    const isValue = (index: number): boolean => {
      const [dash, letter, ...more] = args[index - 1]?.source ?? '';
      return dash === '-' && letter !== undefined && more.length === 0 && options.includes(letter);
    };
    const at = args.findIndex(({ source }, index) => !isBesideCommand.test(source) && !isValue(index));
    const inner = args[at];
    const names = new CommandNames(this.functions);
    if (inner) names.add({ words: args.slice(at), input });
    if (names.runsFiles) {
      this.nameAll(args.slice(0, at), 'any');
      if (inner && name === 'xargs') this.miss(`the files that \`xargs\` hands to ${quote(inner)}`);
    }
    this.take(names);
  }

  /** Any word of any other wrapper can be the command. */
  private runWrapper(name: string, args: readonly StepWord[], input: StepInput): void {
    if (name === 'eval') return this.addLine(joinedWords(args));
    for (const text of args.flatMap(({ patterns }) => patterns?.map(literalOf) ?? []))
      if (/[\s;|&]/.test(text) || name === 'alias') this.lines.push(text.replace(/^[\w.-]+=/, ''));
    if (name === 'parallel') this.miss('the files that `parallel` hands on');
    if (/^(npx|pnpx|bunx|uvx|pipx)$/.test(name)) this.addInstalled(args);
    args.slice(0, maxBefore).forEach(({ patterns }, index) => {
      for (const pattern of patterns ?? [])
        if (isCommand(literalOf(pattern))) this.run(pattern, args.slice(index + 1), input);
    });
  }

  private addInstalled(args: readonly StepWord[]): void {
    const inner = args.find(({ source }) => !source.startsWith('-'));
    for (const pattern of inner?.patterns ?? []) {
      this.programs.push({ name: 'installed', args: [literalOf(pattern)] });
      this.run(pattern, args.slice(args.indexOf(inner as StepWord) + 1), { kind: 'none' });
    }
  }

  private runFind(args: readonly StepWord[]): void {
    args.forEach(({ source }, index) => {
      if (!/^-(exec|execdir|ok|okdir)$/.test(source)) return;
      const rest = args.slice(index + 1);
      const end = rest.findIndex(
        (word) => word.source === String.raw`\;` || /^['"]?[;+]['"]?$/.test(word.source),
      );
      const words = end < 0 ? rest : rest.slice(0, end);
      const names = new CommandNames(this.functions);
      names.add({ words, input: { kind: 'none' } });
      this.take(names);
      const isHanded = words.some((word) => word.source.includes('{}'));
      if (names.runsFiles && isHanded && words[0])
        this.miss(`the files that \`find\` hands to ${quote(words[0])}`);
    });
  }

  private take(names: CommandNames): void {
    this.files.push(...names.files);
    this.folders.push(...names.folders);
    this.programs.push(...names.programs);
    this.lines.push(...names.lines);
    for (const each of names.notHeld) this.notHeld.add(each);
    this.runsFiles ||= names.runsFiles;
  }

  private readInput(name: string, input: StepInput, isShell: boolean): void {
    if (input.kind === 'pipe' && !input.isTold) this.miss(`what \`${name}\` reads from its input`);
    if (input.kind !== 'text') return;
    if (input.text.patterns === undefined) this.miss(`what \`${name}\` reads from its input`);
    else if (isShell) this.addLine(input.text);
  }

  private addScript(runBy: string, word: StepWord | undefined): void {
    for (const pattern of word?.patterns ?? []) this.files.push({ pattern, isRun: true, runBy });
  }

  private addLine(word: StepWord | undefined): void {
    if (word && word.patterns === undefined) {
      this.notHeld.delete(`what ${quote(word)} names`);
      this.miss(`the commands that ${quote(word)} holds`);
    }
    this.lines.push(...(word?.patterns ?? []).map(literalOf));
  }

  /** Names the files that `-m` may find. One that is missing would come before a module of that name elsewhere. */
  private addModule(texts: readonly string[]): boolean {
    const at = texts.findIndex((text) => /^-[A-Za-ln-z]*m/.test(text));
    if (at < 0) return false;
    const module = texts[at]?.replace(/^-[A-Za-ln-z]*m/, '') || (texts[at + 1] ?? '');
    const file = module.replaceAll('.', '/');
    const above = file
      .split('/')
      .slice(0, -1)
      .map((_, index, parts) => parts.slice(0, index + 1).join('/'));
    for (const name of [
      `${file}.py`,
      `${file}/__main__.py`,
      `${file}/__init__.py`,
      ...above.flatMap((each) => [`${each}.py`, `${each}/__init__.py`]),
    ])
      this.files.push({ pattern: quotedPattern(name), isRun: true });
    this.programs.push({ name: module, args: [] });
    if (/^(pytest|unittest|nose2?|tox|nox)$/.test(module)) this.missTests(`python -m ${module}`, []);
    return true;
  }

  private missTests(name: string, texts: readonly string[]): void {
    if (!texts.some((text) => hasScriptEnding.test(text) && !text.startsWith('-') && !/[*?[]/.test(text)))
      this.miss(`the test files that \`${name}\` finds`);
  }

  private miss(what: string): void {
    this.notHeld.add(what);
  }
}

const maxBefore = 8;

/** Tells whether a word among others is likely to be the program that these others are for. */
function isCommand(word: string): boolean {
  const name = programName(word);
  const isKnown = !/^(any|data)$/.test(kindOf(name, [])) || testRunner.test(name) || lookedFor.has(name);
  return isKnown || word.includes('/');
}
