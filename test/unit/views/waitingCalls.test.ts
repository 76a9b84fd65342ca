import assert from 'node:assert/strict';
import test from 'node:test';
import type { ApprovalRequest } from '../../../src/core/calls.ts';
import {
  approvalDocument,
  askText,
  dialogDetail,
  fitsInDialog,
  fitsInNotice,
  isShownInRow,
  noticeDetail,
  noticeText,
  notHeldLine,
  subjectLine,
} from '../../../src/views/approvalText.ts';
import { waitingCalls } from '../../../src/views/waitingCalls.ts';
import type { WaitingCall } from '../../../src/views/waitingCalls.ts';
import { SessionScript } from './sessionScript.ts';

function ask(script: SessionScript, callId: string, request: Partial<ApprovalRequest> = {}): SessionScript {
  script.add({
    type: 'approval.requested',
    callId,
    request: {
      sessionId: script.id,
      callId,
      tool: 'terminal',
      subject: 'npm test',
      cwd: '/w',
      ...request,
    },
  });
  return script;
}

/** One agent that asks for one call. */
function asking(request: Partial<ApprovalRequest> = {}, tool = 'terminal'): WaitingCall {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', tool, {});
  const [call] = waitingCalls([ask(script, 'c1', { tool, ...request }).state]);
  assert.ok(call);
  return call;
}

test('all that wait are listed, the oldest session first, each with who asks', () => {
  const batch = new SessionScript('batch', 'checks.batch.json', 's0')
    .batch({ kind: 'file', file: '/w/checks.batch.json' })
    .call('a', 'terminal', {})
    .call('b', 'terminal', {})
    .start('a');
  ask(batch, 'b');
  const agents = new SessionScript('agent', 'Find it', 's1')
    .agent('a1', 'Find it')
    .run('Go')
    .turn()
    .turnBatch()
    .call('c1', 'terminal', {})
    .call('s1', 'spawn_agent', {})
    .call('m1', 'run_batch', {})
    .batch({ kind: 'call', callId: 'm1' }, 'b3')
    .call('m1/x', 'terminal', {}, 'b3');
  ask(ask(agents, 'c1'), 'm1/x');
  const later = { ...agents.state, startedAt: batch.state.startedAt + 1 };
  assert.deepEqual(
    waitingCalls([later, batch.state]).map(({ key, asker, rowId }) => [key, asker, rowId]),
    [
      ['s0/b', 'checks.batch.json', 's0/b1/b'],
      ['s1/c1', 'Find it', 's1/a1/t1/c1'],
      ['s1/m1/x', 'Find it', 's1/a1/t1/m1/x'],
    ],
  );
});

test('an edit is told from a command by its tool', () => {
  assert.equal(asking().kind, 'command');
  assert.equal(asking({ access: 'write' }, 'git_commit').kind, 'command');
  for (const tool of ['write_file', 'edit_file', 'delete_file', 'rename_file'])
    assert.equal(asking({ access: 'write' }, tool).kind, 'edit', tool);
});

test('a question says who asks, for what and in which folder', () => {
  assert.equal(askText(asking()), '“Find the slow query” wants to run a command in /w');
  assert.equal(askText(asking({}, 'git_commit')), '“Find the slow query” wants to use git_commit in /w');
  assert.equal(askText(asking({}, 'edit_file')), '“Find the slow query” wants to change a file');
  assert.equal(askText(asking({}, 'delete_file')), '“Find the slow query” wants to delete a file');
});

test('a call alone is named exactly, with who asks; several are counted', () => {
  const call = asking();
  assert.equal(noticeText([call]), 'Run npm test?');
  assert.equal(noticeDetail([call]), '“Find the slow query” wants to run a command in /w.');
  assert.equal(noticeText([call, call, call]), '3 calls wait for your answer.');
  assert.equal(noticeDetail([call, call, call]), '');
  const edit = asking({ subject: 'src/a.ts\nnew text' }, 'write_file');
  assert.equal(noticeText([edit]), 'Write src/a.ts?');
  assert.equal(noticeText([asking({ subject: 'a.ts' }, 'edit_file')]), 'Change a.ts?');
  assert.equal(noticeText([asking({ subject: 'fix' }, 'git_commit')]), 'Use git_commit: fix?');
});

const tooMuchForOneLine: Readonly<Record<string, string>> = {
  'two lines': 'npm test\nrm -rf .',
  'two blanks in a row, which a page shows as one': "grep 'a  b' x",
  'a control character': 'echo \u001b[8mhidden',
  'a bidirectional control': 'echo \u202etxt.exe',
  'an invisible character': 'echo a\u200bb',
  'a tab': 'echo\tb',
  'a carriage return': 'rm -rf x\recho ok',
  'a blank at its end': 'rm a\\ ',
  'more than there is room for': `echo ${'x'.repeat(300)}`,
};
for (const [name, subject] of Object.entries(tooMuchForOneLine))
  test(`a command with ${name} is shown neither in a row nor in a notification`, () => {
    const call = asking({ subject });
    assert.equal(isShownInRow(call), false);
    assert.equal(fitsInNotice(call), false);
    assert.ok(!noticeText([call]).includes(subject));
  });

test('what VS Code would make a link of is not shown in a notification', () => {
  const call = asking({ subject: '[npm](x) test' });
  assert.equal(fitsInNotice(call), false);
  assert.doesNotMatch(noticeText([call]), /\]\(/);
});

test('a row shows a short command whole, and only where it runs in the folder of the session', () => {
  assert.equal(isShownInRow(asking()), true);
  assert.equal(isShownInRow(asking({ subject: 'npm test -- --grep "something else"' })), false);
  assert.equal(isShownInRow(asking({ cwd: '/w/other' })), false);
  assert.equal(isShownInRow(asking({ subject: 'a.ts' }, 'write_file')), false);
});

test('a dialog shows some lines with nothing hidden; a document shows what is longer', () => {
  const short = asking({ subject: 'one\ntwo \u001b[31m three\u202e' });
  assert.equal(fitsInDialog(short), true);
  assert.equal(dialogDetail(short).includes('\u001b'), false);
  assert.equal(dialogDetail(short).includes('\u202e'), false);
  assert.match(dialogDetail(short), /^one\ntwo ␛\[31m three./);
  const long = asking({ subject: 'echo line\n'.repeat(40) });
  assert.equal(fitsInDialog(long), false);
  assert.equal(fitsInDialog(asking({ subject: 'x'.repeat(5000) })), false);
  const text = approvalDocument(long);
  assert.equal(text.split('echo line').length - 1, 40);
  assert.match(text, /^“Find the slow query” wants to run a command\.\n.*\nFolder: {2}\/w\n/);
});

test('the files that an answer is bound to are named', () => {
  const call = asking({ bound: [{ path: '/w/build.sh', hash: 'x' }] });
  const note = /counts only while these files stay as they are:\n {2}\/w\/build\.sh/;
  assert.match(dialogDetail(call), note);
  assert.match(approvalDocument(call), note);
});

test('A1: what an answer does not hold is said in the notification, the dialog and the document, and its row is not enough', () => {
  const call = asking({ subject: 'bash "$f"', notHeld: ['what `"$f"` names', 'what `\u202ex` names'] });
  assert.deepEqual([isShownInRow(call), fitsInNotice(call)], [false, false]);
  const line = 'Not held: what `"$f"` names; what `⟨U+202E⟩x` names.';
  assert.equal(notHeldLine(call.request), line);
  assert.equal(noticeDetail([call]), `“Find the slow query” wants to run a command in /w. ${line}`);
  const note =
    /Not held: .*\n {2}what `"\$f"` names\n {2}what `⟨U\+202E⟩x` names\n\n?Installed programs, and what/;
  assert.match(dialogDetail(call), note);
  assert.match(approvalDocument(call), note);
  assert.equal(notHeldLine(asking().request), '');
  assert.doesNotMatch(dialogDetail(asking()), /held/);
});

test('A1: no list of files names one that is not there, unless to say so of one that the command names', () => {
  const call = asking({
    subject: 'make all; sh later.sh; sh x.sh',
    bound: [
      { path: '/w/GNUmakefile', hash: null },
      { path: '/w/Makefile', hash: 'x' },
      { path: '/w/later.sh', hash: null },
      { path: '/w/x.sh', hash: null },
      { path: '/w/d/x.sh', hash: 'x' },
    ],
  });
  const text = dialogDetail(call);
  assert.match(text, /stay as they are:\n {2}\/w\/Makefile\n {2}\/w\/d\/x\.sh\n\nNothing is there yet/);
  assert.match(text, /only while that stays so:\n {2}\/w\/later\.sh\n\nInstalled programs/);
  assert.doesNotMatch(text, /GNUmakefile|\/w\/x\.sh/);
});

test('of many files that an answer is bound to some are named, so that the command stays in sight', () => {
  const bound = Array.from({ length: 30 }, (_, place) => ({ path: `/w/${place}.sh`, hash: 'x' }));
  for (const text of [dialogDetail(asking({ bound })), approvalDocument(asking({ bound }))]) {
    assert.match(text, /\n {2}\/w\/5\.sh\n {2}and 24 more/);
    assert.doesNotMatch(text, /\/w\/6\.sh/);
  }
});

test('what the codes of hidden characters are is said where there are any', () => {
  const note = /characters that can’t be seen/;
  assert.match(dialogDetail(asking({ subject: 'echo a\u200bb' })), note);
  assert.match(approvalDocument(asking({ subject: 'echo \u202etxt' })), note);
  assert.doesNotMatch(dialogDetail(asking({ subject: 'echo ⟨U+200B⟩' })), note);
});

test('the line of an edit is its file', () => {
  assert.equal(subjectLine(asking({ subject: 'src/a.ts\n--- old\nx' }, 'edit_file'), 80), 'src/a.ts');
  assert.equal(subjectLine(asking({ subject: 'one\ntwo' }), 80), 'one␊two');
});

test('a question that is asked again says so, and what has changed', () => {
  const call = asking({ changed: ['/w/build.sh'], subject: 'sh build.sh' });
  assert.equal(isShownInRow(call), false);
  assert.equal(noticeText([call]), 'Asked again: Run sh build.sh?');
  assert.match(
    dialogDetail(call),
    /You are asked again, because what you allowed has changed\.\n {2}\/w\/build\.sh/,
  );
});

test('a question whose host has died is told from one under way', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'terminal', {});
  ask(script, 'c1');
  assert.deepEqual(
    waitingCalls([script.state]).map(({ isLeft }) => isLeft),
    [false],
  );
  script.end({ status: 'interrupted', terminationReason: 'hostExit', stopReason: null });
  assert.deepEqual(
    waitingCalls([script.state]).map(({ isLeft }) => isLeft),
    [true],
  );
});
