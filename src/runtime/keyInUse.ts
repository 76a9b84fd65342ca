/** The API key as this program knows it, for everything that must not hold it. */
import { inspect } from 'node:util';
import type { LiveEvent, SessionEvent } from '../core/events.ts';
import { holdsKey, keyForms, KeyMask, maskKey } from '../core/keyMask.ts';
import type { Log, Secrets } from '../core/ports.ts';

/** Of a key that was cleared the last one counts: what was asked with it may still be told. */
export class KeyInUse {
  private readonly secrets: Secrets;
  private last: string | undefined;

  constructor(secrets: Secrets) {
    this.secrets = secrets;
  }

  /** The key, where one was read so far. */
  readonly now = (): string | undefined => this.last;

  /** Rejects where the machine does not give it. */
  async read(): Promise<string | undefined> {
    const key = await this.secrets.apiKey();
    this.last = key ?? this.last;
    return key;
  }

  /** As `read`, where a request will meet what is wrong. Never rejects. */
  async note(): Promise<string | undefined> {
    return this.read().catch(() => undefined);
  }

  mask(text: string): string {
    return maskKey(text, keyForms(this.last));
  }

  /** A log that never holds the key, also not in what is told as a cause. */
  maskedLog(log: Log): Log {
    return {
      info: (message) => log.info(this.mask(message)),
      warn: (message) => log.warn(this.mask(message)),
      error: (message, cause) => log.error(this.mask(message), this.maskedCause(cause)),
    };
  }

  private maskedCause(cause: unknown): unknown {
    const forms = keyForms(this.last);
    if (cause === undefined || forms.length === 0) return cause;
    const told = inspect(cause, { depth: 4 });
    return holdsKey(told, forms) ? maskKey(told, forms) : cause;
  }
}

/** Masks a reply while it grows, wherever its pieces are cut; what commands write is masked where it is read. */
export class LiveMask {
  private readonly keyInUse: () => string | undefined;
  private readonly masks = new Map<string, KeyMask>();

  constructor(keyInUse: () => string | undefined) {
    this.keyInUse = keyInUse;
  }

  /** Undefined where nothing of the event is sure by now. */
  masked(event: LiveEvent): LiveEvent | undefined {
    const forms = event.type === 'live.text' ? keyForms(this.keyInUse()) : [];
    if (event.type !== 'live.text' || forms.length === 0) return event;
    const place = placeOf(event, event.index);
    const mask = this.masks.get(place) ?? new KeyMask(forms);
    this.masks.set(place, mask);
    const delta = mask.push(event.delta);
    return delta === '' ? undefined : { ...event, delta };
  }

  /** What is still held back comes with the whole block; a reply that begins or is over leaves nothing behind. */
  forget(event: SessionEvent): void {
    if (event.type === 'block.received') this.masks.delete(placeOf(event, event.index));
    else if (event.type === 'turn.started' || event.type === 'turn.discarded' || event.type === 'run.ended')
      for (const place of this.masks.keys())
        if (place.startsWith(placeOf(event, undefined))) this.masks.delete(place);
  }
}

/** The beginning of all places of the agent where no block is named. */
function placeOf(
  { sessionId, agentId }: { readonly sessionId: string; readonly agentId: string },
  index: number | undefined,
): string {
  if (index !== undefined) return JSON.stringify([sessionId, agentId, index]);
  return JSON.stringify([sessionId, agentId]).slice(0, -1) + ',';
}
