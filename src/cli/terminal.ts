/** The two streams that a command writes to. */

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** A stream of the process, as far as it is used here. */
type Stream = Pick<NodeJS.WriteStream, 'write' | 'on'> & { readonly isTTY?: boolean };

export interface ProcessTerminal extends Terminal {
  /** Whether a person looks at `out`. */
  readonly isWatched: boolean;
  /** Settles when everything written so far has left the process. Never rejects. */
  flushed(): Promise<void>;
}

/**
 * Writes to the process's streams. When the reader of `out` has gone away (`| head`), `onClosed` is called once and
 * the rest is dropped without a word.
 */
export function processTerminal(out: Stream, err: Stream, onClosed: () => void): ProcessTerminal {
  const toOut = writer(out, onClosed);
  const toErr = writer(err, () => undefined);
  return {
    isWatched: out.isTTY === true,
    out: (text) => void toOut(text),
    err: (text) => void toErr(text),
    flushed: async () => {
      await toOut('');
      await toErr('');
    },
  };
}

function writer(stream: Stream, onClosed: () => void): (text: string) => Promise<void> {
  let isClosed = false;
  stream.on('error', () => {
    if (!isClosed) onClosed();
    isClosed = true;
  });
  return (text) =>
    isClosed ? Promise.resolve() : new Promise((resolve) => void stream.write(text, () => resolve()));
}
