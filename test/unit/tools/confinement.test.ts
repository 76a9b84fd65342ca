import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Permission } from '../../../src/core/agents.ts';
import type { ProcessEnd, ProcessSpec } from '../../../src/core/processPorts.ts';
import type { ConfinedPlace, Confinement, Sandbox, SandboxUse } from '../../../src/core/sandboxPorts.ts';
import type { Access, ToolResult } from '../../../src/core/tools.ts';
import { judge } from '../../../src/safety/permission.ts';
import {
  asConfined,
  confinesCommands,
  runCommand,
  type ConfinementPorts,
} from '../../../src/tools/confinement.ts';

const stream = {
  kept: { isWhole: true, text: '' },
  shown: { isWhole: true, text: '' },
  bytes: 0,
  isBinary: false,
  firstLine: 1,
} as const;
const ended: ProcessEnd = { kind: 'exited', exitCode: 0, output: { stdout: stream, stderr: stream } };

interface Bench extends ConfinementPorts {
  /** What ran, what was confined to where, and what was released, in order. */
  readonly happened: string[];
  use: SandboxUse;
  works: boolean;
  ceiling: Permission | undefined;
  confine: (command: string, place: ConfinedPlace) => Promise<Confinement>;
}

function bench(use: SandboxUse, works: boolean): Bench {
  const happened: string[] = [];
  const it: Bench = {
    happened,
    use,
    works,
    ceiling: undefined,
    files: { canonical: (path) => Promise.resolve(`/real${path}`) },
    processes: {
      run: ({ command, env }: ProcessSpec) => {
        const line = command.kind === 'shell' ? command.line : command.file;
        happened.push(`${line} with ${JSON.stringify(env ?? {})}`);
        return Promise.resolve(ended);
      },
    },
    confine: (command, { writable }) => {
      happened.push(`writes to ${writable.join()}`);
      const release = (): Promise<readonly string[]> => {
        happened.push('released');
        return Promise.resolve([]);
      };
      return Promise.resolve({
        ok: true,
        command: { line: `box ${command}`, env: { TMPDIR: '/t' }, remarks: [], release },
      });
    },
    get sandbox(): Sandbox {
      return {
        state: () =>
          Promise.resolve(it.works ? { kind: 'works' } : { kind: 'unavailable', reason: 'Install it.' }),
        confine: (command, place) => it.confine(command, place),
      };
    },
    settings: {
      sandbox: () => it.use,
      get permission() {
        const { ceiling } = it;
        return ceiling === undefined ? undefined : (): Permission => ceiling;
      },
    } as NonNullable<ConfinementPorts['settings']>,
  };
  return it;
}

function run(ports: Bench, permission: Permission, allowedAs: Access) {
  const spec = { cwd: '/w', signal: new AbortController().signal };
  return runCommand('make', spec, { sessionId: 's', permission, allowedAs, roots: ['/w'] }, ports);
}

/** The whole way of a command that does more than read: what its permission says of it, and what then happens. */
async function way(ports: Bench, permission: Permission): Promise<string> {
  const access: Access = (await confinesCommands({ sessionId: 's' }, ports)) ? 'confined' : 'command';
  const judgement = judge(permission, access);
  if (judgement === 'deny') return 'denied';
  const ran = await run(ports, permission, access);
  const how = ran.ok ? (ran.confined ? ports.happened.join(', ') : 'plain') : `${ran.error.kind}`;
  return `${judgement === 'ask' ? 'asked, ' : ''}${how}`;
}

const confined = (writable: string): string =>
  `writes to ${writable}, box make with {"TMPDIR":"/t"}, released`;

const table: readonly (readonly [SandboxUse, 'works' | 'does not', Permission, string])[] = [
  ['off', 'works', 'read-only', 'denied'],
  ['off', 'works', 'workspace-write', 'asked, plain'],
  ['off', 'works', 'unlimited', 'plain'],
  ['off', 'does not', 'read-only', 'denied'],
  ['off', 'does not', 'workspace-write', 'asked, plain'],
  ['off', 'does not', 'unlimited', 'plain'],
  ['on', 'works', 'read-only', confined('')],
  ['on', 'works', 'workspace-write', confined('/real/w')],
  ['on', 'works', 'unlimited', confined('/real/w')],
  ['on', 'does not', 'read-only', 'denied'],
  ['on', 'does not', 'workspace-write', 'asked, plain'],
  ['on', 'does not', 'unlimited', 'plain'],
  ['required', 'works', 'read-only', confined('')],
  ['required', 'works', 'workspace-write', confined('/real/w')],
  ['required', 'works', 'unlimited', confined('/real/w')],
  ['required', 'does not', 'read-only', 'refused'],
  ['required', 'does not', 'workspace-write', 'refused'],
  ['required', 'does not', 'unlimited', 'refused'],
];

for (const [use, works, permission, expected] of table)
  test(`sandbox ${use}, it ${works}, ${permission}: ${expected}`, async () => {
    assert.equal(await way(bench(use, works === 'works'), permission), expected);
  });

test('with the sandbox required, nothing else says what to do than the refusal', async () => {
  const ports = bench('required', false);
  for (const allowedAs of ['command', 'confined', 'read'] as const) {
    const ran = await run(ports, 'unlimited', allowedAs);
    assert.match(
      ran.ok ? '' : ran.error.message,
      /^The command was not run\. Commands must be confined \(the sandbox is "required"\), .* Install it\. /,
    );
  }
  assert.deepEqual(ports.happened, []);
});

test('what was allowed because it would be confined never runs unconfined, whatever changed since', async () => {
  for (const use of ['off', 'on', 'required'] as const) {
    const ports = bench(use, false);
    const ran = await run(ports, 'workspace-write', 'confined');
    assert.equal(ran.ok ? 'ran' : ran.error.kind, 'refused');
    assert.deepEqual(ports.happened, []);
  }
  const off = bench('off', true);
  const ran = await run(off, 'workspace-write', 'confined');
  assert.ok(ran.ok && ran.confined);
});

test('a sandbox that breaks in the middle lets nothing run', async () => {
  for (const use of ['on', 'required'] as const)
    for (const allowedAs of ['command', 'confined', 'read'] as const) {
      const ports = bench(use, true);
      ports.confine = () =>
        Promise.resolve({ ok: false, error: { kind: 'cannotStart', message: 'It broke.' } });
      const ran = await run(ports, 'unlimited', allowedAs);
      assert.deepEqual(ran, { ok: false, error: { kind: 'cannotStart', message: 'It broke.' } });
      assert.deepEqual(ports.happened, []);
    }
});

test('a program without a sandbox has none that works', async () => {
  const { files, processes, settings } = bench('required', true);
  const ports: ConfinementPorts = { files, processes, ...(settings && { settings }) };
  assert.equal(await confinesCommands({ sessionId: 's' }, ports), true);
  const spec = { cwd: '/w', signal: new AbortController().signal };
  const ran = await runCommand('make', spec, { sessionId: 's', permission: 'unlimited', roots: [] }, ports);
  assert.equal(ran.ok ? 'ran' : ran.error.kind, 'refused');
});

test('what only reads, and who may no longer write, gets no folder to write to', async () => {
  const reading = bench('on', true);
  await run(reading, 'unlimited', 'read');
  assert.equal(reading.happened[0], 'writes to ');
  const narrowed = bench('on', true);
  narrowed.ceiling = 'read-only';
  await run(narrowed, 'workspace-write', 'confined');
  assert.equal(narrowed.happened[0], 'writes to ');
});

test('a confined result says so, and a failure at the walls of the sandbox says what they are', () => {
  const output = { text: 'exit 1', bytes: 0, exitCode: 1 };
  const failed = (message: string): ToolResult => ({
    ok: false,
    error: { kind: 'exitCode', message },
    output,
  });
  const message = (result: ToolResult): string => (result.ok ? '' : result.error.message);
  const expected = { ok: true, output: { ...output, text: 'exit 1\n[cut]', confined: true } };
  assert.deepEqual(asConfined({ ok: true, output }, { remarks: ['[cut]'] }), expected);
  for (const said of [
    'exit 1: touch: cannot touch x: Read-only file system',
    'exit 6: curl: (6) Could not resolve host: example.com',
    'exit 1: Error: listen EPERM: operation not permitted',
    'exit 1: npm error code EAI_AGAIN',
    'exit 128: fatal: unable to access: Temporary failure in name resolution',
  ])
    assert.match(
      message(asConfined(failed(said), { remarks: [] })),
      /\n\[It ran in a sandbox: without network/,
    );
  assert.equal(
    message(asConfined(failed('exit 1: 3 tests failed'), { remarks: [] })),
    'exit 1: 3 tests failed',
  );
  const start: ToolResult = { ok: false, error: { kind: 'cannotStart', message: 'No.' } };
  assert.equal(asConfined(start, { remarks: [] }), start);
});
