/** That a result is the last that is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingOnce, jsonOutput } from '../../../src/cli/output.ts';
import { refused } from '../../../src/cli/results.ts';
import { SessionScript } from '../views/sessionScript.ts';

test('after the result nothing is told, not even another result', () => {
  const lines: string[] = [];
  const output = endingOnce(jsonOutput({ out: (text) => void lines.push(text), err: () => undefined }));
  const [event] = new SessionScript().events;
  assert.ok(event);
  output.event(event, undefined);
  output.end(refused('agent', []), undefined);
  output.event(event, undefined);
  output.end(refused('batch', []), undefined);
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { type: string; kind: string }).kind),
    ['agent', 'agent'],
  );
  assert.equal(lines[1], '{"type":"result","kind":"agent","problems":[]}\n');
});
