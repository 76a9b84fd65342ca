/** Reads names of files as git lists them. */

/** The names in a listing of git, one a line; it quotes those that hold control characters. */
export function readNames(listing: string): readonly string[] {
  const names = listing.split('\n').filter((line) => line !== '');
  return names.map((name) => (name.startsWith('"') ? unquote(name.slice(1, -1)) : name));
}

const escapes: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', t: '\t', n: '\n' },
  ...{ v: '\v', f: '\f', r: '\r' },
};

function unquote(name: string): string {
  return name.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (escapes[code] ?? code),
  );
}
