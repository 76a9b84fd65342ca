/**
 * Runs the tests of suite/ inside VS Code, in a trusted folder and in one that is not: in the desktop that
 * VSCODE_EXECUTABLE names; else in the oldest version that the extension supports and in the newest, as desktops where
 * they can be downloaded, as servers from npm where not. Arguments are versions to run, all others are left out.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from './build.ts';
import { bundleSuite } from './bundleSuite.ts';
import { addCounts, countsText, noCounts, runnerCounts } from './counts.ts';
import type { Counts } from './counts.ts';
import { downloadedDesktop, namedDesktop } from './desktop.ts';
import { hostEnvironment } from './hostOptions.ts';
import type { HostOptions } from './hostOptions.ts';
import { installServer } from './installServer.ts';
import { projectFolder } from './paths.ts';
import { createProfile } from './profile.ts';
import { runScript } from './runScript.ts';
import { newestVersion, serverVersions } from './serverVersions.ts';
import type { ServerVersion } from './serverVersions.ts';

interface Target {
  readonly name: string;
  readonly executable: string;
  readonly options: HostOptions;
}

await runScript(async () => {
  await build();
  const entry = await bundleSuite();
  let sum = noCounts;
  for (const target of await findTargets(process.argv.slice(2))) {
    sum = addCounts(sum, await runIn(target, entry));
  }
  console.log(countsText(sum));
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
});

async function findTargets(wanted: readonly string[]): Promise<Target[]> {
  const named = namedDesktop();
  if (named !== undefined) return [desktopTarget(named, newestVersion)];
  const targets: Target[] = [];
  for (const version of serverVersions) {
    if (wanted.length > 0 && !wanted.includes(version.vscode)) continue;
    const desktop = await downloadedDesktop(version.vscode);
    if (desktop !== undefined) targets.push(desktopTarget(desktop, version));
    else targets.push(...(await serverTargets(version)));
  }
  return targets;
}

/** `runTests` switches workspace trust off in a desktop, so restricted mode is tested in servers alone. */
function desktopTarget(executable: string, version: ServerVersion): Target {
  return { name: executable, executable, options: { version, isTrusted: true, theme: 'dark' } };
}

async function serverTargets(version: ServerVersion): Promise<Target[]> {
  await installServer(version);
  return [true, false].map((isTrusted) => ({
    name: `VS Code server ${version.vscode}, ${isTrusted ? 'trusted' : 'restricted'}`,
    executable: path.join(import.meta.dirname, 'vscodeHost.ts'),
    options: { version, isTrusted, theme: 'dark' },
  }));
}

async function runIn({ name, executable, options }: Target, entry: string): Promise<Counts> {
  console.log(`\nTests in ${name}`);
  const startedAt = performance.now();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'allsettled-host-tests-'));
  const workspace = path.join(folder, 'workspace');
  const result = path.join(folder, 'result.json');
  mkdirSync(workspace);
  const profile = createProfile(options);
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: projectFolder,
      extensionTestsPath: entry,
      launchArgs: [
        workspace,
        `--user-data-dir=${profile.dataFolder}`,
        `--extensions-dir=${profile.extensionsFolder}`,
      ],
      extensionTestsEnv: { ...hostEnvironment(options), ALLSETTLED_HOST_RESULT: result },
    });
    return readResult(result, 0);
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return readResult(result, 1);
  } finally {
    profile.dispose();
    rmSync(folder, { recursive: true, force: true });
    console.log(`(${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  }
}

function readResult(file: string, exitCode: number): Counts {
  return runnerCounts(existsSync(file) ? readFileSync(file, 'utf8') : '', exitCode);
}
