/** Checks the tasks of parallel agents before any of them starts, and says what is asked of each agent. */
import { narrower, permissions, type Permission } from '../core/agents.ts';
import type { Files } from '../core/filePorts.ts';
import type { SpawnRequest } from '../core/subAgents.ts';
import type { TaskSession, TaskSessions } from '../core/tasks.ts';
import type { InputProblem, Place } from '../core/tools.ts';
import { bothPrompts, withoutAbsent } from '../formats/agentKeys.ts';
import type { AgentChoices, AgentTask } from '../formats/agentsFile.ts';
import { parseContinuationId, type Continuation } from '../formats/continuationId.ts';
import { resolveInside } from '../safety/containment.ts';
import { usableDefinition, type UsableDefinition } from './usableDefinition.ts';
import { readProblem } from './readProblem.ts';

/** What is to be done for a task: a new agent, or the next run of one that was there before. */
export type TaskRequest =
  | { readonly kind: 'spawn'; readonly request: SpawnRequest }
  | {
      readonly kind: 'continue';
      readonly note: string;
      readonly prompt: string;
      readonly continues: Continuation;
      readonly session: TaskSession;
    };

export interface AskedTasks extends AgentChoices, Place {
  readonly tasks: readonly AgentTask[];
  /** The ceiling of what the agents may do. */
  readonly ceiling: Permission;
  /** Whether asking for more is a problem; otherwise it is narrowed. */
  readonly isWiderRefused?: boolean;
}

export interface TaskRequestPorts {
  readonly files: Files;
  readonly sessions: TaskSessions;
  /** The names of all tools. */
  readonly tools: readonly string[];
  /** Whether the workspace is trusted, so that its agent definitions count. */
  readonly isTrusted: boolean;
}

/** `warnings`: what is not as a definition has it, and keeps nothing from running. */
export type TaskRequests =
  | {
      readonly ok: true;
      readonly requests: readonly TaskRequest[];
      readonly warnings: readonly InputProblem[];
    }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

/** Every problem at its path, or what is to be done for each task, in order. Starts nothing; never rejects. */
export async function taskRequests(
  asked: AskedTasks,
  ports: TaskRequestPorts,
  signal: AbortSignal,
): Promise<TaskRequests> {
  const check = new TaskCheck(asked, ports, signal);
  await check.common();
  const requests: TaskRequest[] = [];
  for (const [index, task] of asked.tasks.entries()) {
    const request = await check.task(task, index);
    if (request) requests.push(request);
  }
  const { problems, warnings } = check;
  return problems.length > 0 ? { ok: false, problems } : { ok: true, requests, warnings };
}

type Path = InputProblem['path'];

const maxContextBytes = 256 * 1024;

class TaskCheck {
  readonly problems: InputProblem[] = [];
  readonly warnings: InputProblem[] = [];
  private readonly asked: AskedTasks;
  private readonly ports: TaskRequestPorts;
  private readonly signal: AbortSignal;
  private readonly definitions = new Map<string, Promise<UsableDefinition>>();
  /** Which task continues which conversation. */
  private readonly continued = new Map<string, number>();

  constructor(asked: AskedTasks, ports: TaskRequestPorts, signal: AbortSignal) {
    this.asked = asked;
    this.ports = ports;
    this.signal = signal;
  }

  /** What is said for all tasks. */
  async common(): Promise<void> {
    await this.contextPaths(this.asked, []);
    this.wider(this.asked, []);
    this.bothPrompts(this.asked, []);
    if (this.asked.agent !== undefined) await this.definition(this.asked.agent, ['agent']);
  }

  async task(task: AgentTask, index: number): Promise<TaskRequest | undefined> {
    const path = ['tasks', index];
    if (task.continuation_id !== undefined) return this.continuation(task, index, task.continuation_id);
    await this.contextPaths(task, path);
    this.wider(task, path);
    this.bothPrompts(task, path);
    return this.spawn(task, index);
  }

  private async spawn(task: AgentTask, index: number): Promise<TaskRequest | undefined> {
    const { asked } = this;
    const ownAgent = task.agent ?? (task.systemPrompt === undefined ? asked.agent : undefined);
    const found =
      ownAgent === undefined
        ? undefined
        : await this.definition(ownAgent, task.agent === undefined ? undefined : ['tasks', index, 'agent']);
    if (found?.ok === false) return undefined;
    const definition = found?.definition;
    const { note, prompt } = task;
    const permission = this.permissionOf(task);
    const narrowed = definition?.permission ? narrower(definition.permission, permission) : permission;
    const request: SpawnRequest = {
      prompt,
      label: note,
      permission: narrowed,
      task: { index, note },
      ...withoutAbsent({
        model: task.model ?? asked.model ?? found?.model,
        tools: found?.tools,
        limits: found?.limits,
        // Who changes nothing needs no folder of its own.
        isolation: narrowed === 'read-only' ? undefined : definition?.isolation,
        contextPaths: joined(asked.contextPaths, task.contextPaths),
        systemPrompt: task.systemPrompt ?? definition?.systemPrompt ?? asked.systemPrompt,
        appendSystemPrompt: task.appendSystemPrompt ?? asked.appendSystemPrompt,
        reportMode: task.reportMode ?? asked.reportMode,
      }),
    };
    return { kind: 'spawn', request };
  }

  private wider({ permission }: AgentChoices, path: Path): void {
    const { ceiling, isWiderRefused } = this.asked;
    if (permission === undefined || !isWiderRefused || narrower(permission, ceiling) === permission) return;
    this.add(
      [...path, 'permission'],
      `${permission} is wider than ${ceiling}, which is what is allowed here.`,
    );
  }

  private bothPrompts({ agent, systemPrompt }: AgentChoices, path: Path): void {
    if (agent !== undefined && systemPrompt !== undefined) this.add([...path, 'systemPrompt'], bothPrompts);
  }

  private permissionOf(task: AgentTask): Permission {
    const { permission: common, ceiling } = this.asked;
    const own = task.permission ?? common ?? 'read-only';
    return narrower(ceiling, common ? narrower(common, own) : own);
  }

  private async continuation(task: AgentTask, index: number, id: string): Promise<TaskRequest | undefined> {
    const path = ['tasks', index, 'continuation_id'];
    const continues = parseContinuationId(id);
    if (!continues) return this.add(path, `"${id}" is no <session>/<agent>.`);
    const first = this.continued.get(id);
    if (first !== undefined) return this.add(path, `tasks[${first}] continues "${id}" already.`);
    this.continued.set(id, index);
    const fresh = Object.keys(task).find((key) => !['note', 'prompt', 'continuation_id'].includes(key));
    if (fresh !== undefined)
      this.add(
        ['tasks', index, fresh],
        `"${fresh}" is for a new agent; a continued conversation keeps its own.`,
      );
    const session = await this.sessionOf(continues, path);
    return session && { kind: 'continue', note: task.note, prompt: task.prompt, continues, session };
  }

  private async sessionOf(
    { sessionId, agentId }: Continuation,
    path: Path,
  ): Promise<TaskSession | undefined> {
    const { sessions } = this.ports;
    try {
      const session = sessions.find(sessionId) ?? (await sessions.open(sessionId));
      const agent = session.recorder.state.agents.get(agentId);
      if (!agent) return this.add(path, `The session ${sessionId} has no agent ${agentId}.`);
      const run = agent.runs.at(-1);
      if (run && !('endedAt' in run.state))
        return this.add(path, `${agentId} of the session ${sessionId} is still at work.`);
      if (permissions.indexOf(agent.permission) > permissions.indexOf(this.asked.ceiling))
        return this.add(
          path,
          `${agentId} has the permission ${agent.permission}; here at most ${this.asked.ceiling} is allowed.`,
        );
      const problem = await session.bindProblem();
      return problem === undefined ? session : this.add(path, problem);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'there is none of that name' : message;
      return this.add(path, `The session ${sessionId} can't be continued: ${why}.`);
    }
  }

  private async contextPaths({ contextPaths = [] }: AgentChoices, path: Path): Promise<void> {
    for (const [index, named] of contextPaths.entries()) {
      const resolved = await resolveInside(named, this.asked, this.ports.files);
      const read = resolved.ok
        ? await this.ports.files.readText(resolved.path, maxContextBytes, this.signal)
        : resolved;
      if (!read.ok) this.add([...path, 'contextPaths', index], readProblem(named, read.error));
    }
  }

  /** Each name is looked up once; that there is none is told at each place that names it, the rest once. */
  private async definition(name: string, path: Path | undefined): Promise<UsableDefinition> {
    const { files, isTrusted, tools } = this.ports;
    const found = isTrusted
      ? (this.definitions.get(name) ??
        usableDefinition(name, { place: this.asked, files, tools }, this.signal))
      : Promise.resolve(untrusted);
    const isFirst = !this.definitions.has(name);
    this.definitions.set(name, found);
    const result = await found;
    const { at } = result.ok ? {} : result;
    if (!result.ok && path && (isFirst || !at))
      this.problems.push({ path, message: result.message, ...(at && { at }) });
    if (result.ok && isFirst)
      this.warnings.push(...result.warnings.map((warning) => ({ path: path ?? [], ...warning })));
    return result;
  }

  private add(path: Path, message: string): undefined {
    this.problems.push({ path, message });
  }
}

const untrusted: UsableDefinition = {
  ok: false,
  message: 'Agent definitions count only in a workspace that you trust.',
};

function joined(...lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const all = [...new Set(lists.flatMap((list) => list ?? []))];
  return all.length > 0 ? all : undefined;
}
