/** The VS Code servers that the npm package code-server ships, which stand in for a desktop that can't be downloaded. */

export interface ServerVersion {
  /** Of VS Code. */
  readonly vscode: string;
  /** Of the npm package. */
  readonly codeServer: string;
  /** The Node that it needs from npm, where the project's own is too new for it. */
  readonly node?: string;
  /** Versions of its dependencies that its own list names by an address npm can't reach everywhere. */
  readonly pinned?: Readonly<Record<string, string>>;
}

/** The oldest version that package.json's `engines.vscode` admits. */
export const oldestVersion: ServerVersion = {
  vscode: '1.106.3',
  codeServer: '4.106.3',
  node: '22',
  pinned: { '@parcel/watcher': '2.5.1' },
};

export const newestVersion: ServerVersion = { vscode: '1.139.1', codeServer: '4.139.1' };

export const serverVersions: readonly ServerVersion[] = [oldestVersion, newestVersion];

/** The version of that number; throws where there is none. */
export function serverVersion(vscode: string): ServerVersion {
  const found = serverVersions.find((version) => version.vscode === vscode);
  if (found) return found;
  const known = serverVersions.map((version) => version.vscode).join(', ');
  throw new Error(`No VS Code server ${vscode} is known; known are ${known}.`);
}
