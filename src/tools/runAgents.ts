/** run_agents: up to 100 sub-agents at once, each with a task of its own. */
import type { CallId } from '../core/calls.ts';
import type { SessionState } from '../core/states.ts';
import type { SessionId } from '../core/events.ts';
import { countTasks, taskCountsText } from '../core/taskCounts.ts';
import { unsavedText } from '../core/taskLists.ts';
import type { TaskResult, TaskSessions } from '../core/tasks.ts';
import type { InputProblem, Tool, ToolContext, ToolResult } from '../core/tools.ts';
import type { Files } from '../core/filePorts.ts';
import { isSaveFile } from '../formats/agentOutput.ts';
import { withoutAbsent } from '../formats/agentKeys.ts';
import { placedMessage } from '../formats/fileProblem.ts';
import { continuationIdOf } from '../formats/continuationId.ts';
import { defaultConcurrency } from '../formats/limits.ts';
import { judge, reviewedSaveFile } from '../safety/permission.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { SaveFile } from '../store/saveFile.ts';
import { agentWords } from './agentWords.ts';
import { completeSaveFile, type SaveFileToComplete } from './completeSaveFile.ts';
import { completedTasks } from './completedTasks.ts';
import { containerEffects } from './containerKey.ts';
import { defineTool } from './defineTool.ts';
import { runAgentsInput, type RunAgentsInput } from './runAgentsInput.ts';
import { runTasks, type TasksStop } from './runTasks.ts';
import { taskRequests, type TaskRequests } from './taskRequests.ts';

export interface RunAgentsPorts {
  readonly tasks: TaskSessions;
  readonly files: Files;
  /** Is masked in what is saved. */
  readonly keyInUse: () => string | undefined;
  /** Absolute; nothing writes there. */
  readonly stateDir: string;
  /** Whether a person looks at each edit under workspace-write before it is made; false where absent. */
  readonly reviewsEdits?: (sessionId: SessionId) => boolean;
}

/** `tools`: the names of all tools, its own included; read only in a run. */
export function createRunAgents(ports: RunAgentsPorts, tools: readonly string[]): Tool {
  return defineTool({
    name: 'run_agents',
    description:
      'Runs many sub-agents at once, each with a task of its own, and waits for all of them: use it for work that ' +
      'falls into independent parts that can be described whole. Returns the answer and status of each; a task that ' +
      'does not complete leaves the others alone. With saveFile no answer is lost whatever happens meanwhile.',
    schema: runAgentsInput,
    lane: 'none',
    access: 'read',
    timeoutMs: Infinity,
    stops: 'kills',
    subject: (input) => JSON.stringify(input, undefined, 2),
    effects: containerEffects,
    run: (input, context) => runAgents(input, context, ports, tools),
  });
}

async function runAgents(
  input: RunAgentsInput,
  context: ToolContext,
  ports: RunAgentsPorts,
  tools: readonly string[],
): Promise<ToolResult> {
  const session = ports.tasks.find(context.sessionId);
  if (!session)
    return { ok: false, error: { kind: 'internal', message: 'The session of this call is not open.' } };
  const checked = await checkTasks(input, context, ports, tools);
  if (!checked.ok) return refusal(checked.problems);
  const opened = await openSaveFile(input, context, ports);
  if (opened?.ok === false) return refusal([{ path: ['saveFile'], message: opened.message }]);
  const warnings = checked.warnings.map(placedMessage);
  const failed = new Set<number>();
  const completed = completedTasks(session.recorder.state, context.callId);
  const indexes = [...checked.requests.keys()].filter((index) => !completed?.has(index));
  const carriedOut = await runTasks(
    {
      requests: checked.requests.filter((_request, index) => !completed?.has(index)),
      ...(completed && { goesOn: { indexes, underWay: [] } }),
      maxConcurrency: input.maxConcurrency ?? defaultConcurrency,
      failFast: input.failFast ?? false,
      debugStatistics: input.debugStatistics ?? false,
      callId: context.callId,
      keyInUse: ports.keyInUse,
      caller: context,
      told: { by: 'call', signal: context.signal },
      ...(opened && { saveFile: opened.file }),
      warnings,
      stopping: stoppingOf(context.signal),
      onNotSaved: (_problem, index) => failed.add(index),
    },
    session,
  );
  const results = [...(completed?.values() ?? []), ...carriedOut].sort((a, b) => a.index - b.index);
  if (!opened) return toResult(results, '', warnings);
  const saved = await savedText(session.recorder.state, context.callId, {
    saveFile: opened.file,
    failed,
    keyInUse: ports.keyInUse(),
  });
  await opened.file.close();
  return toResult(results, saved, warnings);
}

/** The sentence that says where the answers are, with a space before it. */
async function savedText(
  state: SessionState,
  callId: CallId,
  toComplete: SaveFileToComplete & { readonly saveFile: Pick<SaveFile, 'path'> },
): Promise<string> {
  const list = state.taskLists.find((each) => each.callId === callId);
  const unsaved = list && (await completeSaveFile(state, list, toComplete));
  return unsaved
    ? ` ${unsavedText(list, unsaved)} They are all here.`
    : ` The answers are in ${toComplete.saveFile.path}.`;
}

async function checkTasks(
  { tasks, ...input }: RunAgentsInput,
  context: ToolContext,
  { files, tasks: sessions }: RunAgentsPorts,
  tools: readonly string[],
): Promise<TaskRequests> {
  const { cwd, roots, permission: ceiling, signal } = context;
  const session = sessions.find(context.sessionId);
  const agent = session?.recorder.state.agents.get(context.agentId ?? '');
  const asked = {
    ...withoutAbsent(input),
    tasks: tasks.map((item) => ({ note: item.note, prompt: item.prompt, ...withoutAbsent(item) })),
    cwd,
    roots,
    ceiling,
    isWiderRefused: true,
  };
  // Agents start in a trusted workspace alone, so whoever calls this is in one.
  const ports = {
    files,
    sessions: onlyOwn(sessions, context),
    tools: agent?.tools ?? tools,
    isTrusted: true,
  };
  const made = await taskRequests(asked, ports, signal);
  if (!made.ok || !session) return made;
  const spawned = made.requests.flatMap((request, index) =>
    request.kind === 'spawn' ? [{ request: request.request, index }] : [],
  );
  const problems = await session.subAgents.check(
    spawned.map(({ request }) => request),
    context,
  );
  if (problems.length === 0) return made;
  return {
    ok: false,
    problems: problems.map(({ index, error }) => ({
      path: ['tasks', spawned[index]?.index ?? index],
      message: error.message,
    })),
  };
}

/** An agent goes on with conversations of its own session alone. */
function onlyOwn(sessions: TaskSessions, { sessionId }: ToolContext): TaskSessions {
  return {
    find: (id) => (id === sessionId ? sessions.find(id) : undefined),
    open: () => Promise.reject(new Error('it is not the session of this conversation')),
  };
}

type Opened = Awaited<ReturnType<typeof SaveFile.open>>;

async function openSaveFile(
  { saveFile }: RunAgentsInput,
  context: ToolContext,
  ports: RunAgentsPorts,
): Promise<Opened | undefined> {
  if (saveFile === undefined) return undefined;
  const judgement = judge(context.permission, 'write', ports.reviewsEdits?.(context.sessionId));
  const instead = 'Leave saveFile out; the answers come to you.';
  if (judgement === 'ask') return { ok: false, message: `${reviewedSaveFile} ${instead}` };
  if (judgement === 'deny')
    return {
      ok: false,
      message: `Your permission ${context.permission} does not allow writing ${saveFile}. ${instead}`,
    };
  const resolved = await resolveWritable(saveFile, context, ports);
  return resolved.ok
    ? SaveFile.openAt(resolved.path, isSaveFile)
    : { ok: false, message: resolved.error.message };
}

/** Nothing more starts once the call is stopped. */
function stoppingOf(signal: AbortSignal): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => {
    const by = (signal.reason as { readonly by?: string } | undefined)?.by;
    const why: TasksStop = by === 'host' || by === 'person' ? by : 'parent';
    stopping.abort(why);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return stopping.signal;
}

function refusal(problems: readonly InputProblem[]): ToolResult {
  const lines = problems.map((problem) => `${problem.path.join('.')}: ${placedMessage(problem)}`);
  return { ok: false, error: { kind: 'invalidInput', message: `${lines.join('\n')}\nNothing was started.` } };
}

/** The call succeeds when all tasks completed; its text has what is lost, each answer, and at its end `saved`. */
function toResult(results: readonly TaskResult[], saved: string, warnings: readonly string[]): ToolResult {
  const summary = taskCountsText(countTasks(results));
  const text = [...warnings, ...results.map(resultText), `${summary}.${saved}`].join('\n\n');
  const output = { text, bytes: Buffer.byteLength(text) };
  if (results.every(({ status }) => status === 'completed')) return { ok: true, output };
  const which = results.filter(({ status }) => status !== 'completed');
  const named = which.map(({ index, note, status }) => `tasks[${index}] (${note}): ${status}`);
  return {
    ok: false,
    error: { kind: 'agentNotCompleted', message: `${summary}; ${named.join(', ')}` },
    output,
  };
}

function resultText(result: TaskResult): string {
  const head = `tasks[${result.index}] ${result.note}: ${result.status}`;
  if (result.status === 'open') return `--- ${head} ---\nIt has not begun.`;
  if (result.status === 'skipped') return `--- ${head} ---\n${result.reason}`;
  const { ending } = result;
  const why = result.status === 'completed' ? '' : `${ending.message}\n\n`;
  return `--- ${head}, continuation_id ${continuationIdOf(result)} ---\n${why}${agentWords(ending.text)}`;
}
