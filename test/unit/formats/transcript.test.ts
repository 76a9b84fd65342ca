/** Which transcripts can be played, and what the others are told. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseTranscript } from '../../../src/formats/transcript.ts';

const stamp = (seq: number) => ({ v: 1, seq, at: seq, sessionId: 's' });
const started = {
  ...stamp(1),
  type: 'session.started',
  kind: 'agent',
  title: 't',
  roots: ['/w'],
  cwd: '/w',
  host: { name: 'test', version: '1', pid: 1 },
};
const agent = {
  ...stamp(2),
  type: 'agent.created',
  agentId: 'a',
  label: 'a',
  model: 'm',
  permission: 'read-only',
  systemPrompt: '',
  tools: [],
};
const run = { ...stamp(3), type: 'run.queued', agentId: 'a', runId: 'r', prompt: 'p' };
const turn = {
  ...stamp(4),
  type: 'turn.started',
  agentId: 'a',
  runId: 'r',
  turnId: 't',
  attempt: 1,
  model: 'm',
};
const block = {
  ...stamp(5),
  type: 'block.received',
  agentId: 'a',
  turnId: 't',
  index: 0,
  block: { type: 'text', text: 'x' },
};

function transcript(...events: readonly unknown[]): string {
  return events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))).join('\n') + '\n';
}

void suite('a transcript', () => {
  test('gives its events in order', () => {
    assert.deepEqual(parseTranscript(transcript(started, agent, run, turn, block)), {
      ok: true,
      events: [started, agent, run, turn, block],
    });
  });

  test('may have a byte order mark, Windows line ends, blank lines and no line end at its end', () => {
    const text = `\uFEFF${JSON.stringify(started)}\r\n\r\n${JSON.stringify(agent)}`;
    assert.deepEqual(parseTranscript(text), { ok: true, events: [started, agent] });
  });

  test('may end with the result line of --json', () => {
    const text = transcript(started, agent, { type: 'result', kind: 'agent', status: 'completed' });
    assert.deepEqual(parseTranscript(text), { ok: true, events: [started, agent] });
  });

  test('may close its lines with checksums, as a journal does, whether or not they fit', () => {
    const closed = [started, agent].map((event, index) => ({ ...event, crc: `0000000${index}` }));
    assert.deepEqual(parseTranscript(transcript(...closed)), { ok: true, events: [started, agent] });
  });

  test('may name texts in files, where somebody puts them back', () => {
    const short = { ...block, block: { type: 'text', text: null }, $blobs: [] };
    const lines = transcript(started, agent, run, turn, short);
    const restore = (value: unknown) => (JSON.stringify(value) === JSON.stringify(short) ? block : value);
    assert.deepEqual(parseTranscript(lines, restore), {
      ok: true,
      events: [started, agent, run, turn, block],
    });
  });

  test('may hold events of a type that is not known', () => {
    const unknown = { ...stamp(2), type: 'agent.danced', how: 'well' };
    assert.deepEqual(parseTranscript(transcript(started, unknown)), { ok: true, events: [started, unknown] });
  });
});

void suite('a transcript that can not be played names the line', () => {
  const wrong: readonly (readonly [string, string, number, RegExp])[] = [
    ['nothing in it', '\n\n', 1, /no event/],
    ['not JSON', transcript(started, agent, '{"v":1,'), 3, /not JSON/],
    ['no event', transcript(started, { hello: 1 }), 2, /no event of a journal: v/],
    ['another version', transcript({ ...started, v: 2 }), 1, /no event of a journal: v/],
    ['no session.started first', transcript({ ...agent, seq: 1 }), 1, /starts with session\.started/],
    ['a result before the end', transcript(started, { type: 'result' }, agent), 2, /no event/],
    ['a blank line before', transcript(started, '', 'x'), 3, /not JSON/],
    [
      'a block without its text',
      transcript(started, agent, run, turn, { ...block, block: { type: 'text' } }),
      5,
      /block\.text/,
    ],
    ['a number left out', transcript(started, run), 2, /number is 3 where 2 was due/],
    [
      'a call that settles without an outcome',
      transcript(started, { ...stamp(2), type: 'call.settled', callId: 'c' }),
      2,
      /call\.settled is not whole: outcome/,
    ],
    [
      'a run that ends without an ending',
      transcript(started, { ...stamp(2), type: 'run.ended', agentId: 'a', runId: 'r' }),
      2,
      /run\.ended is not whole: ending/,
    ],
    ['a turn of no agent', transcript(started, { ...turn, seq: 2 }), 2, /no agent a/],
    ['a block of no turn', transcript(started, agent, run, { ...block, seq: 4 }), 4, /no turn t/],
    [
      'a long text in a file',
      transcript(started, agent, run, turn, {
        ...block,
        block: { type: 'text', text: null },
        $blobs: [{ at: ['block', 'text'], holds: 'text', name: 'a'.repeat(64) }],
      }),
      5,
      /file is not there/,
    ],
  ];
  for (const [name, text, line, message] of wrong)
    test(name, () => {
      const parsed = parseTranscript(text);
      assert.ok(!parsed.ok);
      assert.equal(parsed.line, line);
      assert.match(parsed.message, message);
    });
});
