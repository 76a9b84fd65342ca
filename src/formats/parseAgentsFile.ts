/** Reads an agents file: tasks that were checked whole, or every problem that it has. */
import type { Node } from 'jsonc-parser';
import type { InputProblem } from '../core/tools.ts';
import { choiceKeys, readChoices, withoutAbsent } from './agentKeys.ts';
import type { AgentsFile, AgentTask } from './agentsFile.ts';
import { checkVersion } from './checkVersion.ts';
import { placedMessage, type FileProblem, type RawProblem } from './fileProblem.ts';
import { kindOf, nodeAt, readRoot, reportInto, reportRepeatedKeys, type Report } from './jsonNodes.ts';
import { placeProblems, placesIn } from './jsonPlaces.ts';
import { integer, optional, text as textValue, yesOrNo } from './jsonValues.ts';
import { maxConcurrency, maxTasks } from './limits.ts';
import { readAgentTask } from './readAgentTask.ts';
import { readJsonTree } from './readJsonTree.ts';

export type ParsedAgentsFile =
  | {
      readonly ok: true;
      readonly agents: AgentsFile;
      /** Finds the places of problems that only the workspace can show. */
      readonly locate: (problems: readonly InputProblem[]) => readonly FileProblem[];
    }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

const keys = [
  'version',
  'tasks',
  'maxConcurrency',
  'failFast',
  'cwd',
  'saveFile',
  'debugStatistics',
  ...choiceKeys,
];

/** Checks the text of an agents file. Problems come in the order of the text; while it is not JSON, only that is told. */
export function parseAgentsFile(text: string): ParsedAgentsFile {
  const tree = readJsonTree(text);
  const placeOf = placesIn(text);
  if (!tree.ok) return { ok: false, problems: placeProblems(tree.problems, placeOf) };
  const problems: RawProblem[] = [];
  const report = reportInto(problems);
  reportRepeatedKeys(tree.root, report);
  const agents = readAgents(tree.root, report);
  if (!agents || problems.length > 0) return { ok: false, problems: placeProblems(problems, placeOf) };
  return {
    ok: true,
    agents,
    locate: (found) => {
      const raw: RawProblem[] = [];
      for (const problem of found)
        reportInto(raw, problem.at)(nodeAt(tree.root, problem.path), placedMessage(problem));
      return placeProblems(raw, placeOf);
    },
  };
}

function readAgents(root: Node, report: Report): AgentsFile | undefined {
  const values = readRoot(root, 'An agents file', keys, report);
  if (!values) return undefined;
  // Version 1 where the file says nothing: `run_agents` takes the same without one.
  if (values.has('version')) checkVersion(root, values.get('version'), report);
  return {
    tasks: readTasks(root, values.get('tasks'), report),
    ...withoutAbsent({
      maxConcurrency: optional(values, 'maxConcurrency', integer(1, maxConcurrency), report),
      failFast: optional(values, 'failFast', yesOrNo, report),
      cwd: optional(values, 'cwd', textValue, report),
      saveFile: optional(values, 'saveFile', textValue, report),
      debugStatistics: optional(values, 'debugStatistics', yesOrNo, report),
    }),
    ...readChoices(values, report),
  };
}

function readTasks(root: Node, tasks: Node | undefined, report: Report): readonly AgentTask[] {
  if (!tasks) report(root, 'The file has no "tasks".');
  else if (tasks.type !== 'array') report(tasks, `"tasks" must be an array, not ${kindOf(tasks)}.`);
  else if (!tasks.children?.length) report(tasks, '"tasks" is empty: nothing would run.');
  if (tasks?.type !== 'array') return [];
  const all = tasks.children ?? [];
  const tooMany = all[maxTasks];
  if (tooMany) report(tooMany, `${all.length} tasks: a file may hold at most ${maxTasks}.`);
  return all.slice(0, maxTasks).flatMap((node, index) => readAgentTask(node, index, report) ?? []);
}
