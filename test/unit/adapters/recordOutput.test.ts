import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { recordOutput } from '../../../src/adapters/node/recordOutput.ts';

function startRecording() {
  const child = { stdout: new PassThrough(), stderr: new PassThrough() };
  let shown = '';
  const onChunk = (stream: string, chunk: string): void => void (shown += `${stream}: ${chunk}\n`);
  return { ...child, recording: recordOutput(child, { onChunk }, Infinity), shown: () => shown };
}

test('a pipe that breaks ends neither the program nor what came before', async () => {
  const { stdout, stderr, recording } = startRecording();
  stdout.write('before');
  stderr.write('still here');
  await nextTurn();
  stdout.destroy(new Error('EIO'));
  await nextTurn();
  const output = await recording.finish();
  assert.deepEqual(output.stdout.kept, { isWhole: true, text: 'before' });
  assert.deepEqual(output.stderr.kept, { isWhole: true, text: 'still here' });
});

test('a character that never became whole is shown at the end', async () => {
  const { stdout, stderr, recording, shown } = startRecording();
  for (const pipe of [stdout, stderr]) pipe.write(Buffer.from([0x61, 0xe2, 0x82]));
  await nextTurn();
  assert.equal(shown(), 'stdout: a\nstderr: a\n');
  await recording.finish();
  assert.equal(shown(), 'stdout: a\nstderr: a\nstdout: \uFFFD\nstderr: \uFFFD\n');
});
