/** Lets calls that ask the same question at the same time share one look for the answer. */

/**
 * Each answer comes from a look that began after it was asked for: who asks while a look is under way gets the next
 * one, together with all others who ask until that begins. A look that fails fails for all who share it.
 */
export class SharedLook<T> {
  private readonly underWay = new Map<string, Promise<unknown>>();
  private readonly waiting = new Map<string, Promise<T>>();

  /** `look` must give everyone who names the same key the same answer. */
  ask(key: string, look: () => Promise<T>): Promise<T> {
    const shared = this.waiting.get(key);
    if (shared !== undefined) return shared;
    const next = this.begin(key, look);
    this.waiting.set(key, next);
    return next;
  }

  private async begin(key: string, look: () => Promise<T>): Promise<T> {
    // Also where none is under way: whoever asks in the same breath comes along.
    await this.underWay.get(key);
    this.waiting.delete(key);
    const answer = look();
    const ended = answer.then(
      () => undefined,
      () => undefined,
    );
    this.underWay.set(key, ended);
    try {
      return await answer;
    } finally {
      if (this.underWay.get(key) === ended) this.underWay.delete(key);
    }
  }
}
