/**
 * Packs the extension, installs it into a fresh VS Code, and uses it as a person does: the palette, the tree, a
 * result. Screenshots stay in .cache/screenshots for somebody to look at.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { countsText } from './counts.ts';
import type { Counts } from './counts.ts';
import { startCrashModel, writeCrashFiles } from './crashedHost.ts';
import { crashSteps } from './crashSteps.ts';
import { leaveSession } from './leftSession.ts';
import { openWorkbench } from './openWorkbench.ts';
import { packageVsix } from './packageVsix.ts';
import { screenshotsFolder } from './paths.ts';
import { recoverySteps } from './recoverySteps.ts';
import { runScript } from './runScript.ts';
import { newestVersion } from './serverVersions.ts';
import type { Workbench } from './workbench.ts';
import { workbenchSteps } from './workbenchSteps.ts';

const largestVsixBytes = 2 * 1024 * 1024;

await runScript(async () => {
  mkdirSync(screenshotsFolder, { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'allsettled-workbench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  console.log('Packing the extension ...');
  const vsix = await packageVsix();
  assert.ok(statSync(vsix).size < largestVsixBytes, `${vsix} is larger than ${largestVsixBytes} bytes`);
  const server = await startCrashModel();
  await writeCrashFiles(folder);
  const settings = { 'allsettled.baseUrl': server.url, 'allsettled.permission': 'unlimited' };
  let steps = { ...recoverySteps, ...workbenchSteps };
  const prepare = async (stateDir: string): Promise<void> => {
    steps = { ...steps, ...crashSteps({ stateDir, folder, server }) };
    await leaveSession(stateDir, folder);
  };
  const workbench = await openWorkbench({ version: newestVersion, folder, vsix, settings, prepare });
  const counts = await runSteps(workbench, steps);
  await workbench.close();
  await server.close();
  console.log(`Screenshots: ${screenshotsFolder}; what VS Code printed: ${workbench.log}`);
  console.log(countsText(counts));
  return counts.failed === 0 ? 0 : 1;
});

/** Stops at the first failure, because each step builds on those before it. */
async function runSteps(
  workbench: Workbench,
  steps: Readonly<Record<string, (workbench: Workbench) => Promise<void>>>,
): Promise<Counts> {
  let passed = 0;
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step(workbench);
      passed += 1;
      console.log(`  ✔ ${name}`);
    } catch (error) {
      console.log(`  ✖ ${name}\n`, error);
      await workbench.screenshot(path.join(screenshotsFolder, 'failed.png'));
      return { passed, failed: 1 };
    }
  }
  return { passed, failed: 0 };
}
