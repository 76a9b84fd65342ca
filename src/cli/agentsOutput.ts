/** What a person reads of parallel agents: each task as it ends, and the count. */
import type { SessionEvent } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { taskCountsText } from '../core/taskCounts.ts';
import { unsavedText } from '../core/taskLists.ts';
import type { AgentsResult } from '../views/agentsResult.ts';
import { durationText } from '../views/duration.ts';
import { instructionNotes } from '../views/instructionsText.ts';
import { manyLines, oneLine } from '../views/plainText.ts';
import { joined } from '../views/row.ts';
import { terminalWords } from '../views/terminalWords.ts';
import { harmlessTerminal, type Output } from './output.ts';
import { problemsText } from './problemsText.ts';
import type { Terminal } from './terminal.ts';

const maxMessage = 1000;

interface EndedTask {
  readonly note: string;
  readonly status: string;
  readonly message: string;
  readonly durationMs?: number;
}

/** Everything goes to `out`; why a file was refused, and what is lost of agent definitions, to `err`. */
export function agentsOutput(terminal: Terminal, file: string): Output {
  const shown = harmlessTerminal(terminal);
  let ended = 0;
  const told = new Set<string>();
  return {
    event(event, state) {
      for (const note of notesOf(event)) {
        if (!told.has(note)) shown.err(`${note}\n`);
        told.add(note);
      }
      const task = state && endedTask(event, state);
      if (!task) return;
      ended += 1;
      const total = state.taskLists[0]?.notes.length ?? 0;
      shown.out(`[${ended} of ${total}] ${lines(task)}`);
    },
    live: () => undefined,
    end(result) {
      if ('problems' in result) return shown.err(problemsText(result.problems, file));
      if (result.kind !== 'agents') return;
      shown.out(`\n${taskCountsText(result)}${savedText(result)}\n`);
    },
  };
}

/** Lines on what the agents were not given: each is told once, though every agent lacks it. */
function notesOf(event: SessionEvent): readonly string[] {
  if (event.type === 'agent.created') return instructionNotes(event);
  if (event.type !== 'tasks.queued' || event.callId !== undefined) return [];
  return (event.warnings ?? []).map((warning) => `allsettled: warning: ${warning}`);
}

function savedText({ saveFile, unsaved, tasks }: AgentsResult): string {
  if (unsaved) return `\n${unsavedText({ notes: tasks.map(({ note }) => oneLine(note, 80)) }, unsaved)}`;
  return saveFile === undefined ? '' : `; answers in ${saveFile}`;
}

function lines({ note, status, message, durationMs }: EndedTask): string {
  const spent = durationMs === undefined ? '' : durationText(durationMs);
  const line = `${oneLine(note, 80)}  ${joined(status, spent)}\n`;
  if (status === 'completed' || message === '') return line;
  return `${line}${manyLines(terminalWords(message), maxMessage).replace(/^/gm, '    ')}\n`;
}

/** The task that ended with this event; the runs of other agents, and of other sessions, are none of these. */
function endedTask(event: SessionEvent, state: SessionState): EndedTask | undefined {
  switch (event.type) {
    case 'run.ended': {
      const agent = state.agents.get(event.agentId);
      if (!agent?.task || agent.parent || agent.runs.length > 1) return undefined;
      const { status, message } = event.ending;
      const startedAt = agent.runs[0]?.startedAt ?? event.at;
      return { note: agent.task.note, status, message, durationMs: event.at - startedAt };
    }
    case 'task.ended': {
      if (event.callId !== undefined) return undefined;
      const note = state.taskLists[0]?.notes[event.index] ?? '';
      return { note, status: event.ending.status, message: event.ending.message };
    }
    case 'task.skipped':
      if (event.callId !== undefined) return undefined;
      return { note: event.note, status: 'skipped', message: event.reason };
    default:
      return undefined;
  }
}
