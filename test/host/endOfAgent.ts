/** Waits for the end of the agent in the tree. */
import { endedStatuses } from '../../src/core/agents.ts';
import type { Workbench } from './workbench.ts';

const ended = new RegExp(`^Agent, .*\\b(${endedStatuses.join('|')})$`);

/** Settles with what the agent's row says when the row tells that its run has ended. */
export async function endOfAgent(workbench: Workbench): Promise<string> {
  // Showing any row shows the tree.
  await workbench.treeRow(/./);
  const row = workbench.page.getByRole('treeitem', { name: ended }).first();
  await row.waitFor();
  return (await row.getAttribute('aria-label')) ?? '';
}
