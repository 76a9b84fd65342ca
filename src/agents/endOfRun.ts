/** Decides, when the model has ended its turn, whether its run may end too. */
import type { AgentId, RunId } from '../core/agents.ts';
import type { Disposable } from '../core/emitter.ts';
import type { Recorder } from '../core/ports.ts';
import { queuedMessages, type Run } from '../core/states.ts';
import { orStopped } from '../engine/orStopped.ts';
import type { AnswerFiles, FileStamp } from './answerFiles.ts';
import type { Ending } from './endings.ts';
import { hasWorkBelow } from './notifications.ts';

export interface EndOfRunPorts {
  readonly recorder: Recorder;
  readonly answers: AnswerFiles;
  /** Calls back whenever a message was queued or a run has ended, in the state already; the caller disposes. */
  readonly onChange: (listener: () => void) => Disposable;
}

/** One for each run. */
export class EndOfRun {
  private readonly agentId: AgentId;
  private readonly runId: RunId;
  private readonly ports: EndOfRunPorts;
  /** How the deliverables stood when the run began. */
  private readonly before = new Map<string, FileStamp | undefined>();
  /** How the run would have ended without the reminder. */
  private reminded: Ending | undefined;

  constructor(
    { agentId, runId }: { readonly agentId: AgentId; readonly runId: RunId },
    ports: EndOfRunPorts,
  ) {
    this.agentId = agentId;
    this.runId = runId;
    this.ports = ports;
  }

  /** Looks at the deliverables; before the first turn. */
  async begin(): Promise<void> {
    for (const file of this.deliverables()) this.before.set(file, await this.ports.answers.stamp(file));
  }

  /**
   * The run's ending, or undefined where it takes a further turn: for what came meanwhile, or for the one reminder of
   * what is missing. While agents of its own are at work in the background, it waits for one to report.
   */
  async judge(ending: Ending, signal: AbortSignal): Promise<Ending | undefined> {
    if (ending.terminationReason === 'transcriptEnded' && this.reminded) return this.reminded;
    if (ending.status !== 'completed' && ending.status !== 'incomplete') return ending;
    if (await this.hasNews(signal)) return undefined;
    const missing = await this.whatIsMissing(ending);
    if (!missing) return ending;
    if (this.reminded) return missing.ending;
    this.reminded = missing.ending;
    const { agentId, runId } = this;
    await this.ports.recorder.record(
      {
        type: 'message.queued',
        agentId,
        messageId: `${runId}-reminder`,
        kind: 'reminder',
        text: missing.reminder,
      },
      'durable',
    );
    return undefined;
  }

  private async hasNews(signal: AbortSignal): Promise<boolean> {
    const { agentId, runId } = this;
    const { recorder } = this.ports;
    if (this.hasMessages() || !hasWorkBelow(recorder.state, agentId)) return this.hasMessages();
    void recorder.record({ type: 'run.waiting', agentId, runId, waitingFor: 'agents' }, 'buffered'); // Never rejects.
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.hasMessages() || !hasWorkBelow(recorder.state, agentId)) resolve();
    };
    const listening = this.ports.onChange(look);
    look();
    await orStopped(promise, signal).finally(() => listening.dispose());
    void recorder.record({ type: 'run.continued', agentId, runId }, 'buffered'); // Never rejects.
    return this.hasMessages();
  }

  private hasMessages(): boolean {
    const agent = this.ports.recorder.state.agents.get(this.agentId);
    return agent !== undefined && queuedMessages(agent).length > 0;
  }

  private async whatIsMissing(
    ending: Ending,
  ): Promise<{ readonly reminder: string; readonly ending: Ending } | undefined> {
    const lacking = await this.lackingDeliverables();
    if (lacking.length > 0)
      return { reminder: deliverablesReminder(lacking), ending: withoutDeliverables(lacking) };
    return ending.status === 'completed' ? undefined : { reminder: textReminder, ending };
  }

  /** What is wrong with each deliverable that does not stand as promised. */
  private async lackingDeliverables(): Promise<readonly string[]> {
    const lacking: string[] = [];
    for (const file of this.deliverables()) {
      const stamp = await this.ports.answers.stamp(file);
      if (!stamp) lacking.push(`${file} does not exist`);
      else if (stamp.bytes === 0) lacking.push(`${file} is empty`);
      else if (!this.isWritten(file, stamp))
        lacking.push(`${file} has not been written since this run began`);
    }
    return lacking;
  }

  /** A file of before counts where an earlier run wrote it that this one continues, because it was cut off. */
  private isWritten(file: string, stamp: FileStamp): boolean {
    const before = this.before.get(file);
    if (before?.identity !== stamp.identity) return true;
    const runs = this.ports.recorder.state.agents.get(this.agentId)?.runs ?? [];
    const since = startOfCutWork(runs, this.runId);
    return since !== undefined && stamp.modifiedMs >= since;
  }

  private deliverables(): readonly string[] {
    return this.ports.recorder.state.agents.get(this.agentId)?.deliverables ?? [];
  }
}

/** When the work began that this run goes on with, because the runs before it were cut off; undefined where none was. */
function startOfCutWork(runs: readonly Run[], runId: RunId): number | undefined {
  const own = runs.findIndex(({ id }) => id === runId);
  let first = own;
  while (runs[first - 1]?.state.status === 'interrupted') first -= 1;
  return first === own ? undefined : runs[first]?.startedAt;
}

const textReminder =
  'Your turn ended without any text, so nobody knows what you found. Say now what you found or did, and what did not work.';

function deliverablesReminder(lacking: readonly string[]): string {
  return (
    `Your turn ended, but you were to deliver what is not there: ${lacking.join('; ')}. ` +
    "Write it now, then end your turn with a text. If it can't be done, say why."
  );
}

function withoutDeliverables(lacking: readonly string[]): Ending {
  return {
    status: 'incomplete',
    terminationReason: 'missingDeliverable',
    message: `The model ended its turn without all that it was to deliver: ${lacking.join('; ')}. Ask it for that.`,
  };
}
