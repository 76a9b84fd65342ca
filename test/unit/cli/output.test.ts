/** How an ending is told: last, once, and in a person's words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../../src/cli/arguments.ts';
import { AgentOutput } from '../../../src/cli/agentOutput.ts';
import { endingOnce, jsonOutput } from '../../../src/cli/output.ts';
import { fold } from '../../../src/core/reduce.ts';
import { noUsage } from '../../../src/core/agents.ts';
import { withResumeHint } from '../../../src/cli/resumeHint.ts';
import { latestRun } from '../../../src/core/states.ts';
import { agentResult } from '../../../src/views/agentResult.ts';
import { refused } from '../../../src/cli/results.ts';
import { ok, SessionScript } from '../views/sessionScript.ts';

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

for (const [status, terminationReason, message, expected] of [
  ['completed', 'endTurn', 'The model ended its turn.', 'Completed'],
  ['cancelled', 'cancelledByPerson', 'Stopped by the person.', 'Stopped by you'],
  ['cancelled', 'cancelledByParent', 'Stopped by the parent agent.', 'Stopped by its parent agent'],
  ['interrupted', 'maxTurns', 'It took too many turns.', 'Interrupted: It took too many turns.'],
  ['failed', 'authentication', 'Set another key.', 'Failed: Set another key.'],
  [
    'interrupted',
    'maxTokens',
    'The reply was cut at the limit of tokens. Raise the setting allsettled.maxTokens, or ask for less at once; then send a follow-up.',
    'Interrupted: The reply was cut at the limit of tokens. Ask for less at once.',
  ],
  [
    'interrupted',
    'rateLimit',
    'The API limits the rate. The API asks to wait 9 s, until 1:00, which is longer than allsettled.retries.longestWaitSeconds allows. Send a follow-up then.',
    'Interrupted: The API limits the rate. The API asks to wait 9 s, until 1:00, which is longer than this waits.',
  ],
  [
    'incomplete',
    'noText',
    'The model ended its turn without a word. Ask it what it found.',
    'Incomplete: The model ended its turn without a word.',
  ],
] as const)
  test(`a person reads of a run that is ${status} (${terminationReason}): ${expected}`, () => {
    let told = '';
    const output = new AgentOutput({ out: () => undefined, err: (text) => void (told += text) });
    const ending = { status, terminationReason, message, stopReason: null, text: '', usage: noUsage };
    output.end({ type: 'result', kind: 'agent', sessionId: 's', agentId: 'a', ...ending }, undefined);
    assert.equal(told, `\n${expected}\n`);
  });

/** What a script of events leaves on both streams. */
function toldOf(script: SessionScript, isWatched = false): { readonly out: string; readonly err: string } {
  const told = { out: '', err: '' };
  const terminal = {
    out: (text: string) => void (told.out += text),
    err: (text: string) => void (told.err += text),
  };
  const output = new AgentOutput(terminal, isWatched);
  script.events.forEach((event, index) => {
    const state = fold(script.events.slice(0, index + 1));
    if (event.type === 'block.received' && event.block.type === 'text') {
      const { sessionId, turnId, index: place } = event;
      const agentId = event.agentId;
      const delta = event.block.text.slice(0, 3);
      output.live({ type: 'live.text', sessionId, agentId, turnId, index: place, block: 'text', delta });
    }
    output.event(event, state);
  });
  output.end(refused('agent', []), undefined);
  return { ...told, err: told.err.replace('\n0 problems; nothing ran.\n', '') };
}

/** An agent in the middle of a reply, whose helper says something and runs a command. */
function withHelper(): SessionScript {
  const script = new SessionScript().agent().run('Why?').turn().text('First, ').turnBatch();
  script.call('c1', 'spawn_agent', {}).turnEnd('tool_use').start('c1');
  const rest = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  const parent = { agentId: 'a1', callId: 'c1' };
  script.add({ type: 'agent.created', agentId: 'a2', label: 'helper', parent, ...rest });
  script.run('Look.', 'r2', 'a2').turn('t2', 'r2', 'a2');
  const said = { type: 'text', text: 'I look.' } as const;
  script.add({ type: 'block.received', agentId: 'a2', turnId: 't2', index: 0, block: said });
  script
    .batch({ kind: 'turn', agentId: 'a2', turnId: 't2' }, 'b2')
    .call('c2', 'terminal', { command: 'ls' }, 'b2');
  script.settle('c2', ok('')).end({ status: 'interrupted', message: 'It stopped.' }, 'r2', 'a2');
  return script.settle('c1', ok('')).turn('t3').text('then this.', 0, 't3').turnEnd('end_turn', 't3');
}

for (const isWatched of [true, false])
  test(`${isWatched ? 'a terminal' : 'a pipe'} gets the own agent's text alone; its sub-agents come and go in short lines`, () => {
    const { out, err } = toldOf(withHelper(), isWatched);
    assert.equal(out, 'First, \nthen this.\n');
    assert.match(
      err,
      /^helper {2}started\nhelper {2}interrupted · 70 ms: It stopped\.\nc1 {2}spawn_agent.* succeeded/,
    );
    assert.doesNotMatch(err, /c2|I look/);
  });

test('a pipe does not get the text of a reply that was discarded and asked for again', () => {
  const script = new SessionScript().agent().run('Why?').turn().text('Because it is sl');
  script.add({ type: 'turn.discarded', agentId: 'a1', turnId: 't1', reason: 'It broke off.' });
  script.turn().text('Because it is slow.').turnEnd('end_turn');
  assert.equal(toldOf(script).out, 'Because it is slow.\n');
});

test('a pipe gets what there is of a reply that broke off for good', () => {
  const script = new SessionScript().agent().run('Why?').turn().text('Because it is sl');
  const discarded = { type: 'turn.discarded', agentId: 'a1', turnId: 't1', reason: 'It broke off.' } as const;
  script.add(discarded);
  script.turn().add(discarded);
  assert.equal(toldOf(script).out, 'Because it is sl\n');
});

test('where something was interrupted, the last line says how to go on; where all has ended, nothing does', () => {
  const toldAt = (script: SessionScript, ...options: readonly string[]): string => {
    let told = '';
    const terminal = { out: () => undefined, err: (text: string) => void (told += text) };
    const ending = latestRun([...script.state.agents.values()][0] ?? assert.fail())?.state;
    assert.ok(ending && 'endedAt' in ending);
    const args = parseArguments(['agent', 'Why?', ...options]);
    assert.ok(args.kind === 'agent');
    withResumeHint(new AgentOutput(terminal), terminal, args, () => true).end(
      agentResult(script.id, 'a1', ending),
      script.state,
    );
    return told;
  };
  const cut = { status: 'interrupted', message: 'It broke off. Send a follow-up to go on.' } as const;
  const script = new SessionScript().agent().run('Why?').end(cut);
  assert.match(toldAt(script), /\nInterrupted: It broke off\.\nGo on with it: allsettled resume s1\n$/);
  assert.match(toldAt(script, '--state-dir', "a b's"), / resume s1 --state-dir 'a b'\\''s'\n$/);
  assert.match(toldAt(new SessionScript().agent().run('Why?').end({})), /\nCompleted\n$/);
  const options = [
    ...['--state-dir', 's', '--sandbox', 'required', '--permission', 'unlimited', '--base-url', 'http://h:1'],
    ...['--replay', 't.ndjson', '--api-key-file', '/k y'],
  ];
  const shown = options.map((word) => (word === '/k y' ? `'/k y'` : word)).join(' ');
  assert.ok(toldAt(script, ...options).endsWith(` resume s1 ${shown}\n`), 'R1: every option that it needs');
  assert.match(toldAt(script, '--state-dir=-s', '--api-key-fd', '3'), / '--state-dir=-s' --api-key-fd 3\n$/);
});
