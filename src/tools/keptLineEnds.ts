/** Gives a text that replaces a whole file the line ends of that file, and tells of line ends that change; pure. */

export interface WithLineEnds {
  readonly text: string;
  readonly notes: readonly string[];
}

/** LF alone becomes CRLF where every line of the file ends with CRLF. A text that names carriage returns is taken as it is. */
export function keptLineEnds(before: string | undefined, text: string): WithLineEnds {
  const [had, has] = [lineEndsOf(before ?? ''), lineEndsOf(text)];
  if (had === undefined || has === undefined || had === has) return { text, notes: [] };
  if (had === 'CRLF' && has === 'LF') {
    const note = '[the CRLF line ends of the file were kept; a command in the terminal can change them]';
    return { text: text.replaceAll('\n', '\r\n'), notes: [note] };
  }
  return { text, notes: [`[the line ends of the file changed: ${had} before, ${has} now]`] };
}

type LineEnds = 'LF' | 'CRLF' | 'CR' | 'mixed';

function lineEndsOf(text: string): LineEnds | undefined {
  const kinds = new Set(text.match(/\r\n|\n|\r/g));
  if (kinds.size > 1) return 'mixed';
  if (kinds.has('\r\n')) return 'CRLF';
  if (kinds.has('\n')) return 'LF';
  return kinds.has('\r') ? 'CR' : undefined;
}
