/** The bounds of a session's work, and the one comparison that keeps a later life from loosening them. */
import { narrower, type Permission } from './agents.ts';
import { sandboxUses, type SandboxUse } from './sandboxPorts.ts';
import type { SessionState } from './states.ts';

/** The source of the turns of a session's agents. */
export type ModelSource =
  { readonly kind: 'api'; readonly address: string } | { readonly kind: 'transcript' };

/** On record with a session. Each later life, of any program, has these bounds or tighter ones. */
export interface SessionBounds {
  /** The most that any of its agents and batches may do. */
  readonly permission: Permission;
  readonly sandbox: SandboxUse;
  /** Commands run confined or not at all: the sandbox was required, or it was on and worked. */
  readonly confines: boolean;
  /** A person looks at each edit under workspace-write before it is made. */
  readonly reviewsEdits: boolean;
  /** How deep its agents may be nested, and how many it may have. */
  readonly depth: number;
  readonly agents: number;
  readonly models: ModelSource;
}

/** The bounds that a program's settings and its machine would put on a session. */
export interface ProgramBounds extends Omit<SessionBounds, 'confines'> {
  /** Why commands can't be confined here, for a person; absent where they can be, and where nothing asks for it. */
  readonly noSandbox?: string;
}

/** The bounds that a person names for a session that continues. A bound left out stays as on record. */
export type AskedBounds = Partial<Pick<SessionBounds, 'permission' | 'sandbox'>>;

/** The bounds that hold from now on, or why the session can't go on here; `message` is for a person. */
export type Bound =
  { readonly ok: true; readonly bounds: SessionBounds } | { readonly ok: false; readonly message: string };

/** The record of a session; of one that an earlier version began, what its calls and agents show. */
export function boundsOnRecord({ bounds, agents, calls }: SessionState): Partial<SessionBounds> {
  if (bounds) return bounds;
  const outputs = [...calls.values()].flatMap(({ state }) => ('output' in state ? [state.output] : []));
  const isPlayed = [...agents.values()].some(({ model, parent }) => !parent && model === 'replay');
  return {
    ...(outputs.some((output) => output?.confined) && { sandbox: 'on', confines: true }),
    ...(isPlayed && { models: { kind: 'transcript' } }),
  };
}

/** Binds a session that starts, where nothing is on record, or goes on. Never below the record, nor below the program. */
export function bind(record: Partial<SessionBounds>, here: ProgramBounds, asked: AskedBounds = {}): Bound {
  const message = weakerThan(record, asked) ?? notKept(record, here);
  return message === undefined ? { ok: true, bounds: tightest(record, here) } : { ok: false, message };
}

/** The tighter of each of two bounds; where the turns come from is as on record. */
export function tightest(record: Partial<SessionBounds>, here: ProgramBounds): SessionBounds {
  const sandbox = stricter(record.sandbox ?? 'off', here.sandbox);
  return {
    permission: narrower(record.permission ?? here.permission, here.permission),
    sandbox,
    confines:
      record.confines === true ||
      sandbox === 'required' ||
      (sandbox === 'on' && here.noSandbox === undefined),
    reviewsEdits: record.reviewsEdits === true || here.reviewsEdits,
    depth: Math.min(record.depth ?? here.depth, here.depth),
    agents: Math.min(record.agents ?? here.agents, here.agents),
    models: record.models ?? here.models,
  };
}

/** The stricter of two uses. */
export function stricter(a: SandboxUse, b: SandboxUse): SandboxUse {
  return sandboxUses.indexOf(a) >= sandboxUses.indexOf(b) ? a : b;
}

/** Why turns can't be asked for here; undefined where they come from where the record says, or from a file that a person named. */
export function otherSource(record: ModelSource | undefined, here: ModelSource): string | undefined {
  if (!record || here.kind === 'transcript') return undefined;
  if (record.kind === 'transcript')
    return (
      'The turns of this session are played from a transcript and never asked of the API. ' +
      'Name the transcript (--replay FILE in a terminal), or start a new session.'
    );
  if (record.address === here.address) return undefined;
  return (
    `This session asks the Messages API at ${record.address}, and here that would be ${here.address}. To go on, name the ` +
    `one on record (--base-url ${record.address} in a terminal, the setting allsettled.baseUrl in the editor), or start ` +
    'a new session.'
  );
}

/** Tells a person what a session is held to that an earlier version began. */
export function boundedFromHere({ permission, sandbox, models }: SessionBounds): string {
  const source = models.kind === 'api' ? `the Messages API at ${models.address}` : 'a transcript';
  return (
    'an earlier version began it and did not record what bounds it. From here on it is held to these: ' +
    `permission ${permission}, sandbox ${sandbox}, ${source}.`
  );
}

/** The address without what could be a secret, in one spelling. */
export function addressOf(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  return url ? `${url.origin}${url.pathname}`.replace(/\/+$/, '') : baseUrl;
}

function weakerThan(record: Partial<SessionBounds>, asked: AskedBounds): string | undefined {
  const { permission, sandbox } = record;
  if (sandbox && asked.sandbox && stricter(sandbox, asked.sandbox) !== asked.sandbox)
    return weaker('--sandbox', asked.sandbox, sandbox);
  if (permission && asked.permission && narrower(permission, asked.permission) !== asked.permission)
    return weaker('--permission', asked.permission, permission);
  return undefined;
}

function weaker(flag: string, asked: string, record: string): string {
  return (
    `${flag} ${asked} is weaker than what is on record for this session, ${record}. Leave it out to go on with ` +
    `${record}, or start a new session.`
  );
}

function notKept(record: Partial<SessionBounds>, here: ProgramBounds): string | undefined {
  if (record.confines && here.noSandbox !== undefined)
    return (
      `The commands of this session are confined (--sandbox ${record.sandbox ?? 'on'} is on record), and here commands ` +
      `can't be confined, so it does not go on. ${here.noSandbox}`
    );
  return otherSource(record.models, here.models);
}
