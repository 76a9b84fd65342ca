/** How each state of a call and a run looks: its word and its icon, no two alike. */
import type { RunState, WaitingFor } from '../core/agents.ts';
import type { CallState } from '../core/calls.ts';
import { latestRun } from '../core/states.ts';
import type { Agent, SessionState } from '../core/states.ts';
import { waitsForAnswer } from '../core/waitingApprovals.ts';

/** A codicon's name and the id of a theme colour. */
export interface Icon {
  readonly name: string;
  readonly color?: string;
}

export interface Look {
  readonly word: string;
  readonly icon: Icon;
}

const question = { name: 'question', color: 'notificationsWarningIcon.foreground' };
/** Something goes on. */
export const workingIcon: Icon = { name: 'loading~spin', color: 'progressBar.background' };
const queued = { name: 'circle-outline', color: 'testing.iconQueued' };
const good = { name: 'pass', color: 'testing.iconPassed' };
const bad = { name: 'error', color: 'testing.iconFailed' };
const stopped = { name: 'debug-stop', color: 'testing.iconSkipped' };
const interrupted = { name: 'debug-disconnect', color: 'charts.purple' };

/** The icon of what did not come to a good end in all its parts, but in some. */
export const partlyDoneIcon: Icon = { name: 'warning', color: 'notificationsWarningIcon.foreground' };

/** Of what the end of its host, or something else outside of it, cut off. */
export const interruptedLook: Look = { word: 'interrupted', icon: interrupted };

/** Of an interrupted agent that a person put aside. */
export const dismissedLook: Look = {
  word: 'dismissed',
  icon: { name: 'archive', color: 'disabledForeground' },
};

/** Of what waits for a person's answer. */
export const askingLook: Look = { word: 'waits for approval', icon: question };

const callLooks: Readonly<Record<CallState['status'], Look>> = {
  queued: { word: 'queued', icon: queued },
  blocked: { word: 'waits for another call', icon: { name: 'debug-pause', color: 'testing.iconQueued' } },
  awaitingApproval: askingLook,
  running: { word: 'running', icon: workingIcon },
  succeeded: { word: 'succeeded', icon: good },
  failed: { word: 'failed', icon: bad },
  timedOut: { word: 'timed out', icon: { name: 'watch', color: 'testing.iconErrored' } },
  denied: { word: 'denied', icon: { name: 'circle-slash', color: 'notificationsWarningIcon.foreground' } },
  skipped: { word: 'skipped', icon: { name: 'debug-step-over', color: 'testing.iconSkipped' } },
  cancelled: { word: 'cancelled', icon: stopped },
  interrupted: interruptedLook,
};

const endedLooks = {
  completed: { word: 'completed', icon: good },
  incomplete: {
    word: 'incomplete',
    icon: partlyDoneIcon,
  },
  interrupted: interruptedLook,
  failed: { word: 'failed', icon: bad },
  cancelled: { word: 'cancelled', icon: stopped },
} satisfies Partial<Record<RunState['status'], Look>>;

const waitingLooks = {
  approval: askingLook,
  agents: { word: 'waits for its sub-agents', icon: { name: 'organization', color: 'testing.iconQueued' } },
  rateLimit: { word: 'waits for the busy API', icon: { name: 'clockface', color: 'testing.iconQueued' } },
  retry: { word: 'waits to ask again', icon: { name: 'clockface', color: 'testing.iconQueued' } },
} satisfies Record<WaitingFor, Look>;

const unknownIcon: Icon = { name: 'circle-outline' };

/** The look of a call; a state that this version doesn't know shows its own word. */
export function callLook(status: CallState['status']): Look {
  return Object.hasOwn(callLooks, status) ? callLooks[status] : { word: status, icon: unknownIcon };
}

/** The look of an agent: its newest run's, until a person has dismissed it. */
export function agentLook(agent: Agent): Look {
  return isDismissed(agent) ? dismissedLook : runLook(latestRun(agent)?.state ?? { status: 'queued' });
}

/** As `agentLook`; but one that its host's end cut off while it asked a person goes on with the answer. */
export function agentLookIn(state: SessionState, agent: Agent): Look {
  return waitsForAnswer(state, agent.id) && !isDismissed(agent) ? askingLook : agentLook(agent);
}

/** Whether the agent's newest run was interrupted, and a person has put it aside. */
export function isDismissed(agent: Agent): boolean {
  const run = latestRun(agent);
  return run?.state.status === 'interrupted' && run.isDismissed === true;
}

/** The look of a run. */
export function runLook(state: RunState): Look {
  switch (state.status) {
    case 'queued':
      return { word: 'queued', icon: queued };
    case 'running':
      return { word: 'running', icon: workingIcon };
    case 'waiting':
      return waitingLooks[state.waitingFor];
    default:
      return endedLooks[state.status];
  }
}
