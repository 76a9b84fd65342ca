/** Durations as a person reads them. */
import type { SettledTimes } from '../core/calls.ts';

/** `3 ms`, `2.1 s`, `1 min 05 s` or `2 h 03 min`. */
export function durationText(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < 1000) return `${ms} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** How long a call took; empty for one that never started, or whose end is not known. */
export function spentText({ startedAt, durationMs }: SettledTimes): string {
  return startedAt === undefined || durationMs === undefined ? '' : durationText(durationMs);
}

/** `42 s`, `1 min 05 s` or `2 h 03 min`: time that is left, rounded up. */
export function wholeSecondsText(durationMs: number): string {
  const seconds = Math.ceil(Math.max(0, durationMs) / 1000);
  return seconds < 60 ? `${seconds} s` : durationText(seconds * 1000);
}

/** `just now`, `5 min ago`, `2 h ago` or `3 days ago`. */
export function ageText(ageMs: number): string {
  const minutes = Math.floor(Math.max(0, ageMs) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

/** `2026-03-01 09:05`, in the person's time zone. */
export function timeText(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
