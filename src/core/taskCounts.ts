/** How parallel tasks ended, counted and in words. */
import { taskStatuses, type TaskStatus } from './tasks.ts';

/** `open` tasks have not ended. */
export type TaskCounts = Readonly<Record<TaskStatus | 'open' | 'total', number>>;

/** Counts tasks; every status that is no end counts as open. */
export function countTasks(tasks: Iterable<{ readonly status: string }>): TaskCounts {
  const counts = {
    total: 0,
    completed: 0,
    incomplete: 0,
    interrupted: 0,
    failed: 0,
    cancelled: 0,
    skipped: 0,
    open: 0,
  };
  for (const { status } of tasks) {
    counts.total += 1;
    counts[taskStatuses.find((ended) => ended === status) ?? 'open'] += 1;
  }
  return counts;
}

/** `97 of 100 completed, 2 failed, 1 skipped` */
export function taskCountsText(counts: TaskCounts, separator = ', '): string {
  const others = [...taskStatuses.filter((status) => status !== 'completed'), 'open' as const].flatMap(
    (status) => (counts[status] > 0 ? [`${counts[status]} ${status}`] : []),
  );
  return [`${counts.completed} of ${counts.total} completed`, ...others].join(separator);
}
