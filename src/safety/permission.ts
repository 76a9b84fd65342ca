/** What a permission lets a call do. */
import type { Permission } from '../core/agents.ts';
import type { Access } from '../core/tools.ts';

export type Judgement = 'allow' | 'ask' | 'deny';

const judgements: Readonly<Record<Permission, Readonly<Record<Access, Judgement>>>> = {
  'read-only': { read: 'allow', write: 'deny', command: 'deny', confined: 'allow' },
  'workspace-write': { read: 'allow', write: 'allow', command: 'ask', confined: 'allow' },
  unlimited: { read: 'allow', write: 'allow', command: 'allow', confined: 'allow' },
};

/** Whether a call may run, must be asked about, or is denied. `reviewsEdits`: a person looks at each edit before it is made. */
export function judge(permission: Permission, access: Access, reviewsEdits = false): Judgement {
  // A confined command can write to the workspace as an edit can, and shows no diff.
  const canEdit = access === 'write' || access === 'confined';
  if (reviewsEdits && permission === 'workspace-write' && canEdit) return 'ask';
  return judgements[permission][access];
}

/** Why no answer of an agent is written while edits are reviewed. */
export const reviewedSaveFile =
  'Here a person looks at each edit before it is made, and an answer that is still to come can not be looked at.';

/** The text for the model of a call that its permission denies. */
export function deniedMessage(tool: string, permission: Permission): string {
  return (
    `${tool} is not allowed under the permission ${permission}; it did not run, and asking again will not help. ` +
    'Use read_file, list_files, search_text or git where they can answer the question; otherwise say in your ' +
    'reply what should be done and why, so that a person can do it or allow it.'
  );
}
