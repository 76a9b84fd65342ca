/** The ranges that a file's values must keep. */

/** More calls than this in one file are refused. */
export const maxCalls = 10_000;

/** The longest deadline of one attempt: 24 hours. */
export const maxTimeoutMs = 24 * 60 * 60 * 1000;

/** The most further attempts that an author may ask for. */
export const maxRetries = 10;

/** The most tasks of one agents file. */
export const maxTasks = 100;

/** The most tasks that may run at the same time. */
export const maxConcurrency = 100;

/** How many tasks run at the same time where nothing else is said. */
export const defaultConcurrency = 20;

/** The longest note of a task, in characters: it is a name. */
export const maxNoteCharacters = 200;
