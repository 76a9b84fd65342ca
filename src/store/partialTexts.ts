/** Saves what a reply has so far once a second, so that a crash loses no more than that of what a person has read. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentId, TurnId } from '../core/agents.ts';
import type { LiveEvent, SessionEvent } from '../core/events.ts';
import type { Clock } from '../core/ports.ts';
import { withoutKey } from './withoutKey.ts';

/** The text of a reply that had not come to its end. */
export interface PartialText {
  readonly agentId: AgentId;
  readonly turnId: TurnId;
  /** The turn's attempt that the reply belongs to. */
  readonly attempt: number;
  readonly text: string;
}

interface Reply extends Omit<PartialText, 'text'> {
  /** By the place of their block. */
  readonly texts: Map<number, string>;
  isSaved: boolean;
}

const saveEveryMs = 1000;

/** One small file for each agent that is being answered, replaced as a whole and removed when its turn has ended. */
export class PartialTexts {
  private readonly folder: string;
  private readonly clock: Pick<Clock, 'after'>;
  private readonly replies = new Map<AgentId, Reply>();
  private readonly keyInUse: () => string | undefined;
  private isDue = false;
  /** Files are written one after the other, so that a removal comes after the write before it. */
  private lastWork: Promise<void> = Promise.resolve();

  /** The folder is made where it is missing; the API key in use is never saved. */
  constructor(
    folder: string,
    clock: Pick<Clock, 'after'>,
    keyInUse: () => string | undefined = () => undefined,
  ) {
    this.keyInUse = keyInUse;
    this.folder = folder;
    this.clock = clock;
  }

  onLive(event: LiveEvent): void {
    if (event.type !== 'live.text' || event.block !== 'text') return;
    const reply = this.replies.get(event.agentId);
    if (reply?.turnId !== event.turnId) return;
    reply.texts.set(event.index, (reply.texts.get(event.index) ?? '') + event.delta);
    this.noteChange(reply);
  }

  onEvent(event: SessionEvent): void {
    switch (event.type) {
      case 'turn.started': {
        const { agentId, turnId, attempt } = event;
        this.replies.set(agentId, { agentId, turnId, attempt, texts: new Map(), isSaved: true });
        return;
      }
      case 'block.received': {
        const reply = this.replies.get(event.agentId);
        if (event.block.type !== 'text' || reply?.turnId !== event.turnId) return;
        reply.texts.set(event.index, event.block.text);
        this.noteChange(reply);
        return;
      }
      case 'turn.ended':
      case 'turn.discarded':
      case 'run.ended':
        this.drop(event.agentId);
        return;
      default: // Nothing else has to do with a reply's text.
    }
  }

  /** Settles when all files are as they should be. */
  async settled(): Promise<void> {
    await this.lastWork;
  }

  private noteChange(reply: Reply): void {
    reply.isSaved = false;
    if (this.isDue) return;
    this.isDue = true;
    this.clock.after(saveEveryMs, () => {
      this.isDue = false;
      for (const open of this.replies.values()) if (!open.isSaved) this.save(open);
    });
  }

  private save(reply: Reply): void {
    const { agentId, turnId, attempt, texts } = reply;
    reply.isSaved = true;
    const text = [...texts.values()].join('\n\n').trim();
    const partial = withoutKey<PartialText>({ agentId, turnId, attempt, text }, this.keyInUse());
    const file = this.fileOf(agentId);
    this.work(async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(`${file}.part`, JSON.stringify(partial), { mode: 0o600 });
      await rename(`${file}.part`, file);
    });
  }

  private drop(agentId: AgentId): void {
    if (!this.replies.delete(agentId)) return;
    this.work(() => rm(this.fileOf(agentId), { force: true }));
  }

  /** A text that can't be saved is in the way of nothing. */
  private work(work: () => Promise<void>): void {
    this.lastWork = this.lastWork.then(work).catch(() => undefined);
  }

  private fileOf(agentId: AgentId): string {
    return join(this.folder, `${createHash('sha256').update(agentId).digest('hex').slice(0, 24)}.json`);
  }
}

/** What a dead program had saved, by agent; what can't be read is passed over. */
export async function readPartialTexts(folder: string): Promise<ReadonlyMap<AgentId, PartialText>> {
  const found = new Map<AgentId, PartialText>();
  for (const name of await readdir(folder).catch(() => [])) {
    const text = name.endsWith('.json')
      ? await readFile(join(folder, name), 'utf8').catch(() => undefined)
      : undefined;
    const partial = text === undefined ? undefined : parsed(text);
    if (partial) found.set(partial.agentId, partial);
  }
  return found;
}

/** Takes them away: what they say is in the journal now. */
export async function forgetPartialTexts(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

function parsed(text: string): PartialText | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof PartialText, unknown>>;
    const { agentId, turnId, attempt } = value;
    if (typeof agentId !== 'string' || typeof turnId !== 'string' || typeof attempt !== 'number')
      return undefined;
    return typeof value.text === 'string' ? { agentId, turnId, attempt, text: value.text } : undefined;
  } catch {
    return undefined;
  }
}
