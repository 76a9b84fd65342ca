/** Shows a run as waiting while a person has not answered all of its questions. */
import type { AgentId, RunId } from '../core/agents.ts';
import type { Approvals, Recorder } from '../core/ports.ts';

/** The same approvals, with `run.waiting` at the first open question and `run.continued` after the last. */
export function trackApprovals(
  approvals: Approvals,
  run: { readonly agentId: AgentId; readonly runId: RunId },
  recorder: Recorder,
): Approvals {
  let open = 0;
  return {
    ask: async (request, signal) => {
      open += 1;
      if (open === 1)
        void recorder.record({ type: 'run.waiting', ...run, waitingFor: 'approval' }, 'buffered'); // Never rejects.
      try {
        return await approvals.ask(request, signal);
      } finally {
        open -= 1;
        if (open === 0) void recorder.record({ type: 'run.continued', ...run }, 'buffered'); // Never rejects.
      }
    },
  };
}
