/** The browser that is the window of a VS Code server. */
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { runProgram } from './runProgram.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Starts a Chromium without a window, installed first where there is none and that can be done; the caller closes it. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser() ?? (await installBrowser()),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  });
}

/** The path of a Chromium on this machine: named by CHROMIUM, on PATH, or one that Playwright installed. */
export function findBrowser(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...onPath, ...macApplications, chromium.executablePath()].find(isExecutable);
}

async function installBrowser(): Promise<string> {
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('Installing Chromium (apt-get install chromium) ...');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runProgram('apt-get', ['update', '-q'], { env });
    await runProgram('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env });
  }
  const found = findBrowser();
  if (found !== undefined) return found;
  throw new Error(
    'No Chromium was found, and none could be installed. Install one, for instance with\n' +
      '  sudo apt-get install chromium\n' +
      '  npx playwright-core install --with-deps chromium\n' +
      'or name one: CHROMIUM=/path/to/chromium',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
