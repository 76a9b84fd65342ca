/** Makes a sparse index of git's whole, in which a folder outside the checkout is one entry. */
import { createHash } from 'node:crypto';
import { readNames } from './gitNames.ts';

/** The bytes at the end of an index by which `isSparseIndex` tells. */
export const tailBytes = 256;

// The extension has no content. Git writes it last, or before a list of where extensions are.
const sparseMark = Buffer.from('sdir\0\0\0\0', 'latin1');

/** True if an index may be sparse, judged by its end. */
export function isSparseIndex(end: Uint8Array): boolean {
  return Buffer.from(end).includes(sparseMark);
}

/** The entries of an index, and the length of the repository's hashes. */
export interface ReadIndex {
  readonly hashBytes: number;
  readonly entries: readonly IndexEntry[];
}

interface IndexEntry {
  /** As bytes, one a character. */
  readonly name: string;
  /** Times, numbers, mode and hash, as they are in the index. */
  readonly fixed: Buffer;
  readonly flags: number;
  readonly moreFlags: number;
}

/** A file in a folder that the index has not taken apart. */
export interface TreeFile {
  readonly mode: number;
  readonly hash: string;
  /** The path in the folder. */
  readonly path: string;
}

/** Reads what `ls-tree -r` printed. */
export function readTree(listing: string): TreeFile[] {
  return Array.from(
    listing.matchAll(/^(\d+) \w+ ([0-9a-f]+)\t(.+)$/gm),
    ([, mode = '', hash = '', name = '']) => ({
      ...{ mode: parseInt(mode, 8), hash, path: readNames(name)[0] ?? '' },
    }),
  );
}

const headerBytes = 12;
const statBytes = 40;
const modeAt = 24;
const folderMode = 0o040000;
const isExtended = 0x4000;
const isSkipped = 0x4000;
const nameLength = 0xfff;

/** Reads an index; undefined if the bytes are none of a known form. */
export function readIndex(bytes: Buffer): ReadIndex | undefined {
  // The repository's kind of hash is not in its index; with the wrong length nothing fits.
  for (const hashBytes of [20, 32]) {
    try {
      const entries = readEntries(bytes, hashBytes);
      if (entries !== undefined) return { hashBytes, entries };
    } catch {
      // It ended too early.
    }
  }
  return undefined;
}

/** Hashes of the trees of the folders that the index has not taken apart. */
export function treesOf({ entries }: ReadIndex): readonly string[] {
  return entries.filter(isFolder).map(treeOf);
}

/** The index with an entry for each file, as git itself would make it whole; its extensions are left out. */
export function wholeIndex(
  { hashBytes, entries }: ReadIndex,
  filesOf: ReadonlyMap<string, readonly TreeFile[]>,
): Buffer {
  const whole = entries.flatMap((entry) =>
    isFolder(entry) ? (filesOf.get(treeOf(entry)) ?? []).map((file) => fileEntry(entry, file)) : [entry],
  );
  const header = Buffer.alloc(headerBytes);
  header.write('DIRC', 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(whole.length, 8);
  const content = Buffer.concat([header, ...whole.map(writeEntry)]);
  const hash = createHash(hashBytes === 20 ? 'sha1' : 'sha256').update(content);
  return Buffer.concat([content, hash.digest()]);
}

function isFolder({ fixed }: IndexEntry): boolean {
  return fixed.readUInt32BE(modeAt) === folderMode;
}

function treeOf({ fixed }: IndexEntry): string {
  return fixed.toString('hex', statBytes);
}

function fileEntry(folder: IndexEntry, { mode, hash, path }: TreeFile): IndexEntry {
  const stats = Buffer.alloc(statBytes);
  stats.writeUInt32BE(mode, modeAt);
  const name = `${folder.name}${Buffer.from(path).toString('latin1')}`;
  const fixed = Buffer.concat([stats, Buffer.from(hash, 'hex')]);
  return { name, fixed, flags: 0, moreFlags: isSkipped };
}

function readEntries(bytes: Buffer, hashBytes: number): readonly IndexEntry[] | undefined {
  const version = bytes.readUInt32BE(4);
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) return undefined;
  const entries: IndexEntry[] = [];
  let at = headerBytes;
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const start = at;
    const fixed = bytes.subarray(at, (at += statBytes + hashBytes));
    const flags = bytes.readUInt16BE(at);
    at += 2;
    const moreFlags = flags & isExtended ? bytes.readUInt16BE(at) : 0;
    if (flags & isExtended) at += 2;
    let kept = '';
    if (version === 4) {
      const { value, next } = readOffset(bytes, at);
      const before = entries.at(-1)?.name ?? '';
      kept = before.slice(0, before.length - value);
      at = next;
    }
    const end = bytes.indexOf(0, at);
    if (end === -1) return undefined;
    const name = kept + bytes.toString('latin1', at, end);
    at = version === 4 ? end + 1 : start + padded(end - start);
    entries.push({ name, fixed, flags: flags & ~isExtended & ~nameLength, moreFlags });
  }
  return endsWithExtensions(bytes, at, hashBytes) ? entries : undefined;
}

/** At least one byte of zero, up to a whole eight. */
function padded(length: number): number {
  return length - (length % 8) + 8;
}

function endsWithExtensions(bytes: Buffer, from: number, hashBytes: number): boolean {
  const end = bytes.length - hashBytes;
  let at = from;
  while (at < end) at += 8 + bytes.readUInt32BE(at + 4);
  return at === end;
}

/** How many bytes of the name before are not this name's, in the form of the offsets in packs. */
function readOffset(bytes: Buffer, from: number): { readonly value: number; readonly next: number } {
  let next = from;
  let byte = bytes.readUInt8(next++);
  let value = byte & 0x7f;
  while (byte & 0x80) {
    byte = bytes.readUInt8(next++);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next };
}

function writeEntry({ name, fixed, flags, moreFlags }: IndexEntry): Buffer {
  const words = Buffer.alloc(moreFlags === 0 ? 2 : 4);
  words.writeUInt16BE(flags | (moreFlags === 0 ? 0 : isExtended) | Math.min(name.length, nameLength));
  if (moreFlags !== 0) words.writeUInt16BE(moreFlags, 2);
  const entry = Buffer.concat([fixed, words, Buffer.from(name, 'latin1')]);
  return Buffer.concat([entry, Buffer.alloc(padded(entry.length) - entry.length)]);
}
