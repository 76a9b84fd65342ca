/** Names sessions so that a list of folders is in the order of time. */
import type { SessionId } from '../core/events.ts';

/** `20261121-104233-1f9c0a`: the time in UTC and a random part. */
export function sessionIdAt(epochMs: number, randomPart: string): SessionId {
  const [date = '', time = ''] = new Date(epochMs).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomPart}`;
}
