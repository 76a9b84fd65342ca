/** How rules for the commands that wait could begin, worked out once for each, so that their menus offer no other. */
import type { ApprovalRequest } from '../core/calls.ts';
import type { Disposable } from '../core/emitter.ts';
import type { Host } from './host.ts';

export interface SuggestedPrefixes extends Disposable {
  /** Whether commands like that of a call could be allowed for good; false until that is known. */
  readonly has: (sessionId: string, callId: string) => boolean;
}

/** `onFound`: the menu of a call's row has grown. */
export function suggestedPrefixes(
  { runtime, suggestPrefix, log }: Pick<Host, 'runtime' | 'suggestPrefix' | 'log'>,
  onFound: (sessionId: string, callId: string) => void,
): SuggestedPrefixes {
  const found = new Set<string>();
  const failed = (error: unknown): void => log.error('A command can not be looked through.', error);
  const look = ({ sessionId, callId, tool, subject }: ApprovalRequest): void => {
    if (tool !== 'terminal') return;
    const note = (prefix: string | undefined): void => {
      if (prefix === undefined) return;
      found.add(`${sessionId}/${callId}`);
      onFound(sessionId, callId);
    };
    suggestPrefix(subject).then(note, failed);
  };
  const subscriptions = [
    runtime.onEvent((event) => {
      if (event.type === 'approval.requested') look(event.request);
    }),
    // Questions of a session that is read back have no event.
    runtime.onOpened((id) =>
      runtime
        .waitingApprovals()
        .filter(({ request }) => request.sessionId === id)
        .forEach(({ request }) => look(request)),
    ),
  ];
  return {
    has: (sessionId, callId) => found.has(`${sessionId}/${callId}`),
    dispose: () => subscriptions.forEach((subscription) => subscription.dispose()),
  };
}
