/** The words that tell a person of runs that ended. */
import type { EndedStatus, RunEnding } from '../core/agents.ts';
import { oneLine } from './plainText.ts';

const sentences: Readonly<Record<EndedStatus, string>> = {
  completed: 'completed',
  incomplete: 'ended without what was asked for',
  interrupted: 'was interrupted',
  failed: 'failed',
  cancelled: 'was cancelled',
};

/** `“Fix the tests” was interrupted. The connection was lost.` */
export function endingNotice(label: string, { status, message }: RunEnding): string {
  const why = status === 'completed' ? '' : message;
  return `“${oneLine(label, 60)}” ${sentences[status]}. ${why}`.trim();
}

/** `3 agents ended: 2 completed, 1 failed.`, for those that ended while another message was open. */
export function endingsNotice(endings: readonly RunEnding[]): string {
  const counts = Object.keys(sentences).flatMap((status) => {
    const count = endings.filter((ending) => ending.status === status).length;
    return count > 0 ? [`${count} ${status}`] : [];
  });
  return `${endings.length} agents ended: ${counts.join(', ')}.`;
}
