/** The bounds that this program's settings and this machine put on sessions. */
import type { Permission } from '../core/agents.ts';
import type { Settings } from '../core/ports.ts';
import type { Sandbox } from '../core/sandboxPorts.ts';
import {
  addressOf,
  stricter,
  tightest,
  type ModelSource,
  type ProgramBounds,
  type SessionBounds,
} from '../core/sessionBounds.ts';
import { defaultBaseUrl } from '../models/anthropicClient.ts';

export interface ProgramBoundsPorts {
  readonly settings: Settings;
  readonly sandbox?: Sandbox;
}

/** The bounds that are looked up for each call. */
export type BoundsNow = Pick<SessionBounds, 'sandbox' | 'reviewsEdits' | 'depth' | 'agents'>;

const defaultAgentLimits = { depth: 2, agents: 200 };

export class BoundsHere {
  private readonly ports: ProgramBoundsPorts;

  constructor(ports: ProgramBoundsPorts) {
    this.ports = ports;
  }

  /** Of a session that starts, with what its caller allows. */
  async ofNew(permission: Permission, models = this.api()): Promise<SessionBounds> {
    return tightest({}, { ...(await this.of({})), permission, models });
  }

  /** For a session with this record. The sandbox is tried only where commands are to be confined. */
  async of(record: Partial<SessionBounds>, models = this.api()): Promise<ProgramBounds> {
    const { settings } = this.ports;
    const { sandbox, ...now } = this.now({});
    const noSandbox =
      stricter(record.sandbox ?? 'off', sandbox) === 'off' ? undefined : await this.whyNotConfined();
    return {
      ...now,
      sandbox,
      permission: settings.permission?.() ?? 'unlimited',
      models,
      ...(noSandbox !== undefined && { noSandbox }),
    };
  }

  /** The tighter of the record and of what the settings say by now. */
  now(record: Partial<SessionBounds>): BoundsNow {
    const { settings } = this.ports;
    const limits = settings.agentLimits?.() ?? defaultAgentLimits;
    return {
      sandbox: stricter(record.sandbox ?? 'off', settings.sandbox?.() ?? 'off'),
      reviewsEdits: record.reviewsEdits === true || (settings.reviewsEdits?.() ?? false),
      depth: Math.min(record.depth ?? limits.depth, limits.depth),
      agents: Math.min(record.agents ?? limits.agents, limits.agents),
    };
  }

  /** The API at the address that the settings name by now. */
  api(): ModelSource {
    return { kind: 'api', address: addressOf(this.ports.settings.baseUrl()?.trim() || defaultBaseUrl) };
  }

  private async whyNotConfined(): Promise<string | undefined> {
    const state = await this.ports.sandbox?.state();
    if (!state) return 'This program has no sandbox.';
    return state.kind === 'works' ? undefined : state.reason;
  }
}
