/** Words in a terminal: no setting, button or follow-up that only the editor has. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import { fold } from '../../../src/core/reduce.ts';
import { stateInTerminal, terminalWords } from '../../../src/views/terminalWords.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { SessionScript } from './sessionScript.ts';

const source = path.join(import.meta.dirname, '../../../src');
/** Rooms whose words can be shown in a terminal. */
const rooms = ['agents', 'cli', 'core', 'engine', 'models', 'runtime', 'safety', 'store', 'tools'];
/** Follow-ups, settings by their ids, commands by their titles. */
const onlyInEditor =
  /follow-up|\ballsettled\.[a-z]+\.?[a-zA-Z]*\b(?!\.json)|AllSettled: [A-Z]|\bsetting allsettled\b/;

/** Texts of the sources that are no part of the terminal's words. */
const elsewhere: readonly RegExp[] = [
  /^allsettled\.approvals\.rules$/, // Rules are asked about in the editor alone.
  /^allsettled\.[a-zA-Z.]+$/, // Keys of the manifest.
  /^Another window or terminal has this session\. Send the follow-up there\.$/, // Follow-ups are sent in the editor.
];

function* literals(): Iterable<readonly [string, string]> {
  for (const room of rooms)
    for (const name of readdirSync(path.join(source, room), { encoding: 'utf8' })) {
      const text = readFileSync(path.join(source, room, name), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '');
      for (const [, , literal = ''] of text.matchAll(/(['`"])((?:\\.|(?!\1)[^\\\n])*)\1/g))
        yield [`${room}/${name}`, literal];
    }
}

test('part 2 words: no message names what a terminal lacks', () => {
  let seen = 0;
  for (const [file, literal] of literals()) {
    if (!onlyInEditor.test(literal) || elsewhere.some((pattern) => pattern.test(literal))) continue;
    seen += 1;
    // A message that goes on after its predecessor begins with a blank there.
    assert.doesNotMatch(terminalWords(` ${literal}`), onlyInEditor, file);
  }
  assert.ok(seen > 5, `${seen} messages were looked at`);
});

test('part 2 words: the tree of a terminal says why a reply was cut off without advice for the editor', () => {
  const script = new SessionScript().agent().run('Go').turn();
  const message = 'The reply broke off before its end. Send a follow-up to go on.';
  const reasons = { terminationReason: 'streamCut', stopReason: null } as const;
  const rest = { status: 'interrupted', usage: noUsage, text: '', lastActivity: '' } as const;
  script.add({ type: 'turn.discarded', agentId: 'a1', turnId: 't1', reason: message });
  script.add({ type: 'run.ended', agentId: 'a1', runId: 'r1', ending: { ...reasons, ...rest, message } });
  const state = fold(script.events);
  assert.ok(state);
  const text = treeText(stateInTerminal(state), state.lastAt);
  assert.match(text, /The reply broke off before its end\./);
  assert.doesNotMatch(text, onlyInEditor);
});
