/** Imports a package of test/bench/node_modules. Its types are not there where it is not installed: each adapter says what it uses. */

/** Rejects where the package is not installed. */
export async function loadPeer(name: string): Promise<unknown> {
  return (await import(name)) as unknown;
}
