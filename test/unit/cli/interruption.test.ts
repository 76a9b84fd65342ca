/** Ctrl-C, once and twice, while a command runs that ignores the request to end. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, type ReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import type { EventBody } from '../../../src/core/events.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { jsonLines, startCli, untilFile, type CliRun } from './cliProcess.ts';

/** Ignores the request to end from before it opens the FIFO, and holds that open for as long as it lives. */
const stubborn = `trap 'touch asked' TERM; exec 3>alive; while :; do sleep 0.05; done`;
const agentId = 'recorded';
const turn = { agentId, turnId: 't1' } as const;

/** A turn that asks for the stubborn command. */
const transcript: readonly EventBody[] = [
  {
    type: 'session.started',
    kind: 'agent',
    title: 'Recorded',
    roots: ['/recorded'],
    cwd: '/recorded',
    host: { name: 'test', version: '0', pid: 1 },
  },
  {
    type: 'agent.created',
    agentId,
    label: 'Recorded',
    model: 'recorded',
    permission: 'unlimited',
    systemPrompt: '',
    tools: ['terminal'],
  },
  { type: 'run.queued', agentId, runId: 'r', prompt: 'Run it.' },
  { type: 'run.started', agentId, runId: 'r' },
  { type: 'turn.started', ...turn, runId: 'r', attempt: 1, model: 'recorded' },
  { type: 'block.received', ...turn, index: 0, block: { type: 'text', text: 'Running it.' } },
  {
    type: 'batch.started',
    batchId: 'b1',
    source: { kind: 'turn', ...turn },
    permission: 'unlimited',
    cwd: '/recorded',
    failFast: false,
  },
  {
    type: 'call.queued',
    callId: 't',
    batchId: 'b1',
    index: 1,
    tool: 'terminal',
    input: { kind: 'parsed', value: { command: stubborn } },
  },
  { type: 'turn.ended', ...turn, stopReason: 'tool_use', usage: noUsage },
];

interface Stubborn extends CliRun {
  readonly folder: string;
  /** Settles when nothing holds the FIFO open any more. */
  readonly dead: () => Promise<void>;
}

const commands = {
  run: ['run', 'x.batch.json'],
  agent: ['agent', 'Run it.', '--replay', 't.ndjson'],
} as const;

async function start(t: TestContext, command: keyof typeof commands): Promise<Stubborn> {
  const folder = await temporaryFolder(t);
  const calls = [{ id: 't', tool: 'terminal', input: { command: stubborn } }];
  await writeFile(join(folder, 'x.batch.json'), JSON.stringify({ version: 1, calls }));
  const lines = transcript.map((event, index) =>
    JSON.stringify({ v: 1, seq: index + 1, at: 1000 + index, sessionId: 's', ...event }),
  );
  await writeFile(join(folder, 't.ndjson'), `${lines.join('\n')}\n`);
  execFileSync('mkfifo', [join(folder, 'alive')]);
  const alive: ReadStream = createReadStream(join(folder, 'alive')).resume();
  const opened = once(alive, 'open');
  const run = startCli(folder, ...commands[command], '--json', '--permission', 'unlimited');
  await Promise.race([opened, run.ended]);
  const dead = async (): Promise<void> => {
    if (!alive.readableEnded) await once(alive, 'end');
  };
  return { ...run, folder, dead };
}

function callOf(lines: ReturnType<typeof jsonLines>): Readonly<Record<string, unknown>> | undefined {
  return lines.find(({ type }) => type === 'call.settled')?.['outcome'] as
    Record<string, unknown> | undefined;
}

describe('a command that ignores the request to end', { skip: process.platform === 'win32' }, () => {
  for (const command of ['run', 'agent'] as const) {
    test(`is dead, and its call cancelled, when \`${command}\` ends after one Ctrl-C`, async (t) => {
      const { child, ended, dead } = await start(t, command);
      child.kill('SIGINT');
      const { exitCode, stdout } = await ended;
      const lines = jsonLines(stdout);
      assert.deepEqual([callOf(lines)?.['status'], callOf(lines)?.['by']], ['cancelled', 'person']);
      assert.equal(lines.filter(({ type }) => type === 'result').length, 1);
      const result = lines.at(-1);
      assert.equal(result?.['type'], 'result');
      if (command === 'run') assert.equal(result['cancelled'], 1);
      else assert.equal(result['terminationReason'], 'cancelledByPerson');
      assert.equal(exitCode, 130);
      await dead();
    });

    test(`is killed at once when \`${command}\` gets a second Ctrl-C, and the result is still told`, async (t) => {
      const { child, folder, ended, dead } = await start(t, command);
      child.kill('SIGINT');
      // Signals that are sent at once can be heard in any order, and two of a kind as one.
      await untilFile(folder, 'asked');
      child.kill('SIGINT');
      const { exitCode, stdout } = await ended;
      const lines = jsonLines(stdout);
      const result = lines.at(-1);
      assert.deepEqual(
        [result?.['type'], result?.['kind']],
        ['result', command === 'run' ? 'batch' : 'agent'],
      );
      assert.equal(lines.filter(({ type }) => type === 'result').length, 1);
      if (command === 'run') assert.equal(result?.['open'], 1);
      else assert.equal(result?.['status'], 'cancelled');
      assert.equal(callOf(lines), undefined);
      assert.equal(exitCode, 130);
      await dead();
    });
  }
});
