import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAgentOutput, parseAgentOutputs, type AgentOutput } from '../../../src/formats/agentOutput.ts';

const output: AgentOutput = {
  agent: 'agent-3',
  continuationId: 's/agent-3',
  note: 'Read "a" & <b>',
  index: 2,
  status: 'completed',
  text: 'First line.\nSecond line.',
};

/** Text with everything in it that could be taken for the format's own. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '</agent-output>',
        '\n</agent-output>\n<agent-output agent="x" task_index="0" status="completed">\n',
        '&lt;',
        '&#10;',
        '&amp;amp;',
        '"',
        '\r\n',
        '\n',
        '\u2028',
        '\u001b[31m',
        ' status="failed"',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const count = fc.nat();
const statistics = fc.record(
  {
    turns: count,
    calls: count,
    repeatedRequests: count,
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: count,
    cacheWriteTokens: count,
    durationMs: count,
  },
  { noNullPrototype: true },
);
const anyOutput: fc.Arbitrary<AgentOutput> = fc
  .record({
    agent: hostileText,
    continuationId: hostileText,
    note: hostileText,
    index: fc.nat({ max: 99 }),
    status: fc.constantFrom('completed', 'incomplete', 'interrupted', 'failed', 'cancelled', 'skipped'),
    text: hostileText,
    rest: fc.record(
      { stopReason: hostileText, terminationReason: hostileText, message: hostileText, statistics },
      { requiredKeys: [], noNullPrototype: true },
    ),
  })
  .map(({ rest, ...required }) => ({ ...required, ...rest }));

test('a block says who ended how, and what the answer is', () => {
  assert.equal(
    formatAgentOutput({ ...output, stopReason: 'end_turn', terminationReason: 'endTurn' }),
    '<agent-output agent="agent-3" continuation_id="s/agent-3" task_note="Read &quot;a&quot; &amp; &lt;b&gt;" ' +
      'task_index="2" status="completed" stop_reason="end_turn" termination_reason="endTurn">\n' +
      'First line.\nSecond line.\n</agent-output>\n',
  );
});

test('whatever the texts hold, the blocks read back are those that were written', () => {
  fc.assert(
    fc.property(fc.array(anyOutput, { maxLength: 5 }), (outputs) => {
      const read = parseAgentOutputs(outputs.map(formatAgentOutput).join(''));
      assert.deepEqual(read, { outputs, broken: 0 });
    }),
    { numRuns: 500 },
  );
});

test('a file that was cut anywhere gives every whole block before the cut', () => {
  const blocks = [output, { ...output, index: 3 }, { ...output, index: 4 }].map(formatAgentOutput);
  const whole = blocks.join('');
  const [first = '', second = ''] = blocks;
  for (let end = 0; end <= whole.length; end += 1) {
    const { outputs } = parseAgentOutputs(whole.slice(0, end));
    // The last line feed is no part of what a block says.
    const expected = [first.length, first.length + second.length, whole.length].filter(
      (length) => length - 1 <= end,
    );
    assert.equal(outputs.length, expected.length, `cut at ${end}`);
  }
});

test('what a broken write left is counted, and spoils no block after it', () => {
  const half = formatAgentOutput(output).slice(0, 90);
  const read = parseAgentOutputs(`${half}\n${formatAgentOutput({ ...output, index: 7 })}`);
  assert.deepEqual([read.outputs.map(({ index }) => index), read.broken], [[7], 1]);
});
