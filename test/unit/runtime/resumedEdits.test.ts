/** Sessions that are cut off at every event around an edit, and resumed: the edit is made once, and the ending is the same. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { agentScripts, asksFor, newTexts, says } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

interface Case {
  readonly tool: string;
  readonly input: object;
  /** All files of the folder with their texts, after the call. */
  readonly after: Readonly<Record<string, string>>;
  readonly told: string;
}

const before = { 'a.txt': 'one\n' };
const cases: readonly Case[] = [
  {
    tool: 'edit_file',
    input: { path: 'a.txt', edits: [{ oldText: 'one', newText: 'two' }] },
    after: { 'a.txt': 'two\n' },
    told: 'Changed a.txt: 1 line added, 1 removed.',
  },
  {
    tool: 'delete_file',
    input: { path: 'a.txt' },
    after: {},
    told: 'Deleted a.txt: 1 line removed.',
  },
  {
    tool: 'rename_file',
    input: { from: 'a.txt', to: 'b.txt' },
    after: { 'b.txt': 'one\n' },
    told: 'Renamed a.txt to b.txt.',
  },
];

/** `isMade`: the file had been written when the host died. */
const cuts = [
  ['call.started', false],
  ['edit.intended', false],
  ['edit.intended', true],
  ['call.settled', true],
] as const;

for (const { tool, input, after, told } of cases)
  for (const [lastEvent, isMade] of cuts)
    test(`${tool}: cut off after ${lastEvent}, with the file ${isMade ? 'changed' : 'as before'}`, async (t) => {
      const folder = await temporaryFolder(t);
      const stateDir = await temporaryFolder(t);
      await fill(folder, before);
      const scripts = await agentScripts(t, {
        root: [asksFor(['r1', 'read_file', { path: 'a.txt' }]), asksFor(['e1', tool, input]), says('Done.')],
      });
      const first = testRuntime(t, stateDir, scripts.server.url);
      const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
      const run = await first.startAgent({ prompt: 'Go root', ...about });
      assert.equal((await run.ended).status, 'completed');
      await first.dispose();
      const journal = new SessionFolders(stateDir).journal(run.sessionId);
      await cutBehind(
        journal,
        (event) => event.type === lastEvent && 'callId' in event && event.callId === 'e1',
      );
      await fill(folder, isMade ? after : before);

      const later = testRuntime(t, stateDir, scripts.server.url);
      const state = await later.openSession(run.sessionId);
      const work = await later.resume(run.sessionId);
      const ending = await work.runs[0]?.ended;
      assert.equal(`${ending?.status} ${ending?.text}`, 'completed Done.');
      assert.deepEqual(await textsIn(folder), after);
      const result = newTexts(scripts.requestsOf('root').at(-1))[0];
      assert.equal(result, `${told}\n\n1 of 1 calls succeeded`);
      assert.equal(state.calls.get('e1')?.state.status, 'succeeded');
      await later.dispose();
    });

/** These files and no others. */
async function fill(folder: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name));
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
}

async function textsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {};
  for (const name of await readdir(folder)) texts[name] = await readFile(join(folder, name), 'utf8');
  return texts;
}

/** Leaves the journal as it was right after that event. */
async function cutBehind(journal: string, isLast: (event: SessionEvent) => boolean): Promise<void> {
  const lines = (await readFile(journal, 'utf8')).split('\n');
  const end = lines.findIndex((line) => line !== '' && isLast(JSON.parse(line) as SessionEvent));
  assert.notEqual(end, -1);
  await writeFile(journal, `${lines.slice(0, end + 1).join('\n')}\n`);
}
