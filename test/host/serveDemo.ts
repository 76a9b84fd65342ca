/** Serves VS Code, with the extension on the demo workspace, to the person's own browser. */
import { installServer } from './installServer.ts';
import { openLogFile } from './logFile.ts';
import { demoFolder, projectFolder } from './paths.ts';
import { createProfile } from './profile.ts';
import { startServer } from './runningServer.ts';
import { newestVersion } from './serverVersions.ts';

/** Rejects when the server has ended; Ctrl-C ends this process, and the server with it. */
export async function serveDemo(): Promise<number> {
  console.log('There is no desktop VS Code on PATH, so VS Code opens in a browser.');
  const log = openLogFile('start');
  const profile = createProfile({});
  const server = await startServer(await installServer(newestVersion), profile, (line) => log.write(line));
  const address = server.address({ folder: demoFolder, extensionDevelopmentPath: projectFolder });
  console.log(`\nOpen this address in a browser:\n\n  ${address}\n`);
  console.log('Then run "AllSettled: Run Demo" from the palette (F1). Ctrl-C ends VS Code.');
  await server.ended;
  throw new Error(`The VS Code server ended. What it printed: ${log.file}`);
}
