/** The result object of parallel agents, with which `--json` output ends. */
import type { SessionId } from '../core/events.ts';
import type { SessionState, TaskList } from '../core/states.ts';
import type { UnsavedAnswers } from '../core/tasks.ts';
import { countTasks, type TaskCounts } from '../core/taskCounts.ts';
import { taskRecords, type TaskRecord } from './taskRecords.ts';

export interface AgentsResult extends TaskCounts {
  readonly type: 'result';
  readonly kind: 'agents';
  readonly sessionId: SessionId;
  readonly saveFile?: string;
  /** The tasks whose answers the save file lacks; they are in the session, and a resume adds them. */
  readonly unsaved?: UnsavedAnswers;
  /** What of the agents' definitions is lost, each with the file and the line. */
  readonly warnings?: readonly string[];
  /** In the order of the file. */
  readonly tasks: readonly TaskRecord[];
}

/** The tasks as they stand. */
export function agentsResult(state: SessionState, list: TaskList): AgentsResult {
  const tasks = taskRecords(state, list);
  return {
    type: 'result',
    kind: 'agents',
    sessionId: state.id,
    ...countTasks(tasks),
    ...(list.saveFile !== undefined && { saveFile: list.saveFile }),
    ...(list.unsaved && { unsaved: list.unsaved }),
    ...(list.warnings && { warnings: list.warnings }),
    tasks,
  };
}
