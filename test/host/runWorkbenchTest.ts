/**
 * Packs the extension, installs it into a fresh VS Code, and uses it as a person does: the palette, the tree, a
 * result, and, in a window of either theme, calls that wait for the person and a folder that nobody has trusted. Screenshots
 * stay in .cache/screenshots for somebody to look at. The arguments `start`, `tree`, `approvals`, `reverts` and `trust` leave out
 * all but that.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { approvalSteps, writeApprovalFiles } from './approvalSteps.ts';
import type { ApprovalPlace } from './approvalSteps.ts';
import { addCounts, countsText, noCounts } from './counts.ts';
import type { Counts } from './counts.ts';
import { startCrashModel, writeCrashFiles } from './crashedHost.ts';
import { crashSteps } from './crashSteps.ts';
import { leaveSession, leaveUnreadableSession } from './leftSession.ts';
import { openWorkbench } from './openWorkbench.ts';
import { packageVsix } from './packageVsix.ts';
import { screenshotsFolder } from './paths.ts';
import { recoverySteps } from './recoverySteps.ts';
import { revertSteps, startRevertModel, writeRevertFiles } from './revertSteps.ts';
import { runScript } from './runScript.ts';
import { newestVersion } from './serverVersions.ts';
import { treeSteps, writeTreeFiles } from './treeSteps.ts';
import { trustSteps, writeTrustFiles } from './trustSteps.ts';
import type { Workbench } from './workbench.ts';
import { workbenchSteps } from './workbenchSteps.ts';

const largestVsixBytes = 2 * 1024 * 1024;
const themes = ['dark', 'light'] as const;

await runScript(async () => {
  mkdirSync(screenshotsFolder, { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'allsettled-workbench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  console.log('Packing the extension ...');
  const vsix = await packageVsix();
  assert.ok(statSync(vsix).size < largestVsixBytes, `${vsix} is larger than ${largestVsixBytes} bytes`);
  const wanted = process.argv.slice(2);
  const parts = [
    { name: 'start', run: () => useFromStart(vsix, folder) },
    { name: 'tree', run: () => useTree(vsix, path.join(folder, 'tree')) },
    ...themes.flatMap((theme) => [
      { name: 'approvals', run: () => answerCalls(vsix, path.join(folder, theme), theme) },
      { name: 'trust', run: () => grantTrust(vsix, path.join(folder, `untrusted-${theme}`), theme) },
    ]),
    { name: 'reverts', run: () => revertEdits(vsix, path.join(folder, 'reverted')) },
  ].filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  let sum = noCounts;
  for (const part of parts) {
    sum = addCounts(sum, await part.run());
    if (sum.failed > 0) break;
  }
  console.log(`Screenshots: ${screenshotsFolder}`);
  console.log(countsText(sum));
  return sum.failed === 0 ? 0 : 1;
});

async function useFromStart(vsix: string, folder: string): Promise<Counts> {
  const server = await startCrashModel();
  await writeCrashFiles(folder);
  const settings = { 'allsettled.baseUrl': server.url, 'allsettled.permission': 'unlimited' };
  let steps = { ...recoverySteps, ...workbenchSteps };
  const prepare = async (stateDir: string): Promise<void> => {
    steps = { ...steps, ...crashSteps({ stateDir, folder, server }) };
    await leaveSession(stateDir, folder);
    await leaveUnreadableSession(stateDir);
  };
  const workbench = await openWorkbench({ version: newestVersion, folder, vsix, settings, prepare });
  const counts = await runSteps(workbench, steps);
  await workbench.close();
  await server.close();
  console.log(`What VS Code printed: ${workbench.log}`);
  return counts;
}

async function answerCalls(vsix: string, folder: string, theme: ApprovalPlace['theme']): Promise<Counts> {
  mkdirSync(folder);
  await writeApprovalFiles(folder);
  const settings = { 'allsettled.edits.review': 'ask' };
  const workbench = await openWorkbench({ version: newestVersion, folder, vsix, settings, theme });
  const counts = await runSteps(workbench, approvalSteps({ folder, theme }));
  await workbench.close();
  console.log(`What VS Code printed: ${workbench.log}`);
  return counts;
}

async function useTree(vsix: string, folder: string): Promise<Counts> {
  mkdirSync(folder);
  await writeTreeFiles(folder);
  const workbench = await openWorkbench({ version: newestVersion, folder, vsix });
  const counts = await runSteps(workbench, treeSteps);
  await workbench.close();
  console.log(`What VS Code printed: ${workbench.log}`);
  return counts;
}

async function revertEdits(vsix: string, folder: string): Promise<Counts> {
  mkdirSync(folder);
  await writeRevertFiles(folder);
  const server = await startRevertModel();
  const settings = { 'allsettled.baseUrl': server.url };
  const workbench = await openWorkbench({ version: newestVersion, folder, vsix, settings });
  const counts = await runSteps(workbench, revertSteps(folder));
  await workbench.close();
  await server.close();
  console.log(`What VS Code printed: ${workbench.log}`);
  return counts;
}

async function grantTrust(vsix: string, folder: string, theme: ApprovalPlace['theme']): Promise<Counts> {
  mkdirSync(folder);
  await writeTrustFiles(folder);
  const prepare = async (stateDir: string): Promise<void> => void (await leaveSession(stateDir, folder));
  const options = { version: newestVersion, folder, vsix, theme, isTrusted: false, prepare };
  const workbench = await openWorkbench(options);
  const counts = await runSteps(workbench, trustSteps(theme));
  await workbench.close();
  console.log(`What VS Code printed: ${workbench.log}`);
  return counts;
}

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
