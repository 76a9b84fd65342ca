/** Runs agents files: the CodeLens above one, its problems, and the command. */
import path from 'node:path';
import * as vscode from 'vscode';
import { agentsFileEnding, agentsFileGlob, commands } from '../contributions.ts';
import { parseAgentsFile, type ParsedAgentsFile } from '../formats/parseAgentsFile.ts';
import { showProgress } from './agentsProgress.ts';
import { registerCommands, runSafely } from './commands.ts';
import { registerFileDiagnostics, type FileDiagnostics } from './fileDiagnostics.ts';
import { tellProblems, tellWarnings } from './fileProblems.ts';
import { fileWorkplace } from './fileWorkplace.ts';
import type { Host } from './host.ts';
import { ensureApiKey } from './keyCommands.ts';
import { pickItem } from './pickItem.ts';
import { registerRunLens, type RunLens } from './runLens.ts';
import type { SessionTree } from './tree.ts';
import { mayWork, pathOf } from './workplace.ts';

type AgentsDiagnostics = FileDiagnostics<ParsedAgentsFile>;

export function registerAgentsFiles(host: Host, tree: SessionTree): vscode.Disposable {
  const { clock, log } = host;
  const diagnostics = registerFileDiagnostics({
    ending: agentsFileEnding,
    parse: parseAgentsFile,
    clock,
    log,
  });
  return vscode.Disposable.from(
    diagnostics,
    registerRunLens(agentsFileGlob, lensOf),
    registerCommands(log, {
      [commands.runAgents]: async (asked) => {
        if (!mayWork(log, 'An agents file')) return undefined;
        const uri = await agentsUri(asked);
        return uri && runAgents(host, tree, diagnostics, uri);
      },
    }),
  );
}

function lensOf(document: vscode.TextDocument): RunLens {
  const parsed = parseAgentsFile(document.getText());
  const count = parsed.ok ? parsed.agents.tasks.length : undefined;
  const what = count === undefined ? 'agents' : count === 1 ? '1 agent' : `${count} agents`;
  return {
    title: `Run ${what}`,
    tooltip: 'Runs every task of this file with an agent of its own; each keeps its own ending',
    command: commands.runAgents,
  };
}

async function runAgents(
  host: Host,
  tree: SessionTree,
  diagnostics: AgentsDiagnostics,
  uri: vscode.Uri,
): Promise<{ sessionId: string } | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  const parsed = await diagnostics.check(document);
  if (!parsed.ok) {
    tellProblems(host.log, document, parsed.problems);
    return undefined;
  }
  if (!(await ensureApiKey(host))) return undefined;
  const runtime = await host.runtime.get();
  const started = await runtime.runAgents({
    ...fileWorkplace(uri, parsed.agents.cwd),
    agents: parsed.agents,
    file: pathOf(uri),
    permission: host.settings.permission(),
    isTrusted: vscode.workspace.isTrusted,
  });
  if (!started.ok) {
    const problems = parsed.locate(started.problems);
    diagnostics.show(document, problems);
    tellProblems(host.log, document, problems);
    return undefined;
  }
  const { sessionId, warnings } = started;
  if (warnings.length > 0) {
    const placed = parsed.locate(warnings);
    diagnostics.show(document, placed, vscode.DiagnosticSeverity.Warning);
    tellWarnings(host.log, document, placed);
  }
  runSafely(host.log, () => showProgress(host, runtime, { name: path.basename(uri.fsPath), ...started }));
  await tree.reveal(sessionId);
  return { sessionId };
}

/** The file that was asked for, or that is being edited, or that the person picks or creates. */
async function agentsUri(asked: unknown): Promise<vscode.Uri | undefined> {
  if (asked instanceof vscode.Uri) return asked;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.path.endsWith(agentsFileEnding)) return active;
  const files = await vscode.workspace.findFiles(agentsFileGlob, '**/node_modules/**', 500);
  const items: { label: string; uri?: vscode.Uri }[] = [
    ...files.map((uri) => pickItem({ label: vscode.workspace.asRelativePath(uri), uri })),
    pickItem({ label: 'New Agents File' }, 'new-file'),
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Run which agents file?' });
  if (!chosen || chosen.uri) return chosen?.uri;
  // What stands in a new file is an example: the person changes it first.
  await vscode.commands.executeCommand(commands.newAgentsFile);
  return undefined;
}
