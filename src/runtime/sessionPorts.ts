/** What each session of a runtime gets of it. */
import { narrower, type Permission } from '../core/agents.ts';
import type { LiveEvent, SessionId } from '../core/events.ts';
import type { Files } from '../core/filePorts.ts';
import type { ApprovalRules, Approvals, Clock, LiveChannel, Log, Settings } from '../core/ports.ts';
import type { Tool } from '../core/tools.ts';
import type { Worktrees } from '../core/worktrees.ts';
import type { LoopLimits } from '../agents/loopPorts.ts';
import type { Judgement } from '../engine/checkCall.ts';
import type { Lanes } from '../engine/lanes.ts';
import type { Locks } from '../engine/locks.ts';
import { deniedMessage, judge } from '../safety/permission.ts';
import type { SessionFolders } from '../store/sessionFolders.ts';
import type { ApiAccount } from './apiAccount.ts';
import type { SessionPorts } from './liveSession.ts';
import type { BoundsHere, BoundsNow } from './programBounds.ts';

export interface SharedPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly approvals: Approvals;
  readonly rules: ApprovalRules;
  readonly settings: Settings;
  readonly files: Files;
  readonly stateDir: string;
  readonly folders: SessionFolders;
  readonly tools: readonly Tool[];
  readonly toolsByName: ReadonlyMap<string, Tool>;
  readonly lanes: Lanes;
  readonly locks: Locks;
  readonly account: ApiAccount;
  readonly worktrees: Worktrees;
  readonly bounds: BoundsHere;
  /** Of a session: the tighter of its record and of the settings. */
  readonly boundsNow: (id: SessionId) => BoundsNow;
  /** Hears what grows in any session. */
  readonly show: (event: LiveEvent) => void;
  /** The most that a session's agents and batches may do, as its record says. */
  readonly ceilingOf: (id: SessionId) => Permission | undefined;
  readonly keyInUse: () => string | undefined;
}

const maxTurns = 200;

export function sessionPorts(id: SessionId, shared: SharedPorts): SessionPorts {
  const { clock, log, approvals, rules, settings, files, stateDir, lanes, locks, account, tools } = shared;
  const { toolsByName, worktrees, folders, ceilingOf, keyInUse, bounds } = shared;
  const boundsNow = (): BoundsNow => shared.boundsNow(id);
  const live: LiveChannel = { show: shared.show };
  return {
    engine: {
      tools: toolsByName,
      lanes,
      locks,
      approvals,
      rules,
      clock,
      live,
      outputs: folders.outputs(id, keyInUse),
      timeoutMs: (tool) => settings.timeoutMs(tool),
      judge: (permission, tool) =>
        judgeTool(narrower(permission, ceilingOf(id) ?? permission), tool, boundsNow().reviewsEdits),
    },
    loop: {
      live,
      clock,
      log,
      modelLane: account.lane,
      tools,
      limits: () => loopLimits(settings),
      contextWindow: (model) => account.contextWindows.of(model),
    },
    agents: {
      files,
      stateDir,
      limits: boundsNow,
      reviewsEdits: () => boundsNow().reviewsEdits,
      defaultModel: () => settings.model(),
      worktrees,
    },
    bounds,
    keyInUse,
  };
}

function loopLimits(settings: Settings): LoopLimits {
  const { turn, longestWaitMs } = settings.retries();
  return { maxTurns, turnRetries: turn, longestWaitMs, maxTokens: settings.maxTokens() };
}

function judgeTool(
  permission: Permission,
  { name, access }: Pick<Tool, 'name' | 'access'>,
  reviewsEdits: boolean,
): Judgement {
  const kind = judge(permission, access, reviewsEdits);
  return kind === 'deny' ? { kind, message: deniedMessage(name, permission) } : { kind };
}
