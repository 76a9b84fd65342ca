/** Says why something can't be saved, in a sentence for a person that ends with what they can do. */

/** `error` is what a file operation rejected with. */
export function saveProblem(error: unknown): string {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk that sessions are kept on is full. Free some space on it.';
    case 'EIO':
      return 'The disk that sessions are kept on reports an error (EIO). Check the disk.';
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return `The folder that sessions are kept in can't be written (${code}). Make it writable.`;
    case 'ENOENT':
      return 'The folder of the session was deleted while it was at work. Look at what it did first.';
    default:
      return `The session's journal can't be written: ${message ?? String(error)}.`;
  }
}
