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
import { seccompProgram } from './seccompProgram.ts';
import type { ConfineRequest, HelperReply, HelperRequest, SandboxProfile } from './sandboxMessages.ts';

process.on('message', (request: HelperRequest) => {
  void answer(request); // Never rejects.
});
// The library's own listener for `exit` then takes away what is left of the sandboxes, and this one their folders.
const temporaries = new Set<string>();
process.on('exit', () => {
  for (const folder of temporaries) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A command has made it so that nobody can look into it; the library's turn comes all the same.
    }
  }
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
// Meant for the host, whose commands may still have to be ended.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);

async function answer(request: HelperRequest): Promise<void> {
  const { id } = request;
  try {
    if (request.kind === 'release') cleanupBwrapMountPoints();
    reply({ id, ok: true, line: request.kind === 'release' ? '' : await confined(request) });
  } catch (error) {
    reply({ id, ok: false, problem: error instanceof Error ? error.message : String(error) });
  }
}

function reply(message: HelperReply): void {
  process.send?.(message);
}

function confined(request: ConfineRequest): Promise<string> | string {
  temporaries.add(request.temporary);
  const { command, profile, shell: binShell } = request;
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
