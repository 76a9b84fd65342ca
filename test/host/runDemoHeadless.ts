/** Runs the demo in a VS Code without a window. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { endOfAgent } from './endOfAgent.ts';
import { openWorkbench } from './openWorkbench.ts';
import { packageVsix } from './packageVsix.ts';
import { demoFolder, screenshotsFolder } from './paths.ts';
import { newestVersion } from './serverVersions.ts';

/** Prints the tree and the path of a screenshot when the demo's agent has completed; rejects when it did not. */
export async function runDemoHeadless(): Promise<number> {
  const vsix = await packageVsix();
  const workbench = await openWorkbench({ version: newestVersion, folder: demoFolder, vsix });
  mkdirSync(screenshotsFolder, { recursive: true });
  const screenshot = path.join(screenshotsFolder, 'headless-demo.png');
  try {
    console.log('Running the demo ...');
    await workbench.runCommand('AllSettled: Run Demo');
    const ending = await endOfAgent(workbench);
    console.log(`\n${await workbench.treeText()}\n`);
    console.log(`Status bar: ${await workbench.statusBarText()}`);
    if (!ending.endsWith('completed')) throw new Error(`The demo's agent did not complete: ${ending}`);
    return 0;
  } finally {
    await workbench.screenshot(screenshot);
    console.log(`Screenshot: ${screenshot}`);
    await workbench.close();
  }
}
