/** What other extensions and the tests are given; never more than the user's settings and trust allow. */
import * as vscode from 'vscode';
import { narrower, type AgentId, type TurnId } from '../core/agents.ts';
import type { CallId } from '../core/calls.ts';
import type { Disposable } from '../core/emitter.ts';
import type { SessionEvent, SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import type { RunBatchOptions, StartAgentOptions, StartedBatch, StartedRun } from '../runtime/runtime.ts';
import type { Host } from './host.ts';

/** Version 1. Rejections carry a message for a person. */
export interface AllSettledApi {
  readonly version: 1;
  /** Starts an agent; a wider permission than the user's is narrowed. Rejects in an untrusted workspace. */
  startAgent(options: StartAgentOptions): Promise<StartedRun>;
  /** Runs a batch that was checked; a wider permission than the user's is narrowed. */
  runBatch(options: RunBatchOptions): Promise<StartedBatch>;
  /** Cancels one call, the calls of a turn, an agent's run, all of a session, or everything; what has ended stays. */
  cancelCall(sessionId: SessionId, callId: CallId): void;
  cancelTurn(sessionId: SessionId, turnId: TurnId): void;
  stopAgent(sessionId: SessionId, agentId: AgentId): void;
  stopSession(sessionId: SessionId): void;
  stopAll(): void;
  /** Every event of every session, after it is on disk; the caller disposes. */
  onEvent(listener: (event: SessionEvent) => void): Disposable;
  /** The sessions in memory, oldest first. Read only. */
  sessions(): readonly SessionState[];
  session(id: SessionId): SessionState | undefined;
}

export function createExportedApi({ runtime, settings }: Host): AllSettledApi {
  const allowed = <T extends { permission: StartAgentOptions['permission'] }>(options: T): T => {
    if (!vscode.workspace.isTrusted)
      throw new Error('AllSettled runs nothing for other extensions in a workspace that is not trusted.');
    return { ...options, permission: narrower(options.permission, settings.permission()) };
  };
  return {
    version: 1,
    startAgent: async (options) => {
      const narrowed = allowed(options);
      return (await runtime.get()).startAgent(narrowed);
    },
    runBatch: async (options) => {
      const narrowed = allowed(options);
      return (await runtime.get()).runBatch(narrowed);
    },
    cancelCall: (sessionId, callId) => void runtime.get().then((open) => open.cancelCall(sessionId, callId)),
    cancelTurn: (sessionId, turnId) => void runtime.get().then((open) => open.cancelTurn(sessionId, turnId)),
    stopAgent: (sessionId, agentId) => void runtime.get().then((open) => open.stopAgent(sessionId, agentId)),
    stopSession: (sessionId) => void runtime.get().then((open) => open.stopSession(sessionId)),
    stopAll: () => void runtime.get().then((open) => open.stopAll()),
    onEvent: (listener) => runtime.onEvent(listener),
    sessions: () => runtime.sessions(),
    session: (id) => runtime.session(id),
  };
}
