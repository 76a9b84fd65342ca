/** Keeps a walk of the glob library below one folder. */
import * as nodeFs from 'node:fs';
import type { Options } from 'globby';
import { isInside } from './isInside.ts';

type GlobFs = NonNullable<Options['fs']>;
type ReadFolder = (
  folder: string,
  options: unknown,
  done: (error: Error | null, entries: unknown) => void,
) => void;

/**
 * `node:fs` in which a folder that lies elsewhere, with all links resolved, has no entries. The library follows a link in the
 * fixed beginning of a pattern, such as `link/**`, and would walk what is behind it. `root` is canonical.
 */
export function insideOnly(root: string): GlobFs {
  const readdir: ReadFolder = (folder, options, done) => {
    nodeFs.realpath.native(folder, (error, real) => {
      if (error) done(error, []);
      else if (isInside(root, real)) (nodeFs.readdir as unknown as ReadFolder)(folder, options, done);
      else done(null, []);
    });
  };
  return { ...nodeFs, readdir } as unknown as GlobFs;
}
