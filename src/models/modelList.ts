/** Asks the API which models a key may use. */
import type { Clock } from '../core/ports.ts';
import { AnthropicConnector, type AnthropicAccess } from './anthropicClient.ts';
import { toModelError } from './anthropicErrors.ts';

/** A model to choose. */
export interface ListedModel {
  readonly id: string;
  readonly displayName: string;
  /** The tokens that its context window holds, where the API says so. */
  readonly contextWindow?: number;
}

export interface ModelListOptions extends AnthropicAccess {
  readonly clock: Clock;
}

const pageSize = 1000;

/** All models, in the API's order: newest first. Rejects with ModelError, or with the signal's reason. */
export async function listModels(
  options: ModelListOptions,
  signal: AbortSignal,
): Promise<readonly ListedModel[]> {
  signal.throwIfAborted();
  const { client, baseUrl, apiKey } = await new AnthropicConnector(options).connect();
  const models: ListedModel[] = [];
  try {
    for await (const model of client.models.list({ limit: pageSize }, { signal }))
      models.push({
        id: model.id,
        displayName: model.display_name,
        ...(model.max_input_tokens && { contextWindow: model.max_input_tokens }),
      });
    return models;
  } catch (error) {
    signal.throwIfAborted();
    throw toModelError(error, { baseUrl, apiKey }, options.clock.now());
  }
}
