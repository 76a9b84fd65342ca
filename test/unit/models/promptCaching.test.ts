/** Where the cache breakpoints of a request stand. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages';
import {
  breakpointPlaces,
  withCacheBreakpoints,
  type BlockMessage,
} from '../../../src/models/promptCaching.ts';

/** `x` is a cacheable block, `.` is one that is not. */
function places(blocks: string, previousEnd = 0): number[] {
  return breakpointPlaces(
    [...blocks].map((block) => block === 'x'),
    previousEnd,
  );
}

void suite('the places of the breakpoints, from the end', () => {
  const rows: readonly (readonly [string, string, number, readonly number[]])[] = [
    ['none without blocks', '', 0, []],
    ['none without a cacheable block', '....', 0, []],
    ['the last block', 'xxx', 0, [2]],
    ['the last cacheable block', 'xxx..', 0, [2]],
    ['one alone while the start is within the gap', 'x'.repeat(15), 0, [14]],
    ['a second one 15 blocks back', 'x'.repeat(16), 0, [15, 0]],
    ['three in all, each 15 blocks further back', 'x'.repeat(100), 0, [99, 84, 69]],
    ['nearer than 15 where that block is not cacheable', `xx..${'x'.repeat(14)}`, 0, [17, 4]],
    ['the nearest one beyond where the gap has none', `xx${'.'.repeat(20)}x`, 0, [22, 1]],
    ['as ever where the previous request ended within reach', 'x'.repeat(100), 60, [99, 84, 69]],
    [
      'the last one at the end of the previous request after a wide turn',
      'x'.repeat(300),
      100,
      [299, 284, 99],
    ],
    [
      'the last one at the last cacheable block of the previous request',
      `x.${'x'.repeat(298)}`,
      2,
      [299, 284, 0],
    ],
  ];
  for (const [name, blocks, previousEnd, expected] of rows)
    test(name, () => assert.deepEqual(places(blocks, previousEnd), expected));

  test('never lie more than 15 blocks apart, as long as the turns are not wider than their reach', () => {
    for (let length = 1; length <= 60; length += 1) {
      const found = places('x'.repeat(length));
      assert.equal(found[0], length - 1);
      for (const [order, place] of found.entries())
        if (order > 0) assert.equal((found[order - 1] ?? 0) - place, 15);
    }
  });
});

function text(value: string): ContentBlockParam {
  return { type: 'text', text: value };
}

function marked(messages: readonly BlockMessage[]): string {
  return withCacheBreakpoints(messages)
    .map(({ content }) => content.map((block) => ('cache_control' in block ? '!' : '-')).join(''))
    .join(' ');
}

void suite('the breakpoints in the messages', () => {
  const user: BlockMessage = { role: 'user', content: [text('go')] };
  const thinking: ContentBlockParam = { type: 'thinking', thinking: 'hm', signature: 's' };
  const redacted: ContentBlockParam = { type: 'redacted_thinking', data: 'd' };

  test('mark the last block of the last message', () => {
    assert.equal(marked([user, { role: 'assistant', content: [text('a'), text('b')] }, user]), '- -- !');
  });

  test('pass over thinking and empty text', () => {
    assert.equal(marked([user, { role: 'assistant', content: [thinking, redacted, text(' ')] }]), '! ---');
  });

  test('reach back over a turn of 100 calls to where the request before it ended', () => {
    const calls = Array.from({ length: 100 }, (_, number): ContentBlockParam => {
      return { type: 'tool_use', id: `c${number}`, name: 'read_file', input: {} };
    });
    const results = calls.map((_, number): ContentBlockParam => {
      return { type: 'tool_result', tool_use_id: `c${number}`, content: 'ok' };
    });
    const messages: readonly BlockMessage[] = [
      user,
      { role: 'assistant', content: calls },
      { role: 'user', content: results },
    ];
    assert.equal(marked(messages), `! ${'-'.repeat(100)} ${'-'.repeat(84)}!${'-'.repeat(14)}!`);
  });

  test('leave the messages that they were given as they were', () => {
    const before = structuredClone(user);
    withCacheBreakpoints([user]);
    assert.deepEqual(user, before);
  });
});
