/** The composition root in VS Code: makes the ports, hands them to the runtime and the interface. */
import * as vscode from 'vscode';
import { ApprovalQuestions } from './adapters/vscode/approvals.ts';
import { createDiagnostics } from './adapters/vscode/diagnostics.ts';
import { createLog } from './adapters/vscode/log.ts';
import { tellNoSandbox } from './adapters/vscode/noSandbox.ts';
import { createSecrets } from './adapters/vscode/secrets.ts';
import { editorSettings } from './adapters/vscode/settings.ts';
import { editorFiles } from './adapters/vscode/editorFiles.ts';
import { virtualDisk } from './adapters/vscode/virtualDisk.ts';
import { unsavedSessions } from './adapters/vscode/unsavedSessions.ts';
import { nodeClock } from './adapters/node/clock.ts';
import { createRunningProcesses } from './adapters/node/runningProcesses.ts';
import type { Log } from './core/ports.ts';
import { PastSessions } from './runtime/pastSessions.ts';
import { SessionFolders } from './store/sessionFolders.ts';
import { ownerOf } from './store/sessionOwner.ts';
import { defaultStateDir } from './store/stateDir.ts';
import { registerAgentCommands } from './ui/agentCommands.ts';
import { registerAgentList } from './ui/agentList.ts';
import { registerAgentsFiles } from './ui/agentsFiles.ts';
import { registerApprovalCommands } from './ui/approvalCommands.ts';
import { registerApprovalDocuments } from './ui/approvalDocuments.ts';
import { registerApprovalNotification } from './ui/approvalNotification.ts';
import { registerApprovalRules } from './ui/approvalRules.ts';
import { registerBatchDiagnostics } from './ui/batchDiagnostics.ts';
import { registerBatchFiles } from './ui/batchFiles.ts';
import { registerCallCommands } from './ui/callCommands.ts';
import { registerContextKeys } from './ui/contextKeys.ts';
import { registerConversationDocuments } from './ui/conversationDocuments.ts';
import { registerDemo } from './ui/demo.ts';
import { registerEditDiffEditors } from './ui/editDiffEditors.ts';
import { registerConversationLinks } from './ui/conversationLinks.ts';
import { registerFileLinks } from './ui/fileLinks.ts';
import { registerInterruptionCommands } from './ui/interruptionCommands.ts';
import { createExportedApi } from './ui/exportedApi.ts';
import type { AllSettledApi } from './ui/exportedApi.ts';
import type { Host } from './ui/host.ts';
import { registerKeyCommands } from './ui/keyCommands.ts';
import { LazyRuntime } from './ui/lazyRuntime.ts';
import { registerLogCommand } from './ui/logCommand.ts';
import { registerModelCommand } from './ui/modelCommand.ts';
import { registerNewFiles } from './ui/newFiles.ts';
import { registerPermissionStatus } from './ui/permissionStatus.ts';
import { registerProposalEditors } from './ui/proposalEditors.ts';
import { registerQuestionTabs } from './ui/questionTabs.ts';
import { registerRecovery } from './ui/recovery.ts';
import { registerResumeCommands } from './ui/resumeCommands.ts';
import { registerRevertCommands } from './ui/revertCommands.ts';
import { registerResultDocuments } from './ui/resultDocuments.ts';
import { registerRunEndings } from './ui/runEndings.ts';
import { registerSessions } from './ui/sessions.ts';
import { registerSettingsCommand } from './ui/settingsCommand.ts';
import { registerShownAgain } from './ui/shownAgain.ts';
import { registerStatusBar } from './ui/statusBar.ts';
import { registerTree } from './ui/tree.ts';
import { registerCleanWorktrees } from './ui/cleanWorktrees.ts';
import { foldersOnDisk } from './ui/workplace.ts';
import { registerWorktreeChanges } from './ui/worktreeChanges.ts';
import { registerWorktreeCommands } from './ui/worktreeCommands.ts';

// The API's client and the tools' schemas: a bundle of its own, loaded with the first session.
const heavyPart = () => import('./editorRuntime.ts');
let stop: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): AllSettledApi {
  const channel = vscode.window.createOutputChannel('AllSettled', { log: true });
  const log = createLog(channel);
  const approvals = new ApprovalQuestions();
  const keys = createSecrets(context.secrets);
  const services = createDiagnostics();
  const runtime = new LazyRuntime(
    async () => {
      const { createEditorRuntime } = await heavyPart();
      const { appName, appRoot } = vscode.env;
      return createEditorRuntime({
        log,
        approvals,
        unsaved: unsavedSessions(),
        settings: editorSettings,
        secrets: keys,
        host: { name: appName, version: vscode.version },
        editorFiles,
        virtualDisk,
        diagnostics: services,
        appRoot,
        tellNoSandbox: tellNoSandbox(log),
      });
    },
    (error) => log.error('A listener failed.', error),
  );
  const host: Host = {
    runtime,
    past: pastSessions(log),
    keys,
    settings: editorSettings,
    clock: nodeClock,
    log,
    showLog: () => channel.show(),
    suggestPrefix: async (command) => (await heavyPart()).suggestedPrefix(command),
    prefixBounds: async (prefix) => (await heavyPart()).prefixBounds(prefix),
    parseTranscript: async (text) => (await heavyPart()).parseTranscript(text),
    findGit: async () => {
      const folders = foldersOnDisk().map(({ uri }) => uri.fsPath);
      return (await heavyPart()).ownProgram('git', folders, ['GIT_*']);
    },
    extensionPath: context.extensionPath,
  };
  stop = () => runtime.dispose();
  const tree = registerTree(host);
  const diagnostics = registerBatchDiagnostics(host);
  const proposals = registerProposalEditors(host);
  context.subscriptions.push(
    channel,
    services,
    tree,
    diagnostics,
    registerStatusBar(host),
    registerContextKeys(host),
    registerRecovery(host),
    registerResultDocuments(host),
    registerResumeCommands(host, tree),
    registerConversationDocuments(host),
    registerRunEndings(host, tree),
    registerAgentCommands(host, tree),
    registerAgentList(host, tree),
    registerAgentsFiles(host, tree),
    proposals,
    registerApprovalCommands(host, proposals),
    registerApprovalDocuments(host),
    registerApprovalNotification(host),
    registerApprovalRules(host),
    registerPermissionStatus(host),
    registerQuestionTabs(host),
    registerBatchFiles(host, tree, diagnostics),
    registerCallCommands(host),
    registerDemo(host, tree),
    registerEditDiffEditors(host),
    registerConversationLinks(host),
    registerFileLinks(host),
    registerInterruptionCommands(host),
    registerKeyCommands(host),
    registerLogCommand(host),
    registerModelCommand(host),
    registerNewFiles(host),
    registerSettingsCommand(host),
    registerSessions(host, tree),
    registerShownAgain(host, tree, context.workspaceState),
    registerWorktreeChanges(host),
    registerWorktreeCommands(host),
    registerRevertCommands(host),
    registerCleanWorktrees(host),
  );
  return createExportedApi(host);
}

/** What is on disk, without the heavy part. */
function pastSessions(log: Log): PastSessions {
  const stateDir = defaultStateDir();
  const folders = new SessionFolders(stateDir);
  const processes = createRunningProcesses(nodeClock);
  const isOwned = async (id: string): Promise<boolean> =>
    (await ownerOf(folders.owners(id), processes)) !== undefined;
  return new PastSessions({ stateDir, log, isOwned });
}

/** Stops what runs and flushes the journals. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
