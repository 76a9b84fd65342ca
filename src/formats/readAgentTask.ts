/** Reads one task of an agents file. */
import type { Node } from 'jsonc-parser';
import { choiceKeys, readChoices, withoutAbsent } from './agentKeys.ts';
import type { AgentTask } from './agentsFile.ts';
import { continuationProblem } from './continuationId.ts';
import type { Report } from './jsonNodes.ts';
import { readObject } from './jsonNodes.ts';
import { optional, text, type ReadValue } from './jsonValues.ts';
import { maxNoteCharacters } from './limits.ts';

const keys = ['note', 'prompt', 'continuation_id', ...choiceKeys];

/** Reads a task and reports every problem that it has; undefined where an essential part is wrong. */
export function readAgentTask(node: Node, index: number, report: Report): AgentTask | undefined {
  const inTask: Report = (at, message) => report(at, `tasks[${index}]: ${message}`);
  const values = readObject(node, 'A task', keys, inTask);
  if (!values) return undefined;
  for (const key of ['note', 'prompt']) if (!values.has(key)) inTask(node, `The task has no "${key}".`);
  const note = optional(values, 'note', noteText, inTask);
  const prompt = optional(values, 'prompt', words, inTask);
  const continued = optional(values, 'continuation_id', continuation, inTask);
  const choices = readChoices(values, inTask);
  if (note === undefined || prompt === undefined) return undefined;
  return { note, prompt, ...withoutAbsent({ continuation_id: continued }), ...choices };
}

const words: ReadValue<string> = (node, key, report) => {
  const value = text(node, key, report);
  if (value === undefined || value.trim() !== '') return value;
  return void report(node, `"${key}" must not be blank.`);
};

const noteText: ReadValue<string> = (node, key, report) => {
  const note = words(node, key, report);
  if (note === undefined || note.length <= maxNoteCharacters) return note;
  return void report(
    node,
    `"${key}" is a name of at most ${maxNoteCharacters} characters, not ${note.length}.`,
  );
};

const continuation: ReadValue<string> = (node, key, report) => {
  const id = text(node, key, report);
  const problem = id === undefined ? undefined : continuationProblem(id);
  return problem === undefined ? id : void report(node, problem);
};
