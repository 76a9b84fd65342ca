/** The line that tells a person that an agent below the own one started or ended. */
import type { SessionEvent } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { durationText } from '../views/duration.ts';
import { endingTitle, endingDetails } from '../views/personText.ts';
import { oneLine } from '../views/plainText.ts';
import { joined } from '../views/row.ts';
import { terminalWords } from '../views/terminalWords.ts';

/** `label  started` or `label  completed · 3 s`; empty where the event is no such thing. */
export function subAgentLine(event: SessionEvent, state: SessionState | undefined): string {
  if (event.type !== 'run.started' && event.type !== 'run.ended') return '';
  const agent = state?.agents.get(event.agentId);
  const label = oneLine(agent?.label ?? event.agentId, 80);
  if (event.type === 'run.started') return `${label}  started\n`;
  const startedAt = agent?.runs.find(({ id }) => id === event.runId)?.startedAt;
  const spent = startedAt === undefined ? '' : durationText(event.at - startedAt);
  const details = terminalWords(endingDetails(event.ending));
  return `${label}  ${joined(endingTitle(event.ending).toLowerCase(), spent)}${details && `: ${oneLine(details, 200)}`}\n`;
}
