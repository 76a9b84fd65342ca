import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createShell } from '../../../src/adapters/node/shell.ts';
import type { Permission } from '../../../src/core/agents.ts';
import type { Sandbox, SandboxUse } from '../../../src/core/sandboxPorts.ts';
import type { Access, ToolResult } from '../../../src/core/tools.ts';
import { createTerminal } from '../../../src/tools/terminal.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A terminal whose sandbox lets a command say that it is in it. */
async function terminal(t: TestContext, use: SandboxUse, works = true) {
  const root = await temporaryFolder(t);
  const sandbox: Sandbox = {
    state: () => Promise.resolve(works ? { kind: 'works' } : { kind: 'unavailable', reason: 'Install it.' }),
    confine: (command) => {
      const release = (): Promise<readonly string[]> => Promise.resolve(['[made]']);
      const line = `echo boxed; ${command}`;
      return Promise.resolve({ ok: true, command: { line, env: {}, remarks: ['[cut]'], release } });
    },
  };
  const tool = createTerminal({
    files: createFiles(),
    processes: createProcesses({ clock: nodeClock }),
    shell: createShell(silent),
    sandbox,
    settings: { sandbox: () => use },
  });
  const run = (command: string, permission: Permission, allowedAs: Access): Promise<ToolResult> =>
    tool.run(
      { command },
      {
        sessionId: 'session',
        callId: 'call',
        permission,
        allowedAs,
        cwd: root,
        roots: [root],
        outputFile: path.join(root, 'output.txt'),
        signal: new AbortController().signal,
        runCalls: () => Promise.reject(new Error('no container')),
        show: () => undefined,
      },
    );
  const accessOf = async (command: string): Promise<Access | undefined> =>
    tool.accessOf?.({ command }, { sessionId: 's', cwd: root, roots: [root] });
  return { run, accessOf };
}

test('a command that only reads counts as reading; any other as confined where it will be', async (t) => {
  const answers = async (use: SandboxUse, works?: boolean): Promise<unknown> => {
    const { accessOf } = await terminal(t, use, works);
    return [await accessOf('ls'), await accessOf('npm test')];
  };
  assert.deepEqual(await answers('off'), ['read', 'command']);
  assert.deepEqual(await answers('on'), ['read', 'confined']);
  assert.deepEqual(await answers('on', false), ['read', 'command']);
  assert.deepEqual(await answers('required', false), ['read', 'confined']);
});

test('every command runs in the sandbox where it is on, and its outcome says so', async (t) => {
  const { run } = await terminal(t, 'on');
  for (const [command, permission, allowedAs] of [
    ['echo "$0" >/dev/null', 'read-only', 'confined'],
    ['echo "$0" >/dev/null', 'workspace-write', 'command'],
    ['ls', 'read-only', 'read'],
  ] as const) {
    const result = await run(command, permission, allowedAs);
    assert.ok(result.ok);
    assert.equal(result.output.confined, true);
    assert.match(result.output.stdout ?? '', /^boxed\n/);
    assert.match(result.output.text, /\n\[cut\]\n\[made\]$/);
  }
});

test('what was allowed because it only reads, and does more by now, does not run', async (t) => {
  for (const use of ['off', 'on'] as const) {
    const { run } = await terminal(t, use);
    const result = await run('echo x >made', 'workspace-write', 'read');
    assert.equal(result.ok ? 'ran' : result.error.kind, 'refused');
  }
});

test('without a sandbox a read-only agent gets no command of its own', async (t) => {
  const { run } = await terminal(t, 'off');
  for (const allowedAs of ['command', 'read'] as const) {
    const result = await run('echo x', 'read-only', allowedAs);
    assert.ok(result.ok || result.error.kind === 'refused');
    assert.equal(result.output?.confined, undefined);
  }
  const result = await run('echo x >made', 'read-only', 'command');
  assert.equal(result.ok ? 'ran' : result.error.kind, 'refused');
});

test('K8: a confined command has no terminal either', async (t) => {
  const { run } = await terminal(t, 'on');
  const result = await run(
    'echo "$EDITOR $GIT_EDITOR $TERM $GIT_TERMINAL_PROMPT"',
    'workspace-write',
    'confined',
  );
  assert.equal(result.output?.stdout, 'boxed\nfalse false dumb 0\n');
});
