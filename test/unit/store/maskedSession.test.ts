/** What a session writes of the API key: nothing, from its first event on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Blob } from '../../../src/store/blobs.ts';
import { SessionLog } from '../../../src/store/sessionLog.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { strictLog } from '../../fixtures/memorySession.ts';

const key = 'sk-ant-api03-AbCdEf_0123-xyz';

test('neither title nor events nor kept texts hold the key; a text that would be another without it is not kept', async () => {
  const lines: string[] = [];
  const kept: Blob[] = [];
  const log = await SessionLog.start(
    's1',
    {
      type: 'session.started',
      kind: 'agent',
      title: `Use ${key}`,
      host: { name: 'test', version: '1', pid: 1 },
      cwd: '/w',
      roots: ['/w'],
    },
    {
      clock: { now: () => 0 },
      log: strictLog,
      journal: {
        append: (line, blobs) => {
          lines.push(line);
          kept.push(...blobs);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
        flushNow: () => undefined,
      },
      keyInUse: () => `${key}\n`,
      onEvent: () => undefined,
    },
  );
  await log.record(
    { type: 'batch.started', batchId: 'b', source: { kind: 'file', file: `/w/${key}.batch.json` } } as never,
    'durable',
    [{ text: `KEY=${key}\n` }, { text: 'plain' }],
  );
  assert.equal(log.state.title, 'Use [API key]');
  assert.ok(!lines.join('').includes(key));
  assert.equal(lines.length, 2);
  assert.deepEqual(kept, [{ name: textHash('plain'), text: 'plain' }]);
});
