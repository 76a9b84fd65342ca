/** Finds a program of the machine for a start of our own that no process port makes. */
import { childEnvironment } from './environment.ts';
import { findProgram } from './findProgram.ts';
import { foreignFolders } from './foreignFolders.ts';
import { ownEnvironment } from './ownEnvironment.ts';

/** A program, and the environment to run it in. */
export interface OwnProgram {
  /** Absolute. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Finds a program that lies in none of the folders, with an environment that leads to nothing there; undefined if
 * there is no such program.
 */
export async function ownProgram(
  name: string,
  notFrom: readonly string[],
  without: readonly string[],
): Promise<OwnProgram | undefined> {
  const foreign = await foreignFolders(notFrom);
  const environment = await ownEnvironment(childEnvironment(process.env, without), '/', foreign);
  const file = await findProgram(name, environment, foreign);
  return file === undefined ? undefined : { file, environment };
}
