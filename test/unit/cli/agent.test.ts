import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import type { EventBody } from '../../../src/core/events.ts';
import { toLine } from '../../../src/store/blobs.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, jsonLines } from './cliProcess.ts';

const agentId = 'recorded';
const call = { callId: 'c1', tool: 'read_file', path: 'a.txt' };

/** A turn that says something and reads a file, then one that ends. */
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
    permission: 'read-only',
    systemPrompt: '',
    tools: ['read_file'],
  },
  { type: 'run.queued', agentId, runId: 'r', prompt: 'Read it.' },
  { type: 'run.started', agentId, runId: 'r' },
  { type: 'turn.started', agentId, runId: 'r', turnId: 't1', attempt: 1, model: 'recorded' },
  {
    type: 'block.received',
    agentId,
    turnId: 't1',
    index: 0,
    block: { type: 'text', text: 'Reading \u001b[31mnow.' },
  },
  {
    type: 'batch.started',
    batchId: 'b1',
    source: { kind: 'turn', agentId, turnId: 't1' },
    permission: 'read-only',
    cwd: '/recorded',
    failFast: false,
  },
  {
    type: 'call.queued',
    callId: call.callId,
    batchId: 'b1',
    index: 1,
    tool: call.tool,
    input: { kind: 'parsed', value: { path: call.path } },
  },
  { type: 'turn.ended', agentId, turnId: 't1', stopReason: 'tool_use', usage: noUsage },
  { type: 'turn.started', agentId, runId: 'r', turnId: 't2', attempt: 1, model: 'recorded' },
  {
    type: 'block.received',
    agentId,
    turnId: 't2',
    index: 0,
    block: { type: 'text', text: 'It says alpha.' },
  },
  { type: 'turn.ended', agentId, turnId: 't2', stopReason: 'end_turn', usage: noUsage },
];

const events = transcript.map((event, index) => ({
  v: 1,
  seq: index + 1,
  at: 1000 + index,
  sessionId: 's',
  ...event,
}));
const lines = events.map((event) => JSON.stringify(event));

async function folderWithTranscript(t: TestContext, text = lines.join('\n')): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 't.ndjson'), `${text}\n`);
  await writeFile(join(folder, 'a.txt'), 'alpha\n');
  return folder;
}

test("an agent's text alone goes to stdout; its calls and its ending go to stderr", async (t) => {
  const folder = await folderWithTranscript(t);
  const { exitCode, stdout, stderr } = await cli(folder, 'agent', 'Read it.', '--replay', 't.ndjson');
  assert.equal(stdout, 'Reading now.\nIt says alpha.\n');
  assert.match(stderr, /^c1 {2}read_file a\.txt {2}succeeded · /);
  assert.match(stderr, /\n {2}Turn 1 {2}1 of 1/);
  assert.match(stderr, /\nCompleted\n$/);
  assert.equal(exitCode, 0);
});

test('a script gets the events and the result of the run, which can be replayed in turn', async (t) => {
  const folder = await folderWithTranscript(t);
  const first = await cli(folder, 'agent', 'Read it.', '--replay', 't.ndjson', '--json');
  const { sessionId, message, ...result } = jsonLines(first.stdout).at(-1) ?? {};
  assert.deepEqual([typeof sessionId, typeof message], ['string', 'string']);
  assert.deepEqual(result, {
    type: 'result',
    kind: 'agent',
    agentId: 'agent-1',
    status: 'completed',
    stopReason: 'end_turn',
    terminationReason: 'endTurn',
    text: 'It says alpha.',
    usage: noUsage,
  });
  await writeFile(join(folder, 'again.ndjson'), first.stdout);
  const again = await cli(folder, 'agent', 'Read it.', '--replay', 'again.ndjson');
  assert.equal(again.stdout, 'Reading now.\nIt says alpha.\n');
});

test('without a key an agent is refused, told how to set one, and nothing is written', async (t) => {
  const folder = await temporaryFolder(t);
  const { exitCode, stdout, stderr } = await cli(folder, 'agent', 'Hello', '--state-dir', 'state');
  assert.equal(stdout, '');
  assert.match(stderr, /^allsettled: No API key is set.*ANTHROPIC_API_KEY.*\n1 problem; nothing ran\.\n$/);
  assert.equal(exitCode, 2);
  assert.deepEqual(await readdir(folder), []);
});

test('a transcript that holds no turn is refused', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'empty.ndjson'), '');
  for (const file of ['empty.ndjson', 'none.ndjson']) {
    const { exitCode, stdout } = await cli(folder, 'agent', 'x', '--replay', file, '--json');
    assert.match(JSON.stringify(jsonLines(stdout)[0]?.['problems']), new RegExp(file));
    assert.equal(exitCode, 2);
  }
});

describe('a transcript that can not be played whole is refused, and its line named', () => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['cut in the middle of a line', lines.join('\n').slice(0, -20), /t\.ndjson, line 12: This is not JSON/],
    ['with a line missing', lines.toSpliced(3, 1).join('\n'), /t\.ndjson, line 4: .*5 where 4 was due/],
    [
      'that contradicts itself',
      lines
        .slice(0, 1)
        .concat(lines[2] ?? '')
        .join('\n')
        .replace('"seq":3', '"seq":2'),
      /line 2: .*no agent recorded/,
    ],
    [
      'with an event of another shape',
      lines.join('\n').replace('"stopReason":"tool_use"', '"stopReason":7'),
      /line 9: This turn\.ended is not whole: stopReason/,
    ],
    ['in UTF-16', '\0', /t\.ndjson is no text in UTF-8/],
  ];
  for (const [name, text, message] of wrong)
    test(name, async (t) => {
      const folder = await folderWithTranscript(t, text);
      const { exitCode, stdout } = await cli(folder, 'agent', 'x', '--replay', 't.ndjson', '--json');
      const [result, ...more] = jsonLines(stdout);
      assert.match((result?.['problems'] as { message: string }[])[0]?.message ?? '', message);
      assert.deepEqual(more, []);
      assert.equal(exitCode, 2);
    });
});

test('a byte order mark does not keep a transcript from being played', async (t) => {
  const folder = await folderWithTranscript(t, `\ufeff${lines.join('\n')}`);
  assert.equal((await cli(folder, 'agent', 'x', '--replay', 't.ndjson')).exitCode, 0);
});

describe('a journal whose long texts lie in files beside it', () => {
  const long = 'word '.repeat(10_000).trim();
  const { line, blobs } = toLine({
    ...events[10],
    block: { type: 'text', text: long },
  });
  const journal = lines.with(10, line).join('\n');

  test('is played with them', async (t) => {
    const folder = await folderWithTranscript(t, journal);
    await mkdir(join(folder, 'blobs'));
    for (const { name, text } of blobs) await writeFile(join(folder, 'blobs', name), text);
    const { stdout, exitCode } = await cli(folder, 'agent', 'x', '--replay', 't.ndjson');
    assert.equal(stdout, `Reading now.\n${long}\n`);
    assert.equal(exitCode, 0);
  });

  test('is refused without them', async (t) => {
    const folder = await folderWithTranscript(t, journal);
    const { stderr, exitCode } = await cli(folder, 'agent', 'x', '--replay', 't.ndjson');
    assert.match(stderr, /line 11: This block\.received keeps a long text in a file beside its journal/);
    assert.equal(exitCode, 2);
  });
});
