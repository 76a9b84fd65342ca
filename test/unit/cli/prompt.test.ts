/** A prompt from the standard input. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { readPrompt } from '../../../src/cli/readPrompt.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { jsonLines, startCli, startCliWithKey, type CliEnd, type CliRun } from './cliProcess.ts';

function given({ child, ended }: CliRun, input: string | Buffer): Promise<CliEnd> {
  child.stdin?.on('error', () => undefined); // A program that refuses early reads nothing.
  child.stdin?.end(input);
  return ended;
}

async function askedFor(
  t: TestContext,
  input: string | Buffer,
  ...words: readonly string[]
): Promise<unknown> {
  const server = await startMessagesServer(() => ({
    events: sse.wholeMessage('end_turn', sse.textBlock(0, 'Fine.')),
  }));
  t.after(() => server.close());
  const folder = await temporaryFolder(t);
  const run = startCliWithKey(folder, 'agent', ...words, '--base-url', server.url);
  const { exitCode, stdout } = await given(run, input);
  assert.deepEqual([exitCode, stdout], [0, 'Fine.\n']);
  return server.requests[0]?.body.messages[0]?.content[0]?.['text'];
}

const lines = 'Look at this:\n\n  1. é\n  2. "two"';

describe('part 2 p: a prompt', () => {
  test('is read from the standard input for -', async (t) => {
    assert.equal(await askedFor(t, `${lines}\n`, '-'), lines);
  });

  test('is read from it where none is given', async (t) => {
    assert.equal(await askedFor(t, lines), lines);
  });

  test('may be in UTF-16 with a mark, as PowerShell writes it', async (t) => {
    assert.equal(await askedFor(t, Buffer.from(`\uFEFF${lines}\r\n`, 'utf16le'), '-'), lines);
  });

  test('that is given goes before the standard input', async (t) => {
    assert.equal(await askedFor(t, 'not this', 'This.'), 'This.');
  });

  const latin1 = Buffer.from('caf\xe9 au lait, d\xe9j\xe0 vu', 'latin1');
  for (const [what, input, problem] of [
    ['is empty', ' \n', /PROMPT is missing: the standard input is empty\./],
    ['is in another encoding', latin1, /The standard input is not UTF-8/],
    ['is too long', 'x'.repeat(9 * 1024 * 1024), /too long for a prompt: at most 8 MB/],
  ] as const)
    test(`that ${what} is refused, and nothing is written`, async (t) => {
      const folder = await temporaryFolder(t);
      const { exitCode, stdout, stderr } = await given(startCliWithKey(folder, 'agent', '-'), input);
      assert.match(stderr, problem);
      assert.deepEqual([exitCode, stdout, existsSync(join(folder, 'data'))], [2, '', false]);
    });

  test('can’t come from where the key comes from', async (t) => {
    const run = startCli(await temporaryFolder(t), 'agent', '-', '--api-key-fd', '0', '--json');
    const { exitCode, stdout } = await given(run, 'key');
    assert.match(JSON.stringify(jsonLines(stdout)), /The standard input holds the API key/);
    assert.equal(exitCode, 2);
  });

  test('is asked of a person who gave none in a terminal', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    const read = await readPrompt(terminal, new AbortController().signal);
    assert.match(read.ok ? '' : (read.message ?? ''), /^PROMPT is missing: give what the agent is to do/);
  });

  test('is waited for no longer once the program is stopped', async () => {
    const stopping = new AbortController();
    const read = readPrompt(new PassThrough(), stopping.signal);
    stopping.abort();
    assert.deepEqual(await read, { ok: false });
  });
});
