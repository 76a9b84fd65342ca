/** How many tokens the context windows of models hold. */

/** From each model's own page in Anthropic's documentation, as it was in November 2026. */
const known: ReadonlyMap<string, number> = new Map([
  ['claude-opus-4-6', 1_000_000],
  ['claude-opus-5', 1_000_000],
  ['claude-opus-5-5', 1_000_000],
  ['claude-fable-5-1', 1_000_000],
]);

/** Of a model that nobody told of. A window that is taken for smaller than it is costs a summary too early, and no run. */
const usual = 200_000;

/** Learns from the API's list of models, where that is asked for. */
export class ContextWindows {
  private readonly listed = new Map<string, number>();

  note(models: readonly { readonly id: string; readonly contextWindow?: number }[]): void {
    for (const { id, contextWindow } of models) if (contextWindow) this.listed.set(id, contextWindow);
  }

  of(model: string): number {
    return this.listed.get(model) ?? known.get(model) ?? usual;
  }
}
