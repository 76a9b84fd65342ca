/** A VS Code server that listens on loopback alone. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { InstalledServer } from './installServer.ts';
import type { Profile } from './profile.ts';

export interface Window {
  /** Absent: an empty window. */
  readonly folder?: string;
  readonly extensionDevelopmentPath?: string;
  readonly extensionTestsPath?: string;
}

export interface ServerOptions {
  readonly server: InstalledServer;
  readonly profile: Profile;
  /** Gets what the server prints. */
  readonly onLine: (line: string) => void;
  /**
   * Whether an address may name an extension and tests; VS Code then refuses modal dialogs, which only a person
   * can answer.
   */
  readonly isDriven?: boolean;
}

export interface RunningServer {
  /** The address that opens a window; it holds the secret without which the server answers nobody. */
  address(window: Window): string;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Ends it with all that it started; the exit of this process does otherwise. */
  close(): Promise<void>;
}

/** Settles when the server listens; rejects when it ends before that. */
export async function startServer({
  server,
  profile,
  onLine,
  isDriven = false,
}: ServerOptions): Promise<RunningServer> {
  const token = randomBytes(16).toString('hex');
  const driver = isDriven ? ['--enable-smoke-test-driver'] : [];
  const child = spawn(server.node, [server.main, ...serverArguments(profile, token), ...driver], {
    env: profile.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own can be ended as a whole.
    detached: true,
  });
  const killAll = () => killGroup(child);
  process.on('exit', killAll);
  const ended = once(child, 'exit').finally(() => {
    killAll();
    process.off('exit', killAll);
  });
  const port = await listeningPort(child, onLine);
  return {
    address: (window) => windowAddress(port, token, window),
    ended,
    close: async () => {
      killAll();
      await ended;
    },
  };
}

function serverArguments(profile: Profile, token: string): string[] {
  return [
    '--accept-server-license-terms',
    ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token],
    ...['--user-data-dir', profile.dataFolder, '--extensions-dir', profile.extensionsFolder],
    ...['--telemetry-level', 'off'],
  ];
}

function listeningPort(child: ChildProcess, onLine: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const take = (line: string) => {
      const match = /Extension host agent listening on (\d+)/.exec(line);
      if (match) resolve(Number(match[1]));
      onLine(line);
    };
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', take);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`The VS Code server ended at once, with code ${code}.`)));
  });
}

function windowAddress(port: number, token: string, window: Window): string {
  const authority = `127.0.0.1:${port}`;
  const payload = Object.entries(window)
    .filter(([name]) => name !== 'folder')
    .map(([name, value]) => [name, `vscode-remote://${authority}${value}`]);
  const query = new URLSearchParams({ tkn: token });
  query.set(window.folder === undefined ? 'ew' : 'folder', window.folder ?? 'true');
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://${authority}/?${query.toString()}`;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is empty already.
  }
}
