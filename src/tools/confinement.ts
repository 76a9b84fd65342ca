/** Runs command lines as the user's setting wants it: in the sandbox, without it, or not at all. */
import { narrower } from '../core/agents.ts';
import type { CallError } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { SessionId } from '../core/events.ts';
import type { Settings } from '../core/ports.ts';
import type { ProcessEnd, Processes, ProcessSpec } from '../core/processPorts.ts';
import type { ConfinedPlace, Sandbox, SandboxState, SandboxUse } from '../core/sandboxPorts.ts';
import type { ToolContext, ToolResult } from '../core/tools.ts';

export interface ConfinementPorts {
  readonly files: Pick<Files, 'canonical'>;
  readonly processes: Pick<Processes, 'run'>;
  /** Where absent, commands can't be confined. */
  readonly sandbox?: Sandbox;
  /** Absent: the sandbox is off. */
  readonly settings?: Pick<Settings, 'permission'> & { sandbox?(sessionId: SessionId): SandboxUse };
}

/** How a command ended, and whether it ran in the sandbox; or why it did not run. */
export type CommandEnd =
  | { readonly ok: true; readonly end: ProcessEnd; readonly confined?: ConfinedRun }
  | { readonly ok: false; readonly error: CallError };

/** A run in the sandbox; the remarks are lines for its result. */
export interface ConfinedRun {
  readonly remarks: readonly string[];
}

/**
 * Whether commands run in the sandbox or not at all, so that nobody need be asked about one. Where it is required that
 * holds also while there is none: then each is refused.
 */
export async function confinesCommands(
  { sessionId }: Pick<ToolContext, 'sessionId'>,
  ports: ConfinementPorts,
): Promise<boolean> {
  const use = ports.settings?.sandbox?.(sessionId) ?? 'off';
  return use === 'required' || (use === 'on' && (await stateOf(ports)).kind === 'works');
}

/** What was allowed as confined, or has to be by the setting, runs in the sandbox or not at all. Never rejects. */
export async function runCommand(
  line: string,
  spec: Omit<ProcessSpec, 'command'>,
  context: Pick<ToolContext, 'sessionId' | 'allowedAs' | 'permission' | 'roots'>,
  ports: ConfinementPorts,
): Promise<CommandEnd> {
  const use = ports.settings?.sandbox?.(context.sessionId) ?? 'off';
  const isBound = use === 'required' || context.allowedAs === 'confined';
  if (use === 'off' && !isBound) return runPlain(line, spec, ports);
  const state = await stateOf(ports);
  if (state.kind === 'works') return runConfined(line, spec, context, ports);
  if (!isBound) return runPlain(line, spec, ports);
  return { ok: false, error: { kind: 'refused', message: refusal(use === 'required', state.reason) } };
}

/** The result with what a reader of it should know of the sandbox. */
export function asConfined(result: ToolResult, { remarks }: ConfinedRun): ToolResult {
  if (!result.output) return result;
  const text = [result.output.text, ...remarks].join('\n');
  const output = { ...result.output, text, confined: true as const };
  if (result.ok) return { ...result, output };
  const { error } = result;
  const isSuspect =
    error.kind === 'exitCode' && signsOfConfinement.test(`${result.output.text}\n${error.message}`);
  return {
    ...result,
    error: isSuspect ? { ...error, message: `${error.message}\n${confinementNote}` } : error,
    output,
  };
}

async function stateOf({ sandbox }: ConfinementPorts): Promise<SandboxState> {
  return (await sandbox?.state()) ?? { kind: 'unavailable', reason: 'This program has no sandbox.' };
}

async function runPlain(
  line: string,
  spec: Omit<ProcessSpec, 'command'>,
  { processes }: ConfinementPorts,
): Promise<CommandEnd> {
  const end = await processes.run({ ...spec, command: { kind: 'shell', line } });
  return { ok: true, end };
}

async function runConfined(
  line: string,
  spec: Omit<ProcessSpec, 'command'>,
  context: Pick<ToolContext, 'allowedAs' | 'permission' | 'roots'>,
  ports: ConfinementPorts,
): Promise<CommandEnd> {
  const confined = await ports.sandbox?.confine(line, await placeOf(context, ports));
  if (!confined?.ok) return { ok: false, error: confined?.error ?? noSandbox };
  const { command } = confined;
  const env = { ...spec.env, ...command.env };
  const end = await ports.processes.run({
    ...spec,
    env,
    command: { kind: 'shell', line: command.line },
    leavesNothing: true,
  });
  const remarks = [...command.remarks, ...(await command.release())];
  return { ok: true, end, confined: { remarks } };
}

/** Only who may edit the workspace may change it by a command; what was allowed because it only reads changes nothing. */
async function placeOf(
  { allowedAs, permission, roots }: Pick<ToolContext, 'allowedAs' | 'permission' | 'roots'>,
  { files, settings }: ConfinementPorts,
): Promise<ConfinedPlace> {
  const canonical: string[] = [];
  for (const root of roots) canonical.push(await files.canonical(root).catch(() => root));
  const now = narrower(permission, settings?.permission?.() ?? permission);
  const mayWrite = now !== 'read-only' && allowedAs !== 'read';
  return { roots: canonical, writable: mayWrite ? canonical : [] };
}

const noSandbox: CallError = { kind: 'cannotStart', message: 'This program has no sandbox.' };

function refusal(isRequired: boolean, reason: string): string {
  const why = isRequired
    ? 'Commands must be confined (the sandbox is "required"), and they can\'t be here.'
    : "It was allowed to run in the sandbox alone, and commands can't be confined any more.";
  return (
    `The command was not run. ${why} ${reason} Only a person can change that; until then use read_file, list_files, ` +
    'search_text and git where they are enough.'
  );
}

/** What programs say when they meet the walls of the sandbox. */
const signsOfConfinement =
  /read-only file system|permission denied|operation not permitted|network is unreachable|could(?: not|n't) (?:resolve|connect)|name resolution|name or service not known|no route to host|connection refused|device or resource busy|\bE(?:ROFS|ACCES|PERM|NETUNREACH|AI_AGAIN|NOTFOUND|CONNREFUSED)\b|\bEAI_AGAIN\b/i;

const confinementNote =
  '[It ran in a sandbox: without network, and writing only to the folder in $TMPDIR and, where edits are allowed, to the ' +
  'workspace without .git and .vscode. If that is why it failed, trying again will not help; for git use the git tools.]';
