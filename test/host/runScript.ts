/** The frame of a script: how it ends, and what it says when it can't go on. */

const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs `main` and exits with its code. A rejection is told by its message. A signal ends this process by its own exit, so
 * that what it started and wrote is cleaned up by `exit` listeners.
 */
export async function runScript(main: () => Promise<number>): Promise<never> {
  for (const [signal, code] of Object.entries(signalCodes)) process.on(signal, () => process.exit(code));
  try {
    process.exit(await main());
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
