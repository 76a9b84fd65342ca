/** Says a text by the parts that it has in common with another one, and by what is new in it; pure. */

/** Bytes of the other text from a place on, or new ones in base64. */
export type DeltaPart = readonly [start: number, length: number] | string;

/** The parts of `target`, in order; undefined where they would hold more new bytes than `mostNew`. Both are UTF-8. */
export function deltaOf(base: Buffer, target: Buffer, mostNew: number): readonly DeltaPart[] | undefined {
  const prefix = commonStart(base, 0, target, 0);
  const room = Math.min(base.length, target.length) - prefix;
  const suffix = commonEnd(base, target, room);
  const middle = target.subarray(prefix, target.length - suffix);
  const changed = base.subarray(prefix, base.length - suffix);
  const parts: DeltaPart[] = [[0, prefix]];
  const between = middleParts(changed, middle, prefix, mostNew);
  if (between === undefined) return undefined;
  parts.push(...between, [base.length - suffix, suffix]);
  return parts.filter((part) => typeof part === 'string' || part[1] > 0);
}

/** The text that the parts say; undefined where they do not fit the other text. */
export function applyDelta(base: Buffer, parts: readonly DeltaPart[]): Buffer | undefined {
  const pieces: Buffer[] = [];
  for (const part of parts) {
    if (typeof part === 'string') pieces.push(Buffer.from(part, 'base64'));
    else if (part[0] + part[1] <= base.length) pieces.push(base.subarray(part[0], part[0] + part[1]));
    else return undefined;
  }
  return Buffer.concat(pieces);
}

const blockBytes = 256;
const factor = 0x01000193;

/** Blocks of the base are looked for at every place of the target, by a hash that rolls over it. */
function middleParts(
  base: Buffer,
  target: Buffer,
  offset: number,
  mostNew: number,
): readonly DeltaPart[] | undefined {
  const blocks = target.length < 2 * blockBytes ? new Map<number, number>() : blocksOf(base);
  const parts: DeltaPart[] = [];
  let newFrom = 0;
  let newBytes = 0;
  const putNew = (to: number): boolean => {
    if (to > newFrom) parts.push(target.toString('base64', newFrom, to));
    newBytes += to - newFrom;
    return newBytes <= mostNew;
  };
  let at = 0;
  let hash = hashOf(target, 0);
  while (blocks.size > 0 && at + blockBytes <= target.length) {
    const start = blocks.get(hash);
    const length = start === undefined ? 0 : commonStart(base, start, target, at);
    if (start !== undefined && length >= blockBytes) {
      if (!putNew(at)) return undefined;
      parts.push([offset + start, length]);
      at += length;
      newFrom = at;
      hash = hashOf(target, at);
    } else {
      hash = rolled(hash, target[at] ?? 0, target[at + blockBytes] ?? 0);
      at += 1;
      if (newBytes + at - newFrom > mostNew) return undefined;
    }
  }
  return putNew(target.length) ? parts : undefined;
}

function blocksOf(bytes: Buffer): Map<number, number> {
  const blocks = new Map<number, number>();
  for (let at = 0; at + blockBytes <= bytes.length; at += blockBytes) {
    const hash = hashOf(bytes, at);
    if (!blocks.has(hash)) blocks.set(hash, at);
  }
  return blocks;
}

function hashOf(bytes: Buffer, from: number): number {
  let hash = 0;
  const end = Math.min(from + blockBytes, bytes.length);
  for (let at = from; at < end; at += 1) hash = (Math.imul(hash, factor) + (bytes[at] ?? 0)) | 0;
  return hash;
}

const leaving = powerOf(blockBytes - 1);

function rolled(hash: number, first: number, next: number): number {
  return (Math.imul((hash - Math.imul(first, leaving)) | 0, factor) + next) | 0;
}

function powerOf(times: number): number {
  let power = 1;
  for (let time = 0; time < times; time += 1) power = Math.imul(power, factor);
  return power;
}

/** How many bytes are the same from the two places on; compared in growing strides, which the system does fast. */
function commonStart(one: Buffer, oneFrom: number, other: Buffer, otherFrom: number): number {
  const most = Math.min(one.length - oneFrom, other.length - otherFrom);
  let same = 0;
  for (let stride = 4096; same < most && stride > 0;) {
    const length = Math.min(stride, most - same);
    const isEqual =
      one.compare(
        other,
        otherFrom + same,
        otherFrom + same + length,
        oneFrom + same,
        oneFrom + same + length,
      ) === 0;
    if (isEqual) same += length;
    stride = isEqual ? Math.min(2 * stride, 1 << 20) : Math.floor(length / 2);
  }
  return same;
}

function commonEnd(one: Buffer, other: Buffer, most: number): number {
  let same = 0;
  for (let stride = 4096; same < most && stride > 0;) {
    const length = Math.min(stride, most - same);
    const [oneTo, otherTo] = [one.length - same, other.length - same];
    const isEqual = one.compare(other, otherTo - length, otherTo, oneTo - length, oneTo) === 0;
    if (isEqual) same += length;
    stride = isEqual ? Math.min(2 * stride, 1 << 20) : Math.floor(length / 2);
  }
  return same;
}
