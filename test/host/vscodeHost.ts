#!/usr/bin/env node
/**
 * An executable that `runTests` of @vscode/test-electron takes for a VS Code: it runs the tests in the VS Code server
 * of npm with Chromium as its window, and exits with their code. HostOptions says what it reads from the environment.
 */
import { startBrowser } from './browser.ts';
import { readHostOptions } from './hostOptions.ts';
import { installServer } from './installServer.ts';
import { openLogFile } from './logFile.ts';
import { createProfile } from './profile.ts';
import { runScript } from './runScript.ts';
import { startServer } from './runningServer.ts';
import type { Window } from './runningServer.ts';
import { isReportLine } from './suite/report.ts';

const longestRunMs = 5 * 60_000;

const options = readHostOptions(process.env);
const log = openLogFile(`host-${options.version.vscode}-${options.isTrusted ? 'trusted' : 'restricted'}`);
setTimeout(() => {
  console.error(`The tests did not end within ${longestRunMs / 1000} s. What VS Code printed: ${log.file}`);
  process.exit(1);
}, longestRunMs);
await runScript(() => runTests(requestedWindow(process.argv.slice(2))));

/** Settles with the tests' exit code. */
async function runTests(window: Window): Promise<number> {
  const server = await startServer({
    server: await installServer(options.version),
    profile: createProfile(options),
    onLine: (line) => log.write(line),
    isDriven: true,
  });
  const browser = await startBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.exposeFunction('codeAutomationLog', (_level: string, parts: unknown[]) => {
    const text = parts.join(' ');
    log.write(text);
    if (isReportLine(text)) console.log(text);
  });
  const testsEnded = new Promise<number>((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
  });
  await page.goto(server.address(window));
  const serverDied = server.ended.then(() => {
    throw new Error(`The VS Code server ended before the tests did. What it printed: ${log.file}`);
  });
  const exitCode = await Promise.race([testsEnded, serverDied]);
  if (options.screenshot !== undefined) await page.screenshot({ path: options.screenshot });
  await browser.close();
  serverDied.catch(() => undefined);
  await server.close();
  if (exitCode !== 0) console.log(`What VS Code printed: ${log.file}`);
  return exitCode;
}

function requestedWindow(args: readonly string[]): Window {
  const named = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const folder = args.find((arg) => !arg.startsWith('-'));
  const extensionDevelopmentPath = named('extensionDevelopmentPath');
  const extensionTestsPath = named('extensionTestsPath');
  if (folder === undefined || extensionDevelopmentPath === undefined || extensionTestsPath === undefined) {
    throw new Error(
      'Usage: vscodeHost.ts FOLDER --extensionDevelopmentPath=FOLDER --extensionTestsPath=FILE',
    );
  }
  return { folder, extensionDevelopmentPath, extensionTestsPath };
}
