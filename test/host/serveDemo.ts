/** Serves VS Code, with the extension on the demo workspace, to the person's own browser. */
import { installExtension } from './installExtension.ts';
import { installServer } from './installServer.ts';
import { openLogFile } from './logFile.ts';
import { packageVsix } from './packageVsix.ts';
import { demoFolder } from './paths.ts';
import { createProfile } from './profile.ts';
import { startServer } from './runningServer.ts';
import { newestVersion } from './serverVersions.ts';

/** Rejects when the server has ended; Ctrl-C ends this process, and the server with it. */
export async function serveDemo(): Promise<number> {
  console.log('There is no desktop VS Code to open, so VS Code opens in a browser.');
  const log = openLogFile('start');
  const server = await installServer(newestVersion);
  const profile = createProfile({});
  await installExtension(server, profile, await packageVsix());
  const running = await startServer({ server, profile, onLine: (line) => log.write(line) });
  console.log(`\nOpen this address in a browser:\n\n  ${running.address({ folder: demoFolder })}\n`);
  console.log('Then run "AllSettled: Run Demo" from the palette (F1). Ctrl-C ends VS Code.');
  await running.ended;
  throw new Error(`The VS Code server ended. What it printed: ${log.file}`);
}
