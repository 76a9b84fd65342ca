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
  /** Why `out` lost something, beside that its reader went away; undefined where it lost nothing. */
  lost(): string | undefined;
}

/**
 * Writes to the process's streams. When `out` can't be written any more (`| head`, a full disk), `onClosed` is called once
 * with the reason, and the rest is dropped.
 */
export function processTerminal(
  out: Stream,
  err: Stream,
  onClosed: (reason: string) => void,
): ProcessTerminal {
  let lost: string | undefined;
  const toOut = writer(out, ({ code, message }) => {
    const reason = code === 'EPIPE' ? 'its reader has gone away' : message;
    if (code !== 'EPIPE') lost = reason;
    onClosed(reason);
  });
  const toErr = writer(err, () => undefined);
  return {
    isWatched: out.isTTY === true,
    out: (text) => void toOut(text),
    err: (text) => void toErr(text),
    flushed: async () => {
      await toOut('');
      await toErr('');
    },
    lost: () => lost,
  };
}

function writer(
  stream: Stream,
  onClosed: (error: NodeJS.ErrnoException) => void,
): (text: string) => Promise<void> {
  let isClosed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!isClosed) onClosed(error);
    isClosed = true;
  });
  return (text) =>
    isClosed ? Promise.resolve() : new Promise((resolve) => void stream.write(text, () => resolve()));
}
