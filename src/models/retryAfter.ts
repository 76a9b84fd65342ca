/** Reads how long the API asks to wait. */

/** A year; nobody means more, and a date can't hold it. */
const mostMs = 365 * 24 * 60 * 60 * 1000;

/**
 * Milliseconds from `retry-after-ms`, or from `retry-after` in seconds or as a date; never negative. A date is read by
 * the server's own clock if the response says it (RFC 9110, 6.6.1), else by `now`, in epoch milliseconds.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const waitMs = waitOf(headers, now);
  return waitMs === undefined ? undefined : Math.min(waitMs, mostMs);
}

function waitOf(headers: Headers, now: number): number | undefined {
  const milliseconds = numberOf(headers.get('retry-after-ms'));
  if (milliseconds !== undefined) return milliseconds;
  const value = headers.get('retry-after');
  const seconds = numberOf(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(value ?? '');
  const sentAt = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? undefined : Math.max(0, date - (Number.isNaN(sentAt) ? now : sentAt));
}

function numberOf(value: string | null): number | undefined {
  const number = value?.trim() ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
