/** The folder that sessions live in. */
import envPaths from 'env-paths';

/** The one folder per user that the editor, its forks and the CLI share; absolute, and not made here. */
export function defaultStateDir(): string {
  return envPaths('allsettled', { suffix: '' }).data;
}
