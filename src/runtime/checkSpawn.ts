/** Checks what is asked of a new agent before anything starts, and settles what was left open. */
import path from 'node:path';
import type { Permission } from '../core/agents.ts';
import { narrower } from '../core/agents.ts';
import type { CallError, ErrorKind } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { SessionState } from '../core/states.ts';
import { agentToolNames, type AgentCaller, type Refused, type SpawnRequest } from '../core/subAgents.ts';
import { readFormText } from '../core/textForm.ts';
import type { Place, Tool } from '../core/tools.ts';
import { withVisibleNuls } from '../core/unreadable.ts';
import { depthOf } from '../agents/familyTree.ts';
import { judge, reviewedSaveFile } from '../safety/permission.ts';
import { movedProblem, resolveInside } from '../safety/containment.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { placeAt } from '../tools/places.ts';
import { textHash } from '../store/textHash.ts';

/** How many agents of a session may be at work at once, and how deep they may be nested; a root agent is at depth 0. */
export interface SpawnLimits {
  readonly depth: number;
  readonly agents: number;
}

export interface SpawnCheckPorts {
  readonly state: SessionState;
  readonly tools: readonly Tool[];
  readonly files: Pick<Files, 'canonical' | 'names' | 'readText' | 'writeToDisk'>;
  /** Absolute; nothing writes there. */
  readonly stateDir: string;
  /** Read for each agent, because they are settings. */
  readonly limits: () => SpawnLimits;
  /** Whether a person looks at each edit under workspace-write before it is made; false where absent. */
  readonly reviewsEdits?: () => boolean;
  /** The model of an agent that nobody starts. */
  readonly defaultModel: () => string;
}

/** A request with everything that it left open. All paths are absolute and canonical. */
export interface CheckedSpawn {
  readonly ok: true;
  /** The folder that it works in. */
  readonly cwd: string;
  readonly model: string;
  readonly permission: Permission;
  readonly tools: readonly string[];
  readonly canSpawn: boolean;
  readonly prompt: string;
  readonly deliverables: readonly string[];
  readonly saveFile?: string;
}

const mostContextBytes = 256 * 1024;
const mostSavedBytes = 10 * 1024 * 1024;

/** Never rejects; a refusal names what is wrong and what to do instead. */
export async function checkSpawn(
  request: SpawnRequest,
  asking: AgentCaller,
  ports: SpawnCheckPorts,
): Promise<CheckedSpawn | Refused> {
  const { state } = ports;
  const at = await placeAt(request.cwd, asking, ports.files);
  if (!at.ok) return refused({ ...at.error, message: `cwd: ${at.error.message}` });
  const caller = at.place;
  const parent = caller.agentId === undefined ? undefined : state.agents.get(caller.agentId);
  const asked = request.permission ?? 'read-only';
  // What is done in a worktree is looked at before it is taken over; a command reaches out of it, so a person is asked.
  const permission = request.isolation ? narrower(asked, 'workspace-write') : asked;
  const depth = parent ? depthOf(state, parent.id) + 1 : 0;
  const canSpawn = depth < ports.limits().depth;
  const known = ports.tools.map(({ name }) => name);
  const available = parent ? parent.tools.filter((name) => known.includes(name)) : known;
  const problem =
    depthProblem(depth, ports.limits()) ??
    permissionProblem(asked, caller) ??
    isolationProblem(request, caller) ??
    toolsProblem(request, available) ??
    deliverablesProblem(request, permission, ports.tools, request.tools ?? available);
  if (problem) return refused(problem);
  const context = await contextOf(request, caller, ports);
  if ('kind' in context) return refused(context);
  const files = await filesToWrite(request, caller, ports);
  if ('kind' in files) return refused(files);
  return {
    ok: true,
    cwd: caller.cwd,
    model: request.model ?? parent?.model ?? ports.defaultModel(),
    permission,
    tools:
      request.tools ?? (canSpawn ? available : available.filter((name) => !agentToolNames.includes(name))),
    canSpawn,
    prompt: context.text === '' ? request.prompt : `${context.text}\n\n${request.prompt}`,
    ...files,
  };
}

/** Why no further agent may go to work beside those that are open; an ended agent is not. */
export function agentCountProblem(open: number, { agents }: SpawnLimits): CallError | undefined {
  if (open < agents) return undefined;
  return problem(
    'limit',
    `${open} agents of this session are at work, and its limit is ${agents}, so this one was not started. Wait until ` +
      'one has ended, with wait_for_agents, or do the work yourself.',
  );
}

function depthProblem(depth: number, limits: SpawnLimits): CallError | undefined {
  if (depth <= limits.depth) return undefined;
  return problem(
    'limit',
    `The nesting limit is reached: agents can be nested ${limits.depth} deep, and you are at that depth, so this one ` +
      'was not started. Do the work yourself, or name it in your answer as still to be done.',
  );
}

function permissionProblem(permission: Permission, caller: AgentCaller): CallError | undefined {
  if (narrower(permission, caller.permission) === permission) return undefined;
  return problem(
    'refused',
    `The permission ${permission} is wider than yours, ${caller.permission}, so the agent was not started. Ask for ` +
      `${caller.permission} or less.`,
  );
}

/** A worktree is a branch and files in the repository of the caller. */
function isolationProblem({ isolation }: SpawnRequest, { permission }: AgentCaller): CallError | undefined {
  if (isolation === undefined || judge(permission, 'write') !== 'deny') return undefined;
  return problem(
    'refused',
    `isolation: a worktree and its branch are made in the repository, which your permission ${permission} does not ` +
      'allow, so the agent was not started. Leave isolation out.',
  );
}

function toolsProblem({ tools }: SpawnRequest, available: readonly string[]): CallError | undefined {
  const unknown = (tools ?? []).filter((name) => !available.includes(name));
  if (unknown.length === 0) return undefined;
  return problem(
    'invalidInput',
    `tools: there is no ${unknown.map((name) => `"${name}"`).join(', ')} among your tools, so the agent was not ` +
      `started. Yours are: ${available.join(', ')}.`,
  );
}

/** A promise that can't be kept is refused at once, not found out at the end. */
function deliverablesProblem(
  { deliverables = [], tools }: SpawnRequest,
  permission: Permission,
  all: readonly Tool[],
  granted: readonly string[],
): CallError | undefined {
  if (deliverables.length === 0) return undefined;
  const canWrite = all.some(
    ({ name, access }) => access !== 'read' && judge(permission, access) !== 'deny' && granted.includes(name),
  );
  if (canWrite) return undefined;
  return problem(
    'invalidInput',
    `deliverables: an agent with the permission ${permission}${tools ? ` and the tools ${tools.join(', ')}` : ''} ` +
      `can't write ${deliverables.join(', ')}, so it was not started. Give it workspace-write and a tool that writes, ` +
      'or use its answer in place of a file.',
  );
}

async function contextOf(
  { contextPaths = [] }: SpawnRequest,
  caller: AgentCaller,
  { files }: SpawnCheckPorts,
): Promise<CallError | { readonly text: string }> {
  const parts: string[] = [];
  for (const named of contextPaths) {
    const resolved = await resolveInside(named, caller, files);
    if (!resolved.ok) return { ...resolved.error, message: `contextPaths: ${resolved.error.message}` };
    const read = await files.readText(resolved.path, mostContextBytes, AbortSignal.timeout(10_000));
    if (!read.ok) return { ...read.error, message: `contextPaths: ${read.error.message}` };
    const moved = movedProblem(named, resolved.path, read);
    if (moved !== undefined) return { ...moved.error, message: `contextPaths: ${moved.error.message}` };
    const form = readFormText(read.form);
    parts.push(`--- ${named}${form === undefined ? '' : ` (${form})`} ---\n${withVisibleNuls(read.text)}`);
  }
  return { text: parts.join('\n\n') };
}

/** The canonical paths of the promised files; an error where one of them can't be written there. */
export async function deliverablesIn(
  { deliverables = [] }: SpawnRequest,
  place: Place,
  ports: Pick<SpawnCheckPorts, 'files' | 'stateDir'>,
): Promise<CallError | readonly string[]> {
  const paths: string[] = [];
  for (const named of deliverables) {
    const resolved = await resolveWritable(named, place, ports);
    if (!resolved.ok) return { ...resolved.error, message: `deliverables: ${resolved.error.message}` };
    paths.push(resolved.path);
  }
  return paths;
}

async function filesToWrite(
  request: SpawnRequest,
  caller: AgentCaller,
  ports: SpawnCheckPorts,
): Promise<CallError | Pick<CheckedSpawn, 'deliverables' | 'saveFile'>> {
  const { saveFile, isSaveFileByPerson } = request;
  // Those of an isolated agent lie in its worktree, which is not there yet.
  const paths = request.isolation ? [] : await deliverablesIn(request, caller, ports);
  if ('kind' in paths) return paths;
  if (saveFile === undefined) return { deliverables: paths };
  if (isSaveFileByPerson) return { deliverables: paths, saveFile: path.resolve(caller.cwd, saveFile) };
  const refusal = saveFileProblem(saveFile, caller, ports);
  if (refusal) return refusal;
  const resolved = await resolveWritable(saveFile, caller, ports);
  if (!resolved.ok) return { ...resolved.error, message: `saveFile: ${resolved.error.message}` };
  const unread = await unreadProblem(saveFile, resolved.path, caller, ports);
  return unread ?? { deliverables: paths, saveFile: resolved.path };
}

function saveFileProblem(
  saveFile: string,
  { permission }: AgentCaller,
  { reviewsEdits }: SpawnCheckPorts,
): CallError | undefined {
  const instead = 'Leave saveFile out; the answer comes to you.';
  switch (judge(permission, 'write', reviewsEdits?.())) {
    case 'allow':
      return undefined;
    case 'ask':
      return problem('refused', `saveFile: ${reviewedSaveFile} The agent was not started. ${instead}`);
    case 'deny':
      return problem(
        'refused',
        `saveFile: your permission ${permission} does not allow writing ${saveFile}, so the agent was not started. ${instead}`,
      );
  }
}

/** The answer takes the place of the whole file, so who names it must know what it holds. */
async function unreadProblem(
  named: string,
  resolved: string,
  { agentId }: AgentCaller,
  { files, state }: SpawnCheckPorts,
): Promise<CallError | undefined> {
  const agent = agentId === undefined ? undefined : state.agents.get(agentId);
  if (!agent) return undefined;
  const read = await files.readText(resolved, mostSavedBytes, AbortSignal.timeout(10_000));
  if (!read.ok)
    return read.error.kind === 'notFound'
      ? undefined
      : { ...read.error, message: `saveFile: ${read.error.message}` };
  const seen = agent.seenFiles.get(resolved);
  if (seen === textHash(read.text)) return undefined;
  return problem(
    seen === undefined ? 'notRead' : 'changed',
    `saveFile: ${named} exists, and ${seen === undefined ? 'you have not read it' : 'it has changed since you read it'}; ` +
      'the answer would take its place, so the agent was not started. Read it first, or name another file.',
  );
}

function problem(kind: ErrorKind, message: string): CallError {
  return { kind, message };
}

function refused(error: CallError): Refused {
  return { ok: false, error };
}
