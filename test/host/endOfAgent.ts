/** Waits for the end of the agent in the tree. */
import { endedStatuses } from '../../src/core/agents.ts';
import type { Workbench } from './workbench.ts';

/** The row of a session says how its agent ended; it is seen while those below it are closed. */
const ended = new RegExp(`^Session, .*\\b(${endedStatuses.join('|')})\\b`);

/** Settles with what the session's row says when it tells that its agent's run has ended. */
export async function endOfAgent(workbench: Workbench): Promise<string> {
  // Showing any row shows the tree.
  await workbench.treeRow(/./);
  const row = workbench.page.getByRole('treeitem', { name: ended }).first();
  await row.waitFor();
  return (await row.getAttribute('aria-label')) ?? '';
}
