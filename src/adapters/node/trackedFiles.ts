/** Reads the names of the files that git tracks from an index. */

export interface TrackedFiles {
  /** For a path relative to the repository's top. */
  readonly has: (path: string) => boolean;
  /** True if a file in the folder is tracked. */
  readonly hasBelow: (folder: string) => boolean;
}

/** Undefined if it is no index that can be read here. `hashBytes` is the length of the repository's hashes. */
export function readTrackedFiles(index: Buffer, hashBytes: number): TrackedFiles | undefined {
  const paths = readPaths(index, hashBytes);
  if (paths === undefined) return undefined;
  const files = new Set(paths);
  const folders = new Set<string>();
  for (const file of files)
    for (let end = file.lastIndexOf('/'); end !== -1; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return { has: (path) => files.has(path), hasBelow: (folder) => folders.has(folder) };
}

const headerBytes = 12;
const statBytes = 40;

/** See gitformat-index(5), whose words these are. */
function readPaths(index: Buffer, hashBytes: number): readonly string[] | undefined {
  if (index.length < headerBytes || index.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = index.readUInt32BE(4);
  const count = index.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  const paths: string[] = [];
  let previous: Buffer = Buffer.alloc(0);
  let at = headerBytes;
  while (paths.length < count) {
    const flagsAt = at + statBytes + hashBytes;
    if (flagsAt + 4 > index.length) return undefined;
    const isExtended = (index.readUInt16BE(flagsAt) & 0x4000) !== 0;
    const nameAt = flagsAt + (isExtended ? 4 : 2);
    const kept = version === 4 ? readOffset(index, nameAt) : { value: 0, end: nameAt };
    const end = index.indexOf(0, kept.end);
    if (end === -1 || kept.value > previous.length) return undefined;
    const rest = index.subarray(kept.end, end);
    // In version 4 a name says how much of the end of the one before is replaced.
    const name =
      version === 4 ? Buffer.concat([previous.subarray(0, previous.length - kept.value), rest]) : rest;
    previous = name;
    paths.push(name.toString());
    // Before, entries are padded to eight bytes, with one NUL at least.
    at = version === 4 ? end + 1 : at + Math.ceil((end + 1 - at) / 8) * 8;
  }
  return paths;
}

/** The number of variable length that a pack's offsets have too. */
function readOffset(index: Buffer, start: number): { readonly value: number; readonly end: number } {
  let at = start;
  let byte = index[at] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0 && at < index.length) {
    at += 1;
    byte = index[at] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at + 1 };
}
