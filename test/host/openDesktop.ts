/** Opens the desktop VS Code of this machine. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.ts';
import { hasScreen } from './desktop.ts';
import { demoFolder, projectFolder } from './paths.ts';
import { runProgram } from './runProgram.ts';

/** The command that opens a desktop window; undefined where there is none, or only one that talks to a remote window. */
export function findDesktopCode(): string | undefined {
  // In a remote terminal `code` would open the folder on the other machine's VS Code, without this extension.
  const isRemote = process.env['VSCODE_IPC_HOOK_CLI'] !== undefined;
  // VS Code refuses to run as root without further options.
  if (isRemote || !hasScreen() || process.getuid?.() === 0) return undefined;
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file) && !realpathSync(file).includes('remote-cli'));
}

/** Settles when the window is asked for; it stays when this process ends. */
export async function openDesktop(code: string): Promise<number> {
  await build();
  console.log(`Opening ${code} ... Run "AllSettled: Run Demo" from its palette (F1).`);
  const args = ['--new-window', `--extensionDevelopmentPath=${projectFolder}`, demoFolder];
  const { exitCode, output } = await runProgram(code, args);
  if (exitCode !== 0) throw new Error(`${code} did not open:\n${output}`);
  return 0;
}
