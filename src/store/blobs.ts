/** Keeps long texts out of the journal's lines: a text over 32 KB becomes a file that is named by its hash. */
import { createHash } from 'node:crypto';

/** design.md, "The journal": anything over 32 KB is a blob. Characters stand in for bytes here. */
const longestInline = 32 * 1024;

/** What stands in the journal in place of a long text. */
interface BlobReference {
  readonly $blob: string;
}

/** A text that must be on disk before the line that names it. */
export interface Blob {
  readonly name: string;
  readonly text: string;
}

/** A value as JSON, its long texts taken out. */
export function toLine(value: unknown): { readonly line: string; readonly blobs: readonly Blob[] } {
  const whole = JSON.stringify(value);
  if (whole.length <= longestInline) return { line: whole, blobs: [] };
  const blobs: Blob[] = [];
  const line = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'string' || part.length <= longestInline) return part;
    const name = createHash('sha256').update(part).digest('hex');
    blobs.push({ name, text: part });
    return { $blob: name } satisfies BlobReference;
  });
  return { line, blobs };
}

/** The names of the blobs in a parsed line. */
export function blobNames(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isBlobReference(value)) return [value.$blob];
  return Object.values(value).flatMap(blobNames);
}

/** The value with its long texts put back. */
export function withBlobs(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isBlobReference(value)) return texts.get(value.$blob) ?? '[This text was lost: its file is missing.]';
  if (Array.isArray(value)) return value.map((part) => withBlobs(part, texts));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withBlobs(part, texts)]));
}

function isBlobReference(value: object): value is BlobReference {
  return '$blob' in value && /^[0-9a-f]{64}$/.test(String(value.$blob)) && Object.keys(value).length === 1;
}
