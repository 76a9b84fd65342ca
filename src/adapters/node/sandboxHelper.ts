/**
 * A program of its own that turns commands into ones that run in the sandbox. It is one because the library protects its working
 * directory in a way of its own, with files that show there while a command runs, and because what is left of these must be taken
 * away after a host that was killed.
 */
import { rmSync } from 'node:fs';
import {
  cleanupBwrapMountPoints,
  wrapCommandWithSandboxLinux,
} from '@anthropic-ai/sandbox-runtime/dist/sandbox/linux-sandbox-utils.js';
import { wrapCommandWithSandboxMacOS } from '@anthropic-ai/sandbox-runtime/dist/sandbox/macos-sandbox-utils.js';
import { GuardedFolders } from './guardedFolders.ts';
import type { ProtectedPlaces } from './protectedPlaces.ts';
import type {
  ConfinedLine,
  ConfineRequest,
  HelperReply,
  HelperRequest,
  SandboxProfile,
} from './sandboxMessages.ts';
import { seccompProgram } from './seccompProgram.ts';
import { StandIns } from './standIns.ts';

const standIns = new StandIns();
const commands = new Map<number, GuardedFolders>();
const temporaries = new Set<string>();

// Requests that came together share one look at their folders, which begins after all of them.
const waiting: ConfineRequest[] = [];
process.on('message', (request: HelperRequest) => {
  if (request.kind === 'release') return void answer(request.id, () => released(request.confined));
  if (waiting.push(request) === 1) setImmediate(answerWaiting);
});
// The library's own listener for `exit` then takes away what is left of the sandboxes, and this one their folders.
process.on('exit', () => {
  for (const folder of temporaries) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A command has made it so that nobody can look into it; the library's turn comes all the same.
    }
  }
});
process.on('disconnect', leave);
process.on('SIGTERM', leave);
// Meant for the host, whose commands may still have to be ended.
process.on('SIGINT', () => undefined);
process.on('SIGQUIT', () => undefined);
process.on('SIGHUP', () => undefined);

function leave(): void {
  void standIns.releaseAll().then(() => process.exit());
}

function answerWaiting(): void {
  const looks = new Map<string, ProtectedPlaces>();
  for (const request of waiting.splice(0)) void answer(request.id, () => confined(request, looks));
}

/** Never rejects. */
async function answer(id: number, work: () => Promise<ConfinedLine>): Promise<void> {
  const reply = (message: HelperReply): unknown => process.connected && process.send?.(message);
  try {
    reply({ id, ok: true, ...(await work()) });
  } catch (error) {
    reply({ id, ok: false, problem: error instanceof Error ? error.message : String(error) });
  }
}

async function confined(request: ConfineRequest, looks: Map<string, ProtectedPlaces>): Promise<ConfinedLine> {
  temporaries.add(request.temporary);
  const guarded = new GuardedFolders(request.profile.guarded, looks, standIns);
  commands.set(request.id, guarded);
  try {
    const unwritable = [...request.profile.unwritable, ...guarded.hold()];
    const line = await wrapped(request, { ...request.profile, unwritable });
    return { line, remarks: guarded.remarks() };
  } catch (error) {
    commands.delete(request.id);
    await guarded.release();
    throw error;
  }
}

async function released(id: number): Promise<ConfinedLine> {
  const guarded = commands.get(id);
  commands.delete(id);
  cleanupBwrapMountPoints();
  await guarded?.release();
  return { line: '', remarks: guarded?.remarksAfterwards() ?? [] };
}

function wrapped(request: ConfineRequest, profile: SandboxProfile): Promise<string> | string {
  const { command, shell: binShell } = request;
  const access = { ...accessOf(profile), needsNetworkRestriction: true, binShell };
  if (process.platform === 'darwin') {
    // The library sets TMPDIR for the command from this variable.
    process.env.CLAUDE_CODE_TMPDIR = request.temporary;
    return wrapCommandWithSandboxMacOS({ command, ...access });
  }
  return wrapCommandWithSandboxLinux({
    command,
    ...access,
    bwrapPath: request.bubblewrap,
    seccompConfig: { applyPath: seccompProgram(request.programs) },
    // The library would look below its working directory, which here is no workspace: the profile says what is protected.
    ripgrepConfig: { command: '/bin/true' },
    mandatoryDenySearchDepth: 1,
  });
}

function accessOf({ unreadable, readable, writable, unwritable }: SandboxProfile) {
  return {
    readConfig: {
      denyOnly: [],
      literalDenyOnly: [...unreadable],
      allowWithinDeny: [],
      literalAllowWithinDeny: [...readable],
    },
    writeConfig: {
      allowOnly: [],
      literalAllowOnly: [...writable],
      denyWithinAllow: [],
      literalDenyWithinAllow: [...unwritable],
    },
  };
}
