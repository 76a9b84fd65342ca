/** Gets one call its approval, and knows what it was given for: once that has changed, it does not count. */
import { resolve } from 'node:path';
import {
  approvalKey,
  type ApprovalAnswer,
  type ApprovalRequest,
  type BoundFile,
  type CallId,
  type GivenApproval,
  type Outcome,
} from '../core/calls.ts';
import type { BatchRequest, EnginePorts } from './batch.ts';
import type { CheckedCall } from './checkCall.ts';
import { withinNamingTime } from './namingTime.ts';
import { orStopped } from './orStopped.ts';
import { deniedByAnswer, failure } from './outcomes.ts';
import type { Stopping } from './stopping.ts';

export interface ApprovalOf {
  readonly id: CallId;
  readonly call: CheckedCall;
  readonly batch: BatchRequest;
  readonly ports: EnginePorts;
  readonly stopping: Stopping;
}

/**
 * The things that a question says an answer holds, and those it does not. `files` is undefined for a tool
 * that binds no files.
 */
interface Held {
  readonly files: readonly BoundFile[] | undefined;
  readonly notHeld: readonly string[];
}

/** `unknown`: nobody can say which files decide what the call does, so nobody can be asked. */
type Bound = Held | { readonly unknown: string };

export class Approval {
  private readonly of: ApprovalOf;
  /** What the call may do; undefined before that, and where a rule allows it whatever the files say. */
  private approved: ApprovalRequest | undefined;

  constructor(of: ApprovalOf) {
    this.of = of;
  }

  /**
   * Undefined where the call may run, else its outcome. Asks a person only where no rule and no earlier answer of theirs
   * covers it; nothing may be held meanwhile. What it is based on is on disk then. Rejects with the signal's reason.
   */
  async obtain(): Promise<Outcome | undefined> {
    const bound = await this.bound();
    if ('unknown' in bound) return notBound(bound.unknown);
    const { ports, id, stopping } = this.of;
    const { recorder, approvals } = ports;
    const before = recorder.state.calls.get(id)?.approval;
    const request = this.requestFor(bound, before);
    this.approved = request;
    const answered = before?.by === 'person' ? before : undefined;
    if (answered?.answer === 'deny') return this.denied('deny');
    if (answered && answered.answer !== 'nobodyThere' && isSame(answered.request, request)) return undefined;
    if (recorder.state.allowed.has(approvalKey(request))) return this.pass('session', request);
    if (await this.isAllowedByRule(request)) return this.pass('rule', request);
    await recorder.record({ type: 'approval.requested', callId: id, request }, 'durable');
    const answer = await orStopped(approvals.ask(request, stopping.signal), stopping);
    await recorder.record({ type: 'approval.answered', callId: id, answer }, 'durable');
    return this.denied(answer);
  }

  private denied(answer: ApprovalAnswer): Outcome | undefined {
    return deniedByAnswer(answer, this.of.ports.recorder.state.calls.get(this.of.id)?.denialReason);
  }

  /** Whether all that the approval was given for is as it was. Rejects with the signal's reason. */
  async holds(): Promise<boolean> {
    const { approved } = this;
    if (!approved || !this.of.call.tool.boundTo) return true;
    const bound = await this.bound();
    if ('unknown' in bound || bound.files === undefined) return false;
    return isSame(approved, { ...approved, bound: bound.files, notHeld: bound.notHeld });
  }

  private async pass(by: 'session' | 'rule', request: ApprovalRequest): Promise<undefined> {
    // A rule is about the command's words alone.
    if (by === 'rule') this.approved = undefined;
    const { ports, id } = this.of;
    await ports.recorder.record({ type: 'approval.given', callId: id, by, request }, 'durable');
  }

  private isAllowedByRule(request: ApprovalRequest): Promise<boolean> {
    const { ports, stopping } = this.of;
    const allowed = ports.rules.allows(request).catch(() => false);
    return orStopped(withinNamingTime(allowed, false, ports.clock), stopping);
  }

  private requestFor({ files, notHeld }: Held, before: GivenApproval | undefined): ApprovalRequest {
    const { id, batch } = this.of;
    const { tool, input, access } = this.of.call;
    const known = (this.approved ?? before?.request)?.bound;
    const changed = files && known ? changedPaths(known, files) : [];
    return {
      sessionId: batch.sessionId,
      callId: id,
      tool: tool.name,
      subject: tool.subject(input),
      cwd: resolve(batch.cwd, tool.folderOf?.(input) ?? '.'),
      ...((access === 'write' || access === 'command') && { access }),
      ...(files && { bound: files }),
      ...(notHeld.length > 0 && { notHeld }),
      ...(changed.length > 0 && { changed }),
    };
  }

  private async bound(): Promise<Bound> {
    const { call, batch, ports, stopping } = this.of;
    const { tool, input } = call;
    if (!tool.boundTo) return { files: undefined, notHeld: [] };
    const late = { unknown: 'looking at the files took too long' };
    const look = async (): Promise<Bound> => ({
      files: await tool.boundTo?.(input, batch),
      notHeld: (await tool.notHeld?.(input, batch)) ?? [],
    });
    const named = look().catch((error: unknown): Bound => ({
      unknown: error instanceof Error ? error.message : String(error),
    }));
    return orStopped(withinNamingTime<Bound>(named, late, ports.clock), stopping);
  }
}

function isSame(one: ApprovalRequest, other: ApprovalRequest): boolean {
  return approvalKey(one) === approvalKey(other);
}

/** In either list alone, or with another hash. */
function changedPaths(before: readonly BoundFile[], now: readonly BoundFile[]): readonly string[] {
  const only = (some: readonly BoundFile[], others: readonly BoundFile[]): readonly string[] =>
    some
      .filter(({ path, hash }) => !others.some((other) => other.path === path && other.hash === hash))
      .map(({ path }) => path);
  return [...new Set([...only(before, now), ...only(now, before)])];
}

function notBound(why: string): Outcome {
  return failure(
    'io',
    `The files that decide what this call does could not be looked at (${why}), so nobody was asked and it did not run. ` +
      'Read them, or do it in another way.',
  );
}
