/** One hostile text in every place of a session where somebody else writes, and nothing of it left wherever it is shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentOutput } from '../../../src/cli/agentOutput.ts';
import { batchOutput } from '../../../src/cli/batchOutput.ts';
import { jsonOutput, type Output } from '../../../src/cli/output.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { fold } from '../../../src/core/reduce.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { agentList } from '../../../src/views/agentList.ts';
import { askText, dialogDetail, noticeText, subjectLine } from '../../../src/views/approvalText.ts';
import { conversation } from '../../../src/views/conversation.ts';
import { resultDocument } from '../../../src/views/resultDocument.ts';
import { childRows } from '../../../src/views/rows.ts';
import type { Row } from '../../../src/views/row.ts';
import { sessionRow } from '../../../src/views/sessionRow.ts';
import { statusBarView } from '../../../src/views/statusBar.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { waitingCalls } from '../../../src/views/waitingCalls.ts';
import { discardedText, worktreeDescription } from '../../../src/views/worktreeText.ts';
import { exited, SessionScript } from './sessionScript.ts';

const markup = '<img src=https://evil.example/x> ![x](https://evil.example/x) [ok](command:quit)';
const hostile = `H\u001b]0;t\u0007\u001b[31m\u009b2J\u202e\u200b\u{e0041}\ud800\u2066\b\r\n${markup} \`\`\`\n# Big\n`;
const broken =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Cs}\u2066-\u2069\u202a-\u202e\u200b\u{e0000}-\u{e007f}]/u;

const hostileWorktree = {
  sessionId: 's1',
  agentId: 'a1',
  label: hostile,
  worktree: { path: hostile, branch: hostile, base: 'x' },
  repository: hostile,
  createdAt: 0,
};

function hostileScript(): SessionScript {
  const script = new SessionScript('agent', hostile).agent('a1', hostile).run(hostile).turn();
  const thinking = { type: 'thinking', thinking: hostile, signature: '' } as const;
  script.add({ type: 'block.received', agentId: 'a1', turnId: 't1', index: 0, block: thinking });
  script.text(hostile, 1).turnBatch();
  script.call('c1', 'terminal', { command: hostile }, 'b1', 2).settle('c1', exited(3, hostile));
  script.call(hostile, hostile, { [hostile]: hostile }, 'b1', 3).start(hostile);
  const error = { kind: 'internal', message: hostile } as const;
  script.settle(hostile, { status: 'failed', error, output: { text: hostile, bytes: 1, signal: hostile } });
  const input = { kind: 'unparsable', raw: hostile, problem: hostile } as const;
  script.add({ type: 'call.queued', callId: 'c3', batchId: 'b1', index: 4, tool: 'edit_file', input });
  script.settle('c3', { status: 'skipped', error, because: hostile });
  script.call('c4', 'terminal', { command: hostile }, 'b1', 5);
  const request = { sessionId: 's1', callId: 'c4', tool: hostile, subject: hostile, cwd: hostile };
  script.add({ type: 'approval.requested', callId: 'c4', request });
  script.turn('t2');
  script.add({ type: 'turn.discarded', agentId: 'a1', turnId: 't2', reason: hostile });
  return script.end({ status: 'failed', terminationReason: 'connection', message: hostile, text: hostile });
}

function rowsBelow(state: SessionState, row: Row): readonly Row[] {
  return [row, ...childRows(state, row.id).flatMap((child) => rowsBelow(state, child))];
}

function assertShown(texts: readonly (readonly [string, string])[]): void {
  for (const [place, text] of texts) assert.doesNotMatch(text, broken, place);
}

test('rows of the tree and entries of the list are one line of words', () => {
  const { state } = hostileScript();
  const rows = rowsBelow(state, sessionRow(state));
  assert.equal(rows.length, 7);
  assertShown(rows.map((row) => [`tooltip of ${row.id}`, row.tooltip]));
  const lines = [
    ...rows.flatMap((row) => [row.label, row.description, row.accessibilityLabel]),
    ...agentList([state], 0).flatMap(({ label, description, detail }) => [label, description, detail]),
    ...Object.values(worktreeDescription(hostileWorktree, 0, { text: hostile, isTaken: false })),
    discardedText('x', { keptPatch: hostile, keptFolder: hostile, keptBranch: hostile }),
  ];
  for (const line of lines) assert.doesNotMatch(line, /\n/);
  assertShown(lines.map((line) => [line, line]));
});

test('the status bar holds no words of others, so none of them can be an icon', () => {
  const view = statusBarView([hostileScript().state], 0);
  assert.deepEqual([view.text, view.tooltip].join(' ').match(/H|evil/g), null);
});

test('questions show what would run, sign by sign', () => {
  const calls = waitingCalls([hostileScript().state]);
  const [call] = calls;
  assert.ok(call);
  const texts = [askText(call), dialogDetail(call), noticeText(calls), subjectLine(call, 200)];
  // What keeps VS Code from making a link is our own.
  assertShown(texts.map((text) => [text, text.replaceAll(']\u200b(', '](')]));
  assert.doesNotMatch(noticeText(calls), /\]\(/);
  assert.match(subjectLine(call, 200), /^H␛\]0;t␇␛\[31m⟨U\+009B⟩2J⟨U\+202E⟩⟨U\+200B⟩⟨U\+E0041⟩⟨U\+D800⟩/);
});

test('documents of results and conversations hold visible text, and the conversation no live markup', () => {
  const { state } = hostileScript();
  for (const call of state.calls.values()) {
    const whole = { kind: 'whole', text: hostile } as const;
    assertShown([[call.id, resultDocument(call, whole, state)]]);
    assertShown([[call.id, resultDocument(call, { kind: 'soFar', text: hostile }, state)]]);
    assertShown([[call.id, resultDocument(call)]]);
  }
  const agent = state.agents.get('a1');
  assert.ok(agent);
  const document = conversation(state, agent, () => [{ index: 7, block: 'text', text: hostile }]);
  assertShown([['conversation', document]]);
  const words = document.replace(/^<details><summary>Thinking<\/summary>$|^<\/details>$/gm, '');
  const prose = words.replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
  assert.doesNotMatch(prose, /(?<!\\)(?:<[a-z/!?]|!\[|\]\()/i);
  assert.doesNotMatch(document, /^# Big/m);
});

test('a terminal is shown lines of visible text, and JSON that has the same values', () => {
  const script = hostileScript();
  const shown = {
    agent: told(script, (terminal) => new AgentOutput(terminal, true)),
    piped: told(script, (terminal) => new AgentOutput(terminal, false)),
    batch: told(script, (terminal) => batchOutput(terminal, hostile)),
    json: told(script, jsonOutput),
    tree: treeText(script.state, 0),
  };
  assertShown(Object.entries(shown));
  const [first = ''] = shown.json.split('\n');
  assert.deepEqual(JSON.parse(first), script.events[0]);
});

/** All that an output writes of a session, and of a refusal. */
function told(script: SessionScript, create: (terminal: Terminal) => Output): string {
  let text = '';
  const add = (more: string): void => void (text += more);
  const output = create({ out: add, err: add });
  const { events } = script;
  for (const [index, event] of events.entries()) output.event(event, fold(events.slice(0, index + 1)));
  const live = { sessionId: 's1', agentId: 'a1', turnId: 't1', index: 9 } as const;
  output.live({ type: 'live.text', ...live, block: 'text', delta: hostile });
  const problems = [{ message: hostile }, { message: hostile, line: 1, column: 2 }];
  output.end({ type: 'result', kind: 'agent', problems }, script.state);
  return text;
}
