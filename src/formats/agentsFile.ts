/** The agents file: its shape. The tool `run_agents` takes the same, but for the version. */
import type { Permission } from '../core/agents.ts';

/** What can be said for all tasks together, and for a single one in its place. */
export interface AgentChoices {
  readonly model?: string;
  /** The name of an agent definition of the workspace. */
  readonly agent?: string;
  /** Takes the place of the usual system prompt. */
  readonly systemPrompt?: string;
  /** Stands after the system prompt. */
  readonly appendSystemPrompt?: string;
  /** Files that each agent is given, relative to the working folder. */
  readonly contextPaths?: readonly string[];
  /** `document`: the answer is a document that stands by itself, without words to the reader. */
  readonly reportMode?: 'document';
  /** Can only narrow what the host allows. */
  readonly permission?: Permission;
}

/** One prompt for an agent of its own. */
export interface AgentTask extends AgentChoices {
  /** The name of the task, for people; it need not be unique. */
  readonly note: string;
  readonly prompt: string;
  /** `<session>/<agent>` of an earlier task, whose conversation goes on. */
  readonly continuation_id?: string;
}

/** An agents file that was checked; see design.md, "Contracts". */
export interface AgentsFile extends AgentChoices {
  readonly tasks: readonly AgentTask[];
  /** How many tasks run at the same time; `defaultConcurrency` where absent. */
  readonly maxConcurrency?: number;
  /** Once a task has not completed, those that have not started are skipped. */
  readonly failFast?: boolean;
  /** Where the agents work; relative to the agents file's folder. */
  readonly cwd?: string;
  /** Gets each answer the moment its task ends; relative to the agents file's folder. */
  readonly saveFile?: string;
  /** Whether each answer is saved with its turns, calls, tokens and duration. */
  readonly debugStatistics?: boolean;
}
