/** Installs a packed extension as a user does on a command line. */
import path from 'node:path';
import type { InstalledServer } from './installServer.ts';
import type { Profile } from './profile.ts';
import { runProgram } from './runProgram.ts';

/** Rejects with what VS Code said when it did not install the extension. */
export async function installExtension(
  server: InstalledServer,
  profile: Profile,
  vsix: string,
): Promise<void> {
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
