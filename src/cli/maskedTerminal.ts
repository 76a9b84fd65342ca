/** A terminal that never shows the API key, wherever the pieces of a text are cut. */
import { keyForms, KeyMask } from '../core/keyMask.ts';
import type { ProcessTerminal } from './terminal.ts';

/** What may be the beginning of the key is shown with the next text, or once `flushed` is called. */
export function maskedTerminal(terminal: ProcessTerminal, key: string | undefined): ProcessTerminal {
  const forms = keyForms(key);
  if (forms.length === 0) return terminal;
  const [out, err] = [new KeyMask(forms), new KeyMask(forms)];
  return {
    isWatched: terminal.isWatched,
    out: (text) => terminal.out(out.push(text)),
    err: (text) => terminal.err(err.push(text)),
    flushed() {
      terminal.out(out.end());
      terminal.err(err.end());
      return terminal.flushed();
    },
    lost: () => terminal.lost(),
  };
}
