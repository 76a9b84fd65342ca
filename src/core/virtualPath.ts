/** Paths of files in workspaces that are not on a disk: made of their addresses, and told from all paths of a disk. */

/** A file's address, as VS Code splits it. */
export interface VirtualAddress {
  readonly scheme: string;
  readonly authority: string;
  /** Begins with a slash. */
  readonly path: string;
}

const first = '.allsettled-virtual';
const noAuthority = '-';
// Windows puts a drive before it and turns its slashes.
const form = new RegExp(
  `^(?:[a-z]:)?[\\\\/]${first.replace('.', '\\.')}[\\\\/]([^\\\\/]+)[\\\\/]([^\\\\/]+)(.*)$`,
  'is',
);

/** The path under which tools know the file; `virtualAddress` gives its address back. */
export function virtualPath({ scheme, authority, path }: VirtualAddress): string {
  const host = authority === '' ? noAuthority : `=${encodeURIComponent(authority)}`;
  return `/${first}/${scheme}/${host}${path === '/' ? '' : path}`;
}

/** Undefined for a path of a disk. */
export function virtualAddress(path: string): VirtualAddress | undefined {
  const [, scheme, host, rest = ''] = form.exec(path) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const authority = host === noAuthority ? '' : decodeURIComponent(host.slice(1));
  return { scheme, authority, path: rest.replaceAll('\\', '/') || '/' };
}
