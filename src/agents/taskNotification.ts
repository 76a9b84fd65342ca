/** The one writer of what a parent is told of a run that ended: a `<task-notification>` that nothing can forge. */
import type { EndedStatus, RunEnding } from '../core/agents.ts';
import { HeadAndTail } from '../core/shorten.ts';
import type { Agent } from '../core/states.ts';
import { totalTokens } from './tokenBudget.ts';

/** A run that ended, and what it took. */
export interface EndedRun {
  readonly agent: Pick<Agent, 'id' | 'label' | 'parent'>;
  readonly ending: RunEnding;
  readonly toolUses: number;
  readonly durationMs: number;
}

/** All text in it is escaped, so that it holds no tag but its own; `nonce` is that of the agent that is told. */
export function taskNotification({ agent, ending, toolUses, durationMs }: EndedRun, nonce: string): string {
  const lines = [
    `<task-notification nonce="${escaped(nonce)}">`,
    element('task-id', agent.id),
    ...(agent.parent ? [element('tool-use-id', agent.parent.callId)] : []),
    element('output-file', ending.outputFile ?? 'none'),
    element('status', ending.status),
    element('stop-reason', ending.stopReason ?? 'none'),
    element('termination-reason', ending.terminationReason),
    element('summary', summary(agent.label, ending)),
    ...answer(ending),
    ...(ending.changes === undefined ? [] : [element('worktree', ending.changes)]),
    element('what-now', whatNow(ending.status, agent.id)),
    `<usage>${element('total-tokens', String(totalTokens(ending.usage)))}${element('tool-uses', String(toolUses))}` +
      `${element('duration-ms', String(durationMs))}</usage>`,
    '</task-notification>',
  ];
  return lines.join('\n');
}

/** What the parent can do about a run that ended so. */
export function whatNow(status: EndedStatus, agentId: string): string {
  const message = `message_agent {"agentId":"${agentId}","text":"..."}`;
  const resume = `resume_agent {"agentId":"${agentId}"}`;
  switch (status) {
    case 'completed':
      return `Use the result. To ask it more, call ${message}.`;
    case 'incomplete':
      return `Check what is missing. ${message} asks it for that; spawn_agent starts afresh.`;
    case 'interrupted':
      return `Its work is not done. ${resume} lets it go on where it stopped; spawn_agent starts afresh. ${transcript}`;
    case 'failed':
      return `Its work is not done, and repeating it unchanged will fail again. Change what the reason names, or tell the person. ${transcript}`;
    case 'cancelled':
      return `Its work is not done, because it was stopped. Don't start it again unless it is asked for; ${resume} would let it go on.`;
  }
}

const transcript = 'Its transcript is its row in the AllSettled view.';

function summary(label: string, { status, message }: RunEnding): string {
  return status === 'completed'
    ? `Agent "${label}" completed: its own turn ended.`
    : `Agent "${label}" did not complete, it is ${status}. ${message}`;
}

function answer({ status, text, lastActivity }: RunEnding): readonly string[] {
  if (status === 'completed') return [element('result', shortened(text))];
  return [
    element('partial-result', shortened(text)),
    element('last-activity', lastActivity === '' ? 'none' : lastActivity),
  ];
}

const kept = { headBytes: 20_000, tailBytes: 8_000 };

function shortened(text: string): string {
  const parts = new HeadAndTail(kept);
  parts.push(Buffer.from(text));
  const result = parts.result();
  if (result.isWhole) return text;
  return `${result.head}\n[... ${result.leftOutBytes} bytes left out; the output file has all ...]\n${result.tail}`;
}

function element(name: string, text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
