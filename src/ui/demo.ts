/** The demo: a recorded model asks for 14 real calls in a small workspace of its own; no key, no network. */
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { StartedRun } from '../runtime/runtime.ts';
import { demoEndText } from '../views/demoText.ts';
import { sessionIsWorking } from '../views/sessionLook.ts';
import { showConversation } from './agentCommands.ts';
import { registerCommands, runSafely, tell } from './commands.ts';
import { makeDemoWorkspace } from './demoWorkspace.ts';
import type { Host } from './host.ts';
import type { SessionTree } from './tree.ts';

export function registerDemo(host: Host, tree: SessionTree): vscode.Disposable {
  const folders = new Map<string, StartedRun['sessionId'] | undefined>();
  // At once, because the window may be about to close.
  const removeFolder = (folder: string): void => {
    folders.delete(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const removeEnded = (): void => {
    for (const [folder, sessionId] of [...folders]) {
      const state = sessionId === undefined ? undefined : host.runtime.session(sessionId);
      if (!state || !sessionIsWorking(state)) removeFolder(folder);
    }
  };
  const registration = registerCommands(host.log, {
    [commands.runDemo]: async () => {
      removeEnded();
      const source = path.join(host.extensionPath, 'media', 'demo', 'workspace');
      const folder = await makeDemoWorkspace(source, host.findGit);
      folders.set(folder, undefined);
      const started = await runDemo(host, folder);
      folders.set(folder, started.sessionId);
      await tree.reveal(`${started.sessionId}/${started.agentId}`);
      await showStarted(host, started);
      runSafely(host.log, () => tellEnd(host, started));
      return { sessionId: started.sessionId, agentId: started.agentId };
    },
  });
  return vscode.Disposable.from(registration, {
    dispose: () => [...folders.keys()].forEach(removeFolder),
  });
}

async function showStarted({ runtime }: Host, { sessionId, agentId }: StartedRun): Promise<void> {
  const state = runtime.session(sessionId);
  const agent = state?.agents.get(agentId);
  if (state && agent) await showConversation(state, agent);
}

async function tellEnd({ runtime, log }: Host, { sessionId, ended }: StartedRun): Promise<void> {
  const { status } = await ended;
  const state = runtime.session(sessionId);
  if (!state || status !== 'completed') return;
  tell(log, vscode.window.showInformationMessage, demoEndText(state), {
    'Start Agent': () => vscode.commands.executeCommand(commands.startAgent),
  });
}

async function runDemo(
  { runtime, extensionPath, parseTranscript }: Host,
  folder: string,
): Promise<StartedRun> {
  const text = await readFile(path.join(extensionPath, 'media', 'demo', 'incident.ndjson'), 'utf8');
  const transcript = await parseTranscript(text);
  if (!transcript.ok)
    throw new Error(`The demo's transcript is damaged, line ${transcript.line}: ${transcript.message}`);
  const agent = transcript.events.find((event) => event.type === 'agent.created');
  const run = transcript.events.find((event) => event.type === 'run.queued');
  return (await runtime.get()).startAgent({
    cwd: folder,
    roots: [folder],
    prompt: run?.prompt ?? 'Run the demo.',
    label: agent?.label ?? 'Demo',
    // What else asks of an agent knows by this that no model answers for it.
    model: 'replay',
    // All it runs is the content of this extension, in a folder of its own.
    permission: 'unlimited',
    replay: transcript.events,
  });
}
