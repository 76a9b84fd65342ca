/** Opens a window of a VS Code server with the extension in it, as a fresh user. */
import path from 'node:path';
import { startBrowser } from './browser.ts';
import { installServer } from './installServer.ts';
import type { InstalledServer } from './installServer.ts';
import { openLogFile } from './logFile.ts';
import { projectFolder } from './paths.ts';
import { createProfile } from './profile.ts';
import type { Profile, ProfileOptions } from './profile.ts';
import { runProgram } from './runProgram.ts';
import { startServer } from './runningServer.ts';
import type { ServerVersion } from './serverVersions.ts';
import { createWorkbench } from './workbench.ts';
import type { Workbench } from './workbench.ts';

export interface OpenOptions extends ProfileOptions {
  readonly version: ServerVersion;
  /** The folder to open; an empty window where absent. */
  readonly folder?: string;
  /** A packed extension to install; the checkout itself is used where absent. */
  readonly vsix?: string;
}

export interface OpenWorkbench extends Workbench {
  /** Where all that VS Code printed is. */
  readonly log: string;
  /** Ends the browser and the server, and removes the profile. */
  close(): Promise<void>;
}

/** Settles when the workbench is drawn; the caller closes. */
export async function openWorkbench(options: OpenOptions): Promise<OpenWorkbench> {
  const server = await installServer(options.version);
  const profile = createProfile(options);
  const log = openLogFile('workbench');
  if (options.vsix !== undefined) await installExtension(server, profile, options.vsix);
  const running = await startServer(server, profile, (line) => log.write(line));
  const browser = await startBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('console', (message) => log.write(message.text()));
  await page.goto(
    running.address({
      ...(options.folder !== undefined && { folder: options.folder }),
      ...(options.vsix === undefined && { extensionDevelopmentPath: projectFolder }),
    }),
  );
  const workbench = createWorkbench(page);
  await workbench.isReady();
  const close = async () => {
    await browser.close();
    await running.close();
    profile.dispose();
  };
  return { ...workbench, log: log.file, close };
}

/** Installs as a user does on a command line. */
async function installExtension(server: InstalledServer, profile: Profile, vsix: string): Promise<void> {
  const { exitCode, output } = await runProgram(
    server.node,
    [
      server.main,
      ...['--install-extension', path.resolve(vsix)],
      ...['--user-data-dir', profile.dataFolder, '--extensions-dir', profile.extensionsFolder],
      '--accept-server-license-terms',
    ],
    { env: profile.env },
  );
  if (exitCode !== 0 || !output.includes('was successfully installed')) {
    throw new Error(`VS Code did not install ${vsix}:\n${output}`);
  }
}
