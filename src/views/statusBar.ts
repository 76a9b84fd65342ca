/** The one status bar item: what a glance at all sessions should tell. */
import { latestRun } from '../core/states.ts';
import { isSettled } from '../core/calls.ts';
import { interruptedTasks } from '../core/taskLists.ts';
import { interruptedAgents, interruptedBatches } from '../core/unresolved.ts';
import type { Call, SessionState } from '../core/states.ts';
import { waitingApprovals, waitsForAnswer } from '../core/waitingApprovals.ts';
import { wholeSecondsText } from './duration.ts';
import { joined } from './row.ts';
import { sessionIsWorking } from './sessionLook.ts';
import { waitingCalls } from './waitingCalls.ts';

/** `warning` and `error` colour the item; they are for what a person has to do something about. */
export interface StatusBarView {
  readonly text: string;
  readonly tooltip: string;
  readonly background: 'none' | 'warning' | 'error';
  readonly accessibilityLabel: string;
  /** The text holds a time left, so it is true for a second. */
  readonly countsDown: boolean;
  /** What a click shows: the questions, or what there is. */
  readonly opens: 'questions' | 'agents';
}

/**
 * What waits for the person comes first, then what runs, then what was interrupted, then how the newest session ended.
 * Counts are of the sessions that still go on, so that yesterday's work does not colour today's; what was interrupted
 * alone stays until it is resumed or dismissed.
 */
export function statusBarView(
  sessions: readonly SessionState[],
  now: number,
  waiting = waitingCalls(sessions).length,
): StatusBarView {
  const working = sessions.filter(sessionIsWorking);
  const calls = working.flatMap((session) => [...session.calls.values()]);
  const interrupted = sessions.reduce((sum, session) => sum + interruptionsOf(session), 0);
  const cutOff = interrupted > 0 ? `${interrupted} interrupted` : '';
  if (waiting > 0) {
    const text = joined(`${counted(waiting, 'call')} to approve`, cutOff);
    return { ...view('question', text, 'warning', 'Click to answer.'), opens: 'questions' };
  }
  if (working.length > 0) {
    const pause = pauseText(working, now);
    const text = joined(runningText(working, calls), pause, cutOff);
    const next = cutOff === '' ? 'Click to list the agents.' : resumeHint;
    return {
      ...view('loading~spin', text, cutOff === '' ? 'none' : 'warning', next),
      countsDown: pause !== '',
    };
  }
  if (interrupted > 0) return view('debug-disconnect', cutOff, 'warning', resumeHint);
  const newest = sessions.toSorted((a, b) => b.lastAt - a.lastAt)[0];
  return newest ? restingView(newest) : view('checklist', '', 'none', 'Nothing runs. Click to start.');
}

const resumeHint = 'Click to resume or dismiss.';

/** Each of them is shown until it is resumed or dismissed. What only waits for an answer is counted as that. */
function interruptionsOf(session: SessionState): number {
  if (waitsForAnswers(session)) return 0;
  const agents = interruptedAgents(session).filter(({ id }) => !waitsForAnswer(session, id));
  const count = agents.length + interruptedBatches(session).length;
  // Of a list whose agents all ended, what had not begun is left; of a session with nothing on record, the session.
  return count === 0 && (interruptedTasks(session) || session.cutOff === 'interrupted') ? 1 : count;
}

/** Whether a batch that was cut off goes on with the answers to its questions. */
function waitsForAnswers(session: SessionState): boolean {
  return session.kind === 'batch' && waitingApprovals(session).some(({ isLeft }) => isLeft);
}

function restingView(session: SessionState): StatusBarView {
  const calls = [...session.calls.values()];
  const ending = endingOf(session, calls);
  switch (ending) {
    case 'failed': {
      const failed = calls.filter(
        ({ state }) => state.status === 'failed' || state.status === 'timedOut',
      ).length;
      const text = session.kind === 'batch' ? `${counted(failed, 'call')} failed` : 'failed';
      return view('error', text, 'error', 'Click to see why.');
    }
    case 'incomplete':
      return view('warning', 'incomplete', 'warning', 'Click to see why.');
    case 'resting':
      return view('checklist', '', 'none', 'Nothing runs. Click to list the agents.');
  }
}

function endingOf(session: SessionState, calls: readonly Call[]): 'failed' | 'incomplete' | 'resting' {
  const statuses: readonly (string | undefined)[] =
    session.kind === 'batch'
      ? calls.map((call) => (call.state.status === 'timedOut' ? 'failed' : call.state.status))
      : [...session.agents.values()].map((agent) => latestRun(agent)?.state.status);
  const first = (['failed', 'incomplete'] as const).find((status) => statuses.includes(status));
  return first ?? 'resting';
}

/** Of the pauses that the model's API causes, the one that ends last; empty where there is none. */
function pauseText(working: readonly SessionState[], now: number): string {
  const pauses = working.flatMap((session) =>
    [...session.agents.values()].flatMap((agent) => {
      const state = latestRun(agent)?.state;
      if (state?.status !== 'waiting' || state.until === undefined || state.until <= now) return [];
      // The clock may have been set back since.
      return [
        { waitingFor: state.waitingFor, leftMs: Math.min(state.until - now, state.waitMs ?? Infinity) },
      ];
    }),
  );
  const last = pauses.toSorted((a, b) => b.leftMs - a.leftMs)[0];
  if (!last) return '';
  const left = wholeSecondsText(last.leftMs);
  return last.waitingFor === 'rateLimit' ? `the API is busy, ${left} left` : `asks again in ${left}`;
}

function runningText(working: readonly SessionState[], calls: readonly Call[]): string {
  const settled = calls.filter((call) => isSettled(call.state)).length;
  const failed = calls.filter(({ state }) => state.status === 'failed' || state.status === 'timedOut').length;
  const sessions = working.length > 1 ? `${working.length} sessions · ` : '';
  const progress = calls.length === 0 ? 'running' : `${settled} of ${counted(calls.length, 'call')}`;
  return `${sessions}${progress}${failed > 0 ? ` · ${failed} failed` : ''}`;
}

function view(
  icon: string,
  text: string,
  background: StatusBarView['background'],
  next: string,
): StatusBarView {
  const spoken = text === '' ? 'AllSettled' : `AllSettled: ${text}`;
  return {
    text: text === '' ? `$(${icon}) AllSettled` : `$(${icon}) AllSettled: ${text}`,
    tooltip: `${spoken}. ${next}`,
    background,
    accessibilityLabel: `${spoken}. ${next}`,
    countsDown: false,
    opens: 'agents',
  };
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
