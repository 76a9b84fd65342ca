/** The ranges that a file's values must keep. */

/** More calls than this in one file are refused. */
export const maxCalls = 10_000;

/** The longest deadline of one attempt: 24 hours. */
export const maxTimeoutMs = 24 * 60 * 60 * 1000;

/** The most further attempts that an author may ask for. */
export const maxRetries = 10;
