/** The Messages API as all sessions of a runtime use it: one key, one address, one rate limit. */
import type { Model } from '../core/models.ts';
import type { Clock, Settings } from '../core/ports.ts';
import type { Lanes } from '../engine/lanes.ts';
import { ModelLane } from '../engine/modelLane.ts';
import { createAnthropicModel } from '../models/anthropic.ts';
import { ContextWindows } from '../models/contextWindows.ts';
import { listModels, type ListedModel } from '../models/modelList.ts';
import type { KeyInUse } from './keyInUse.ts';

export interface ApiAccountPorts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly lanes: Lanes;
  readonly key: KeyInUse;
}

export class ApiAccount {
  readonly model: Model;
  readonly lane: ModelLane;
  readonly contextWindows = new ContextWindows();
  private readonly ports: ApiAccountPorts;
  private readonly access: { apiKey(): Promise<string | undefined>; baseUrl(): string | undefined };
  /** The key and the address that requests went to last. */
  private last: string | undefined;

  constructor(ports: ApiAccountPorts) {
    const { clock, settings, lanes, key } = ports;
    this.ports = ports;
    this.access = { apiKey: () => key.read(), baseUrl: () => settings.baseUrl() };
    this.model = createAnthropicModel({ ...this.access, maxTokens: () => settings.maxTokens(), clock });
    this.lane = new ModelLane(lanes, clock);
  }

  /** To be called before work begins: another key or address has a rate limit of its own. */
  async note(): Promise<void> {
    const { settings, key } = this.ports;
    const apiKey = await key.note();
    const account = JSON.stringify([settings.baseUrl(), apiKey]);
    if (this.last !== undefined && this.last !== account) this.lane.release();
    this.last = account;
  }

  /** Asks the API, and remembers how much each model's window holds. Rejects with ModelError. */
  async listModels(signal: AbortSignal): Promise<readonly ListedModel[]> {
    const models = await listModels({ ...this.access, clock: this.ports.clock }, signal);
    this.contextWindows.note(models);
    return models;
  }
}
