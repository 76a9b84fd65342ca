/** The questions of one session that are asked now, and answers that came before theirs was asked again. */
import { approvalKey, type ApprovalAnswer, type ApprovalRequest, type CallId } from '../core/calls.ts';
import type { Approvals } from '../core/ports.ts';

export class Questions implements Approvals {
  private readonly port: Approvals;
  private readonly asked = new Map<CallId, ApprovalRequest>();
  private readonly early = new Map<CallId, { request: ApprovalRequest; answer: ApprovalAnswer }>();

  constructor(port: Approvals) {
    this.port = port;
  }

  async ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
    const { callId } = request;
    const early = this.early.get(callId);
    if (early && approvalKey(early.request) === approvalKey(request)) {
      this.early.delete(callId);
      return early.answer;
    }
    this.asked.set(callId, request);
    try {
      return await this.port.ask(request, signal);
    } finally {
      this.asked.delete(callId);
    }
  }

  /** Answers a question that is asked now; false where it isn't. */
  answer(request: ApprovalRequest, answer: ApprovalAnswer): boolean {
    return this.asked.has(request.callId) && (this.port.answer?.(request, answer) ?? false);
  }

  /** Keeps the answer until its question is asked. */
  expect(request: ApprovalRequest, answer: ApprovalAnswer): void {
    this.early.set(request.callId, { request, answer });
  }
}
