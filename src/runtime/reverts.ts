/** Takes the edits of a turn or an agent back, while none of the agents concerned is at work and nobody else writes the files. */
import { coveredAgents } from '../core/checkpoints.ts';
import { writes } from '../core/effects.ts';
import type { Files } from '../core/filePorts.ts';
import type { RevertPlan, RevertResult, RevertTarget } from '../core/reverts.ts';
import type { Locks } from '../engine/locks.ts';
import type { SessionFolders } from '../store/sessionFolders.ts';
import type { LiveSession } from './liveSession.ts';
import { planRevert } from './revertPlan.ts';
import { carryOut, type RevertOptions } from './reverting.ts';

export interface RevertsPorts {
  readonly files: Files;
  readonly folders: SessionFolders;
  readonly locks: Locks;
}

export class Reverts {
  private readonly ports: RevertsPorts;

  constructor(ports: RevertsPorts) {
    this.ports = ports;
  }

  /** Rejects with a message for a person while an agent that it covers is at work. */
  async plan(session: LiveSession, target: RevertTarget): Promise<RevertPlan> {
    refuseAtWork(session, target);
    const { state } = session.log;
    const { files, folders } = this.ports;
    return planRevert(
      state,
      target,
      { files, blobFolder: folders.blobs(state.id) },
      new AbortController().signal,
    );
  }

  /** Rejects as `plan` does, and while the session can't be saved. */
  async carryOut(
    session: LiveSession,
    plan: RevertPlan,
    options: RevertOptions,
    signal: AbortSignal,
  ): Promise<RevertResult> {
    const { files, folders, locks } = this.ports;
    const { log } = session;
    const ports = { files, log, blobFolder: folders.blobs(log.state.id) };
    return session.during(async (closing) => {
      const stopping = AbortSignal.any([signal, closing]);
      refuseAtWork(session, plan.target);
      const keys = plan.files.map(({ path }) => `file:${path}`);
      const lock = await locks.acquire('a revert', writes(...keys), stopping);
      try {
        refuseAtWork(session, plan.target); // One may have begun while the locks were waited for.
        return await carryOut(plan, options, ports, stopping);
      } finally {
        lock.release();
      }
    });
  }
}

function refuseAtWork(session: LiveSession, target: RevertTarget): void {
  const { state } = session.log;
  for (const agentId of coveredAgents(state, target))
    if (session.hasRunOf(agentId)) {
      const label = state.agents.get(agentId)?.label ?? agentId;
      throw new Error(`“${label}” is still working. Stop it first, or wait until it has ended.`);
    }
}
