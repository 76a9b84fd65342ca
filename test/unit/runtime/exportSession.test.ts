/** A session leaves its folder: as a text, or for good. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTranscript } from '../../../src/formats/transcript.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

test('an exported journal stands for itself, long texts included; a conversation is for people; a deleted session is gone', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const long = 'long '.repeat(10_000).trim();
  const server = await startMessagesServer(() => ({
    events: [sse.messageStart(), ...sse.textBlock(0, long), ...sse.messageEnd('end_turn')],
  }));
  t.after(() => server.close());
  const runtime = testRuntime(t, stateDir, server.url);
  const asked = Promise.withResolvers<undefined>();
  runtime.onEvent(({ type }) => type === 'turn.started' && asked.resolve(undefined));
  const run = await runtime.startAgent({
    prompt: 'Go',
    permission: 'read-only',
    cwd: folder,
    roots: [folder],
  });
  await asked.promise;
  await assert.rejects(runtime.deleteSession(run.sessionId), /at work\. Stop it first/);
  await run.ended;

  const journal = await runtime.exportSession(run.sessionId, 'journal');
  const transcript = parseTranscript(journal);
  assert.ok(transcript.ok && transcript.events.at(-1)?.type === 'run.ended');
  assert.ok(journal.includes(JSON.stringify(long)));
  assert.match(await runtime.exportSession(run.sessionId, 'conversation'), /^# Go\n[^]*long long/);

  await runtime.deleteSession(run.sessionId);
  assert.equal(runtime.session(run.sessionId), undefined);
  assert.deepEqual(await runtime.pastSessions(), []);
});
