/** Finds a desktop VS Code to run tests in: one that is named, or one that can be downloaded and has a screen. */
import path from 'node:path';
import { SilentReporter, downloadAndUnzipVSCode } from '@vscode/test-electron';
import { cacheFolder } from './paths.ts';

const probeTimeoutMs = 10_000;

/** The desktop that VSCODE_EXECUTABLE names. */
export function namedDesktop(): string | undefined {
  return process.env['VSCODE_EXECUTABLE'] || undefined;
}

/** The executable of that version, downloaded at need; undefined where it can't be had or could not open a window. */
export async function downloadedDesktop(version: string): Promise<string | undefined> {
  if (!hasScreen()) return undefined;
  try {
    return await downloadAndUnzipVSCode({
      version,
      cachePath: path.join(cacheFolder, 'desktop'),
      timeout: probeTimeoutMs,
      reporter: new SilentReporter(),
    });
  } catch {
    return undefined;
  }
}

/** Whether a window can be opened at all. */
export function hasScreen(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}
