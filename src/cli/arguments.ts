/** Reads the command line: a command, or what is wrong with it. */
import { parseArgs } from 'node:util';
import type { Permission } from '../core/agents.ts';
import type { SandboxUse } from '../core/sandboxPorts.ts';
import { suggestion } from '../formats/nearestName.ts';
import type { KeySource } from './apiKey.ts';
import {
  concurrencyOf,
  given,
  httpUrl,
  keySourceOf,
  onlyOne,
  permissionOf,
  sandboxOf,
  UsageMistake,
} from './argumentValues.ts';

interface CommonOptions {
  readonly json: boolean;
  readonly permission: Permission;
  readonly sandbox?: SandboxUse;
  /** The environment where absent. */
  readonly key?: KeySource;
  /** These are as written: relative to the folder that the program was started in. */
  readonly cwd?: string;
  readonly stateDir?: string;
}

export interface RunArguments extends CommonOptions {
  readonly kind: 'run';
  readonly file: string;
  readonly failFast: boolean;
  readonly report?: string;
}

export interface AgentArguments extends CommonOptions {
  readonly kind: 'agent';
  /** Absent: it comes from the standard input. */
  readonly prompt?: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly replay?: string;
}

export interface AgentsArguments extends CommonOptions {
  readonly kind: 'agents';
  readonly file: string;
  /** As written; the agents file can name it too. */
  readonly saveFile?: string;
  readonly maxConcurrency?: number;
  readonly failFast: boolean;
  readonly model?: string;
  readonly baseUrl?: string;
}

export interface ResumeArguments {
  readonly kind: 'resume';
  /** An id, or the beginning of one. */
  readonly session: string;
  readonly json: boolean;
  /** The permission asked for. If this or the sandbox is absent, the value on record applies. */
  readonly permission?: Permission;
  readonly sandbox?: SandboxUse;
  readonly key?: KeySource;
  readonly stateDir?: string;
  readonly baseUrl?: string;
  readonly replay?: string;
}

/** A command that can be carried out. */
export type Command = RunArguments | AgentArguments | AgentsArguments | ResumeArguments;

export interface UsageError {
  readonly kind: 'usageError';
  readonly message: string;
  readonly json: boolean;
  /** What was asked for, as far as that was plain. */
  readonly resultKind: 'batch' | 'agent' | 'agents' | 'unknown';
}

export type Arguments = Command | UsageError | { readonly kind: 'help' } | { readonly kind: 'version' };

const common = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  cwd: { type: 'string' },
  permission: { type: 'string' },
  sandbox: { type: 'string' },
  'state-dir': { type: 'string' },
  'api-key-file': { type: 'string' },
  'api-key-fd': { type: 'string' },
} as const;
const runOptions = { ...common, 'fail-fast': { type: 'boolean' }, report: { type: 'string' } } as const;
const agentOptions = {
  ...common,
  model: { type: 'string' },
  'base-url': { type: 'string' },
  replay: { type: 'string' },
} as const;

const agentsOptions = {
  ...common,
  'save-file': { type: 'string' },
  'max-concurrency': { type: 'string' },
  'fail-fast': { type: 'boolean' },
  model: { type: 'string' },
  'base-url': { type: 'string' },
} as const;

const resumeOptions = {
  json: common.json,
  help: common.help,
  version: common.version,
  permission: common.permission,
  sandbox: common.sandbox,
  'state-dir': common['state-dir'],
  'api-key-file': common['api-key-file'],
  'api-key-fd': common['api-key-fd'],
  'base-url': { type: 'string' },
  replay: { type: 'string' },
} as const;

const resultKinds = { run: 'batch', agent: 'agent', agents: 'agents', resume: 'unknown' } as const;
type CommandName = keyof typeof resultKinds;

/** Reads what stands behind the program's name. Touches nothing else. */
export function parseArguments(argv: readonly string[]): Arguments {
  const [command = '', ...rest] = argv;
  try {
    return parseCommand(command, rest);
  } catch (error) {
    return {
      kind: 'usageError',
      message: error instanceof UsageMistake ? error.message : parserMessage(error, command),
      json: argv.slice(0, endOfOptions(argv)).includes('--json'),
      resultKind: Object.hasOwn(resultKinds, command) ? resultKinds[command as CommandName] : 'unknown',
    };
  }
}

function endOfOptions(argv: readonly string[]): number {
  const end = argv.indexOf('--');
  return end < 0 ? argv.length : end;
}

function parseCommand(command: string, rest: readonly string[]): Arguments {
  switch (command) {
    case 'run':
      return parseRun(rest);
    case 'agent':
      return parseAgent(rest);
    case 'agents':
      return parseAgents(rest);
    case 'resume':
      return parseResume(rest);
    case '--help':
    case '-h':
      return { kind: 'help' };
    case '--version':
      return { kind: 'version' };
    case '':
      throw new UsageMistake(
        'Say what to do: allsettled run FILE, agent PROMPT, agents FILE or resume SESSION. See allsettled --help.',
      );
    default:
      throw new UsageMistake(
        `Unknown command "${command}"${suggestion(command, Object.keys(resultKinds))} See allsettled --help.`,
      );
  }
}

function parseRun(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({ args: [...args], options: runOptions, allowPositionals: true });
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  return {
    kind: 'run',
    file: onlyOne(positionals, 'FILE', 'a batch file'),
    failFast: values['fail-fast'] ?? false,
    ...given('report', values.report),
    ...commonOptions(values),
  };
}

function parseAgent(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: agentOptions,
    allowPositionals: true,
  });
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  return {
    kind: 'agent',
    ...promptOf(positionals),
    ...given('model', values.model),
    ...given('baseUrl', values['base-url'] && httpUrl(values['base-url'])),
    ...given('replay', values.replay),
    ...commonOptions(values),
  };
}

function promptOf(positionals: readonly string[]): Pick<AgentArguments, 'prompt'> {
  if (positionals.length === 0 || (positionals.length === 1 && positionals[0] === '-')) return {};
  return { prompt: onlyOne(positionals, 'PROMPT', promptForm) };
}

/** The form of a prompt, for messages that ask for one. */
export const promptForm =
  'what the agent is to do, as one quoted text, or - to read it from the standard input';

function parseAgents(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: agentsOptions,
    allowPositionals: true,
  });
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const concurrency = values['max-concurrency'];
  return {
    kind: 'agents',
    file: onlyOne(positionals, 'FILE', 'an agents file'),
    ...given('saveFile', values['save-file']),
    ...(concurrency !== undefined && { maxConcurrency: concurrencyOf(concurrency) }),
    failFast: values['fail-fast'] ?? false,
    ...given('model', values.model),
    ...given('baseUrl', values['base-url'] && httpUrl(values['base-url'])),
    ...commonOptions(values),
  };
}

function parseResume(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: resumeOptions,
    allowPositionals: true,
  });
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  return {
    kind: 'resume',
    session: onlyOne(positionals, 'SESSION', 'the id of a session'),
    json: values.json ?? false,
    ...(values.permission !== undefined && { permission: permissionOf(values.permission) }),
    ...sandboxOf(values.sandbox),
    ...keySourceOf(values),
    ...given('stateDir', values['state-dir']),
    ...given('baseUrl', values['base-url'] && httpUrl(values['base-url'])),
    ...given('replay', values.replay),
  };
}

interface CommonValues {
  readonly json?: boolean;
  readonly cwd?: string;
  readonly permission?: string;
  readonly sandbox?: string;
  readonly 'state-dir'?: string;
  readonly 'api-key-file'?: string;
  readonly 'api-key-fd'?: string;
}

function commonOptions(values: CommonValues): CommonOptions {
  return {
    json: values.json ?? false,
    permission: permissionOf(values.permission),
    ...sandboxOf(values.sandbox),
    ...keySourceOf(values),
    ...given('cwd', values.cwd),
    ...given('stateDir', values['state-dir']),
  };
}

const optionsOf: Readonly<Record<CommandName, object>> = {
  run: runOptions,
  agent: agentOptions,
  agents: agentsOptions,
  resume: resumeOptions,
};

/** Says in our words what Node's parser found: an unknown option, or one without its value or with one that looks like an option. */
function parserMessage(error: unknown, command: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const dashed = /Option '([^' ]+)[^']*' argument is ambiguous/.exec(message)?.[1];
  if (dashed !== undefined)
    return `The value of ${dashed} is missing, or it begins with a dash: then write ${dashed}=VALUE.`;
  const unknown = /Unknown option '([^']+)'/.exec(message)?.[1];
  if (unknown === undefined) return message.split('\n')[0] ?? message;
  const options = Object.hasOwn(optionsOf, command) ? optionsOf[command as CommandName] : runOptions;
  const names = Object.keys(options).map((name) => `--${name}`);
  return `Unknown option ${unknown}${suggestion(unknown, names)}`;
}
