/** Which answers of a list of parallel agents belong in its save file, and which of them are not there. */
import type { RunEnding } from '../core/agents.ts';
import { runStatistics } from '../core/runStatistics.ts';
import type { Agent, Run, SessionState, TaskList } from '../core/states.ts';
import { agentsOfTasks } from '../core/taskLists.ts';
import type { TaskResult } from '../core/tasks.ts';
import { parseAgentOutputs, type AgentOutput } from '../formats/agentOutput.ts';
import { taskOutput } from './taskOutput.ts';

/** The answers on record that the text of the save file lacks, in the order of the list. */
export function missingAnswers(state: SessionState, list: TaskList, saved: string): readonly AgentOutput[] {
  const there = parseAgentOutputs(saved).outputs.map(keyOf);
  return answersOf(state, list).filter((output) => {
    const found = there.indexOf(keyOf(output));
    if (found >= 0) there.splice(found, 1);
    return found < 0;
  });
}

// The text is no part of it: a key that was masked in it may be another one by now.
function keyOf({ index, continuationId, status, terminationReason = '' }: AgentOutput): string {
  return [index, continuationId, status, terminationReason].join(' ');
}

function answersOf(state: SessionState, list: TaskList): readonly AgentOutput[] {
  const agents = agentsOfTasks(state, list);
  const skipped = state.skippedTasks.filter(({ callId }) => callId === list.callId);
  return list.notes.flatMap((note, index) => {
    const agent = agents.get(index);
    const reason = skipped.find((task) => task.index === index)?.reason;
    const outputs = [
      ...(agent ? agent.runs.map((run) => ofRun(state, list, agent, run)) : []),
      ofContinued(list, index),
      ...(reason === undefined ? [] : [taskOutput({ note, index, status: 'skipped', reason }, undefined)]),
    ];
    return outputs.flatMap((output) => output ?? []);
  });
}

function ofRun(state: SessionState, list: TaskList, agent: Agent, run: Run): AgentOutput | undefined {
  // What the program's end cut off goes on, and is saved then.
  if (!agent.task || !('endedAt' in run.state) || run.state.terminationReason === 'hostExit')
    return undefined;
  const statistics = list.debugStatistics && runStatistics(state, run);
  return taskOutput(resultOf(agent.task, state.id, agent.id, run.state), statistics);
}

function ofContinued({ notes, continued }: TaskList, index: number): AgentOutput | undefined {
  const task = continued.get(index);
  if (!task?.ending) return undefined;
  const place = { index, note: notes[index] ?? '' };
  return taskOutput(resultOf(place, task.sessionId, task.agentId, task.ending), undefined);
}

function resultOf(
  { index, note }: { readonly index: number; readonly note: string },
  sessionId: string,
  agentId: string,
  ending: RunEnding,
): TaskResult {
  return { index, note, status: ending.status, sessionId, agentId, ending };
}
