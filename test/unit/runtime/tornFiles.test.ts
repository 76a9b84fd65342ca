/** Files that a dead host was writing into when it died, in a revert as in an edit. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { revertEndings } from '../../../src/runtime/interruptedReverts.ts';
import { restoreTornFiles } from '../../../src/runtime/tornFiles.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { memorySession } from '../../fixtures/memorySession.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const now = 'the text that stands there\n';
const restored = 'OLD TEXT\n';

/** What a file holds once a session is taken over in which a revert of it was cut off, and what the session says of it. */
async function takenOver(
  t: TestContext,
  found: string,
  kept = [now, restored],
): Promise<readonly [string, string]> {
  const [folder, blobs] = [await temporaryFolder(t), await temporaryFolder(t)];
  const file = path.join(folder, 'a.txt');
  await writeFile(file, found);
  for (const text of kept) await writeFile(path.join(blobs, textHash(text)), text);
  const { log } = await memorySession(nodeClock);
  const reverted = { path: file, before: textHash(now), after: textHash(restored) };
  const target = { kind: 'agent', agentId: 'agent-1' } as const;
  await log.record(
    { type: 'revert.started', revertId: 'revert-1', target, callIds: [], files: [reverted], leftOut: [] },
    'durable',
  );
  const files = createFiles();
  await restoreTornFiles(log.state, files, blobs);
  const [ended] = await revertEndings(log.state, files);
  const left = ended?.type === 'revert.ended' ? ended.notRestored.map(({ why }) => why).join() : '';
  return [await readFile(file, 'utf8'), left];
}

const why = 'the program was closed before it was restored';

test('K5: a file that a revert was being written into gets the text that stood there', async (t) => {
  assert.deepEqual(await takenOver(t, `OLD${now.slice(3)}`), [now, why]);
  assert.deepEqual(await takenOver(t, `${restored}${now.slice(restored.length)}`), [now, why]);
});

test('K5: a file that is restored, was not begun, or is somebody else’s stays as it is', async (t) => {
  assert.deepEqual(await takenOver(t, restored), [restored, '']);
  assert.deepEqual(await takenOver(t, now), [now, why]);
  assert.deepEqual(await takenOver(t, 'OLD and mine'), ['OLD and mine', why]);
  const torn = `OLD${now.slice(3)}`;
  assert.deepEqual(await takenOver(t, torn, [now]), [torn, why]);
});
