import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArguments, type Arguments } from '../../../src/cli/arguments.ts';

const run = {
  kind: 'run',
  file: 'a.batch.json',
  json: false,
  permission: 'read-only',
  failFast: false,
} as const;
const agent = { kind: 'agent', prompt: 'do it', json: false, permission: 'read-only' } as const;
const agentOfInput = { kind: 'agent', json: false, permission: 'read-only' } as const;

const agents = {
  kind: 'agents',
  file: 'a.agents.json',
  json: false,
  permission: 'read-only',
  failFast: false,
} as const;

const good: readonly { argv: readonly string[]; expected: Arguments }[] = [
  { argv: ['run', 'a.batch.json'], expected: run },
  {
    argv: ['run', '--json', 'a.batch.json', '--fail-fast', '--permission', 'unlimited'],
    expected: { ...run, json: true, failFast: true, permission: 'unlimited' },
  },
  {
    argv: ['run', 'a.batch.json', '--cwd', 'x', '--report=r.json', '--state-dir', '/s'],
    expected: { ...run, cwd: 'x', report: 'r.json', stateDir: '/s' },
  },
  { argv: ['run', '--', '--odd.batch.json'], expected: { ...run, file: '--odd.batch.json' } },
  { argv: ['agent', 'do it'], expected: agent },
  { argv: ['agent', '-'], expected: agentOfInput },
  { argv: ['agent'], expected: agentOfInput },
  {
    argv: ['agent', 'do it', '--model', 'm', '--base-url', 'http://127.0.0.1:1', '--replay', 't.ndjson'],
    expected: { ...agent, model: 'm', baseUrl: 'http://127.0.0.1:1', replay: 't.ndjson' },
  },
  {
    argv: ['agents', 'a.agents.json', '--save-file', 'o', '--max-concurrency', '3', '--fail-fast'],
    expected: { ...agents, saveFile: 'o', maxConcurrency: 3, failFast: true },
  },
  {
    argv: ['agents', 'a.agents.json', '--json', '--model', 'm', '--base-url', 'http://127.0.0.1:1'],
    expected: { ...agents, json: true, model: 'm', baseUrl: 'http://127.0.0.1:1' },
  },
  { argv: ['run', 'a.batch.json', '--sandbox', 'required'], expected: { ...run, sandbox: 'required' } },
  { argv: ['agent', 'do it', '--sandbox=on'], expected: { ...agent, sandbox: 'on' } },
  { argv: ['agents', 'a.agents.json', '--sandbox', 'off'], expected: { ...agents, sandbox: 'off' } },
  {
    argv: ['resume', 's', '--sandbox', 'on'],
    expected: { kind: 'resume', session: 's', json: false, sandbox: 'on' },
  },
  {
    argv: ['resume', 's', '--permission', 'read-only', '--api-key-fd', '0'],
    expected: {
      ...{ kind: 'resume', session: 's', json: false, permission: 'read-only' },
      key: { kind: 'descriptor', descriptor: 0 },
    },
  },
  {
    argv: ['agent', 'do it', '--api-key-file', 'k'],
    expected: { ...agent, key: { kind: 'file', file: 'k' } },
  },
  { argv: ['--help'], expected: { kind: 'help' } },
  { argv: ['run', '-h'], expected: { kind: 'help' } },
  { argv: ['--version'], expected: { kind: 'version' } },
];

const bad: readonly { argv: readonly string[]; message: string }[] = [
  {
    argv: [],
    message:
      'Say what to do: allsettled run FILE, agent PROMPT, agents FILE or resume SESSION. See allsettled --help.',
  },
  { argv: ['rnu'], message: 'Unknown command "rnu", did you mean "run"? See allsettled --help.' },
  {
    argv: ['serve'],
    message: 'Unknown command "serve". Known are: run, agent, agents, resume. See allsettled --help.',
  },
  {
    argv: ['run', 'a.batch.json', '--sandbox', 'yes'],
    message: '--sandbox must be one of off, on, required, not "yes".',
  },
  { argv: ['resume'], message: 'SESSION is missing: give the id of a session.' },
  {
    argv: ['resume', 's', '--cwd', '.'],
    message:
      'Unknown option --cwd. Known are: --json, --help, --version, --permission, --sandbox, --state-dir, --api-key-file, --api-key-fd, --base-url, --replay.',
  },
  { argv: ['agents'], message: 'FILE is missing: give an agents file.' },
  ...['0', '101', '1.5', 'x', ''].map((number) => ({
    argv: ['agents', 'f', '--max-concurrency', number],
    message: `--max-concurrency must be a whole number from 1 to 100, not "${number}".`,
  })),
  {
    argv: ['agents', 'f', '--report', 'r'],
    message:
      'Unknown option --report. Known are: --json, --help, --version, --cwd, --permission, --sandbox, --state-dir, --api-key-file, --api-key-fd, --save-file, --max-concurrency, --fail-fast, --model, --base-url.',
  },
  { argv: ['run'], message: 'FILE is missing: give a batch file.' },
  { argv: ['run', 'a', 'b'], message: 'Too many arguments at "b": give a batch file.' },
  {
    argv: ['agent', 'do', 'it'],
    message:
      'Too many arguments at "it": give what the agent is to do, as one quoted text, or - to read it from the standard input.',
  },
  {
    argv: ['agent', ' '],
    message:
      'PROMPT is missing: give what the agent is to do, as one quoted text, or - to read it from the standard input.',
  },
  {
    argv: ['run', 'a', '--api-key-fd', '-1'],
    message: 'The value of --api-key-fd is missing, or it begins with a dash: then write --api-key-fd=VALUE.',
  },
  { argv: ['run', 'a', '--jsn'], message: 'Unknown option --jsn, did you mean "--json"?' },
  {
    argv: ['run', 'a', '--model', 'm'],
    message:
      'Unknown option --model. Known are: --json, --help, --version, --cwd, --permission, --sandbox, --state-dir, --api-key-file, --api-key-fd, --fail-fast, --report.',
  },
  {
    argv: ['run', 'a', '--permission', 'readonly'],
    message:
      '--permission must be one of read-only, workspace-write, unlimited, not "readonly", did you mean "read-only"?',
  },
  ...['1', '2', '-', '3x', ''].map((number) => ({
    argv: ['run', 'a', `--api-key-fd=${number}`],
    message: `--api-key-fd must be the number of an open input, 0 or from 3 on, not "${number}".`,
  })),
  {
    argv: ['run', 'a', '--api-key-fd', '3', '--api-key-file', 'k'],
    message: 'Give --api-key-file or --api-key-fd, not both.',
  },
  { argv: ['run', 'a', '--api-key-file='], message: '--api-key-file needs a value.' },
  { argv: ['run', 'a', '--cwd', ''], message: '--cwd needs a value.' },
  { argv: ['run', 'a', '--state-dir='], message: '--state-dir needs a value.' },
  {
    argv: ['agent', 'x', '--base-url', 'localhost:1'],
    message: '--base-url must be an http or https address, not "localhost:1".',
  },
];

describe('the command line', () => {
  for (const { argv, expected } of good)
    test(`reads ${argv.join(' ')}`, () => assert.deepEqual(parseArguments(argv), expected));

  for (const { argv, message } of bad)
    test(`refuses ${argv.join(' ') || 'nothing at all'}`, () => {
      const parsed = parseArguments(argv);
      assert.equal(parsed.kind === 'usageError' && parsed.message, message);
    });

  test('names an option whose value is missing', () => {
    const parsed = parseArguments(['run', 'a', '--cwd']);
    assert.match((parsed.kind === 'usageError' && parsed.message) || '', /--cwd <value>.* argument missing/);
  });

  test('answers in JSON where that was asked for, also to a mistake', () => {
    const { json, resultKind } = parseArguments(['agent', '--json', '--nope']) as Extract<
      Arguments,
      { kind: 'usageError' }
    >;
    assert.deepEqual({ json, resultKind }, { json: true, resultKind: 'agent' });
  });

  test('does not take a prompt behind -- for an option', () => {
    const parsed = parseArguments(['agent', '--', '--json', 'x']);
    assert.equal(parsed.kind === 'usageError' && parsed.json, false);
  });
});
