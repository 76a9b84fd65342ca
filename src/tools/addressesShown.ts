/** Takes passwords and tokens out of an output in which addresses are. */
import type { CapturedStream, ProcessEnd } from '../core/processPorts.ts';
import type { Shortened } from '../core/shorten.ts';
import { withoutAddressSecrets } from '../safety/addressSecrets.ts';

/** The end of a process whose output was neither kept in a file nor shown while it grew. */
export function withoutSecrets(end: ProcessEnd): ProcessEnd {
  if (end.kind === 'cannotStart') return end;
  const { stdout, stderr } = end.output;
  return { ...end, output: { ...end.output, stdout: masked(stdout), stderr: masked(stderr) } };
}

function masked(stream: CapturedStream): CapturedStream {
  return { ...stream, kept: maskedText(stream.kept), shown: maskedText(stream.shown) };
}

function maskedText(kept: Shortened): Shortened {
  if (kept.isWhole) return { ...kept, text: withoutAddressSecrets(kept.text) };
  // An address that is cut could not be told for one.
  const head = kept.head.replace(/[^\n]*$/, '');
  const tail = kept.tail.replace(/^[^\n]*/, '');
  return { ...kept, head: withoutAddressSecrets(head), tail: withoutAddressSecrets(tail) };
}
