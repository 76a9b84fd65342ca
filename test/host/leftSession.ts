/** A session that a program left when it was killed in the middle of a turn, for a window to find. */
import { writeFile } from 'node:fs/promises';
import { noUsage } from '../../src/core/agents.ts';
import type { EventBody, SessionEvent } from '../../src/core/events.ts';
import { sealed } from '../../src/store/journalLine.ts';
import { SessionFolders } from '../../src/store/sessionFolders.ts';
import { SessionShelf } from '../../src/store/sessionShelf.ts';

export const leftTitle = 'Why is the report slow?';

const agentId = 'agent-1';
const turnId = 'agent-1-turn-1';
const batchId = `${turnId}-batch-1`;
/** No process has it: it is above what a kernel gives out. */
const deadPid = 2 ** 30;

/** Writes it into a state folder, as begun a few minutes ago in `cwd`. */
export async function leaveSession(
  stateDir: string,
  cwd: string,
): Promise<{ readonly sessionId: string; readonly agentId: string }> {
  const sessionId = '20260101-000000-left';
  const folders = new SessionFolders(stateDir);
  await folders.create(sessionId);
  await new SessionShelf(stateDir).mark(sessionId);
  const begun = Date.now() - 5 * 60_000;
  const events = bodies(cwd).map((body, index): SessionEvent => ({
    v: 1,
    seq: index + 1,
    at: begun + index * 100,
    sessionId,
    ...body,
  }));
  await writeFile(
    folders.journal(sessionId),
    events.map((event) => `${sealed(JSON.stringify(event))}\n`).join(''),
  );
  return { sessionId, agentId };
}

/** Writes a session whose journal has lost its first line. */
export async function leaveUnreadableSession(stateDir: string): Promise<void> {
  const sessionId = '20260101-000001-lost';
  const folders = new SessionFolders(stateDir);
  await folders.create(sessionId);
  await writeFile(folders.journal(sessionId), '\n{}\n');
}

function bodies(cwd: string): readonly EventBody[] {
  const queued = (callId: string, index: number, tool: string, value: object): EventBody => ({
    type: 'call.queued',
    callId,
    batchId,
    index,
    tool,
    input: { kind: 'parsed', value },
  });
  return [
    {
      type: 'session.started',
      kind: 'agent',
      title: leftTitle,
      roots: [cwd],
      cwd,
      host: { name: 'test', version: '1', pid: deadPid },
    },
    {
      type: 'agent.created',
      agentId,
      label: leftTitle,
      model: 'claude-sonnet-5-5',
      permission: 'workspace-write',
      systemPrompt: '',
      tools: ['read_file', 'terminal'],
    },
    { type: 'run.queued', agentId, runId: 'agent-1-run-1', prompt: leftTitle },
    { type: 'run.started', agentId, runId: 'agent-1-run-1' },
    { type: 'turn.started', agentId, runId: 'agent-1-run-1', turnId, attempt: 1, model: 'claude-sonnet-5-5' },
    {
      type: 'batch.started',
      batchId,
      source: { kind: 'turn', agentId, turnId },
      permission: 'workspace-write',
      cwd,
      failFast: false,
    },
    queued('c1', 0, 'read_file', { path: 'report.sql' }),
    queued('c2', 1, 'terminal', { command: 'npm run report' }),
    queued('c3', 2, 'terminal', { command: 'npm test' }),
    { type: 'turn.ended', agentId, turnId, stopReason: 'tool_use', usage: noUsage },
    { type: 'call.started', callId: 'c1', attempt: 1 },
    {
      type: 'call.settled',
      callId: 'c1',
      outcome: { status: 'succeeded', output: { text: 'select 1', bytes: 8 } },
      times: { startedAt: Date.now() - 5 * 60_000, durationMs: 12, attempts: 1 },
    },
    { type: 'call.started', callId: 'c2', attempt: 1 },
  ];
}
