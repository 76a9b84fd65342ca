/** Lets a signal end this process by its own exit, so that what it started and wrote is cleaned up by `exit` listeners. */

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Called once, by a script's first line. */
export function exitOnSignals(): void {
  for (const [signal, code] of Object.entries(exitCodes)) process.on(signal, () => process.exit(code));
}
