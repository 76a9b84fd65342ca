/** Writes a session's events by hand, and folds them, for the tests of the views. */
import type { Outcome } from '../../../src/core/calls.ts';
import { noUsage } from '../../../src/core/agents.ts';
import type { RunEnding } from '../../../src/core/agents.ts';
import type { EventBody, SessionEvent, SessionKind } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import type { SessionState } from '../../../src/core/states.ts';

/** A session whose events are added one by one; time goes on by 10 ms with each. */
export class SessionScript {
  readonly events: SessionEvent[] = [];
  readonly id: string;

  constructor(kind: SessionKind = 'agent', title = 'Find the slow query', id = 's1') {
    this.id = id;
    const host = { name: 'test', version: '1', pid: 1 };
    this.add({ type: 'session.started', kind, title, roots: ['/w'], cwd: '/w', host });
  }

  add(body: EventBody): SessionEvent {
    const seq = this.events.length + 1;
    const event: SessionEvent = { v: 1, seq, at: 1_000_000 + seq * 10, sessionId: this.id, ...body };
    this.events.push(event);
    return event;
  }

  agent(agentId = 'a1', label = 'Find the slow query', model = 'model-1'): this {
    const rest = { model, permission: 'workspace-write', systemPrompt: '', tools: [] } as const;
    this.add({ type: 'agent.created', agentId, label, ...rest });
    return this;
  }

  run(prompt: string, runId = 'r1', agentId = 'a1', follows?: string): this {
    this.add({ type: 'run.queued', agentId, runId, prompt, ...(follows !== undefined && { follows }) });
    this.add({ type: 'run.started', agentId, runId });
    return this;
  }

  turn(turnId = 't1', runId = 'r1', agentId = 'a1'): this {
    this.add({ type: 'turn.started', agentId, runId, turnId, attempt: 1, model: 'model-1' });
    return this;
  }

  text(text: string, index = 0, turnId = 't1'): this {
    this.add({ type: 'block.received', agentId: 'a1', turnId, index, block: { type: 'text', text } });
    return this;
  }

  turnEnd(stopReason: string, turnId = 't1'): this {
    this.add({ type: 'turn.ended', agentId: 'a1', turnId, stopReason, usage: noUsage });
    return this;
  }

  turnBatch(batchId = 'b1', turnId = 't1'): this {
    return this.batch({ kind: 'turn', agentId: 'a1', turnId }, batchId);
  }

  batch(source: Extract<EventBody, { type: 'batch.started' }>['source'], batchId = 'b1'): this {
    this.add({
      type: 'batch.started',
      batchId,
      source,
      permission: 'workspace-write',
      cwd: '/w',
      failFast: false,
    });
    return this;
  }

  call(callId: string, tool: string, input: unknown, batchId = 'b1', index = 0): this {
    this.add({ type: 'call.queued', callId, batchId, index, tool, input: { kind: 'parsed', value: input } });
    return this;
  }

  start(callId: string): this {
    this.add({ type: 'call.started', callId, attempt: 1 });
    return this;
  }

  settle(callId: string, outcome: Outcome, durationMs = 12): this {
    const startedAt = 1_000_000;
    const neverStarted = outcome.status === 'denied' || outcome.status === 'skipped';
    const times = neverStarted ? { durationMs: 0, attempts: 0 } : { startedAt, durationMs, attempts: 1 };
    this.add({ type: 'call.settled', callId, outcome, times });
    return this;
  }

  end(ending: Partial<RunEnding>, runId = 'r1', agentId = 'a1'): this {
    this.add({
      type: 'run.ended',
      agentId,
      runId,
      ending: {
        status: 'completed',
        stopReason: 'end_turn',
        terminationReason: 'endTurn',
        message: '',
        usage: noUsage,
        text: '',
        lastActivity: '',
        ...ending,
      },
    });
    return this;
  }

  get state(): SessionState {
    const state = fold(this.events);
    if (!state) throw new Error('no events');
    return state;
  }
}

/** The outcome of a call that succeeded with a text. */
export function ok(text: string): Outcome {
  return { status: 'succeeded', output: { text, bytes: text.length } };
}

/** The outcome of a command that exited with a code. */
export function exited(exitCode: number, stderr: string): Outcome {
  return {
    status: 'failed',
    error: { kind: 'exitCode', message: `The command ended with exit code ${exitCode}.` },
    output: { text: stderr, stdout: '', stderr, exitCode, bytes: stderr.length, file: '/out/c.txt' },
  };
}
