/** The extension's own API, for the tests inside VS Code. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunEnding } from '../../../src/core/agents.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { latestRun } from '../../../src/core/states.ts';
import type { AllSettledApi } from '../../../src/ui/exportedApi.ts';

export async function extensionApi(): Promise<AllSettledApi> {
  const extension = vscode.extensions.getExtension<AllSettledApi>('allsettled.allsettled');
  assert.ok(extension, 'VS Code does not know allsettled.allsettled');
  return extension.activate();
}

/** Settles with the ending of the newest run of an agent. */
export function endingOf(api: AllSettledApi, sessionId: string, agentId: string): Promise<RunEnding> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const agent = api.session(sessionId)?.agents.get(agentId);
      const run = agent && latestRun(agent);
      if (!run || !('endedAt' in run.state)) return false;
      resolve(run.state);
      return true;
    };
    const subscription = api.onEvent(() => {
      if (look()) subscription.dispose();
    });
    if (look()) subscription.dispose();
  });
}

/** Runs the demo from its command, and settles with its session when the agent has ended. */
export async function runDemo(): Promise<{ state: SessionState; agentId: string; ending: RunEnding }> {
  const api = await extensionApi();
  const started = await vscode.commands.executeCommand<{ sessionId: string; agentId: string }>(
    'allsettled.runDemo',
  );
  const ending = await endingOf(api, started.sessionId, started.agentId);
  const state = api.session(started.sessionId);
  assert.ok(state);
  return { state, agentId: started.agentId, ending };
}

/** Settles when the text of a document fits. */
export function textThat(document: vscode.TextDocument, fits: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const text = document.getText();
      if (fits(text)) resolve(text);
      return fits(text);
    };
    const subscription = vscode.workspace.onDidChangeTextDocument(() => {
      if (look()) subscription.dispose();
    });
    if (look()) subscription.dispose();
  });
}
