/** Opens a window of a VS Code server with the packed extension in it, as a fresh user. */
import path from 'node:path';
import { startBrowser } from './browser.ts';
import { installExtension } from './installExtension.ts';
import { installServer } from './installServer.ts';
import { openLogFile } from './logFile.ts';
import { createProfile } from './profile.ts';
import type { ProfileOptions } from './profile.ts';
import { startServer } from './runningServer.ts';
import type { ServerVersion } from './serverVersions.ts';
import { createWorkbench } from './workbench.ts';
import type { Workbench } from './workbench.ts';

export interface OpenOptions extends ProfileOptions {
  readonly version: ServerVersion;
  /** The packed extension. */
  readonly vsix: string;
  /** The folder to open; an empty window where absent. */
  readonly folder?: string;
  /** Puts into the profile what its user is to find; the folder is the one that the extension keeps its sessions in. */
  readonly prepare?: (stateDir: string) => Promise<void>;
}

export interface OpenWorkbench extends Workbench {
  /** Where all that VS Code printed is. */
  readonly log: string;
  /** Ends the browser and the server, and removes the profile; the exit of this process does otherwise. */
  close(): Promise<void>;
}

/** Settles when the workbench is drawn and the extension has started; the caller closes. */
export async function openWorkbench(options: OpenOptions): Promise<OpenWorkbench> {
  const server = await installServer(options.version);
  const profile = createProfile(options);
  await options.prepare?.(path.join(profile.env['XDG_DATA_HOME'] ?? '', 'allsettled'));
  const log = openLogFile('workbench');
  await installExtension(server, profile, options.vsix);
  const running = await startServer({ server, profile, onLine: (line) => log.write(line) });
  const browser = await startBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('console', (message) => log.write(message.text()));
  await page.goto(running.address(options.folder === undefined ? {} : { folder: options.folder }));
  const workbench = createWorkbench(page);
  await workbench.isReady();
  const close = async () => {
    await browser.close();
    await running.close();
    profile.dispose();
  };
  return { ...workbench, log: log.file, close };
}
