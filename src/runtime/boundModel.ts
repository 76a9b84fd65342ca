/** A model that a session asks only where its record says that it is asked. */
import { ModelError, type Model, type ModelEvent, type ModelRequest } from '../core/models.ts';

/** `problem` is looked at before each request: the setting of the address can change while a session is at work. */
export function boundModel(model: Model, problem: () => string | undefined): Model {
  async function* turn(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const message = problem();
    if (message !== undefined) throw new ModelError('invalidRequest', message);
    yield* model.turn(request, signal);
  }
  return { ...(model.isLocal && { isLocal: true }), turn };
}
