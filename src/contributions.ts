/** The typed ids of everything that package.json contributes; a test compares the two. */

export const commands = {
  runDemo: 'allsettled.runDemo',
  startAgent: 'allsettled.startAgent',
  followUp: 'allsettled.followUp',
  openConversation: 'allsettled.openConversation',
  stopAgent: 'allsettled.stopAgent',
  stopSession: 'allsettled.stopSession',
  stopAll: 'allsettled.stopAll',
  cancelTurn: 'allsettled.cancelTurn',
  showAgents: 'allsettled.showAgents',
  openSession: 'allsettled.openSession',
  resume: 'allsettled.resume',
  resumeAll: 'allsettled.resumeAll',
  retry: 'allsettled.retry',
  dismiss: 'allsettled.dismiss',
  dismissAll: 'allsettled.dismissAll',
  exportSession: 'allsettled.exportSession',
  deleteSession: 'allsettled.deleteSession',
  runBatch: 'allsettled.runBatch',
  runCall: 'allsettled.runCall',
  runAgents: 'allsettled.runAgents',
  newBatchFile: 'allsettled.newBatchFile',
  newAgentsFile: 'allsettled.newAgentsFile',
  openSettings: 'allsettled.openSettings',
  openResult: 'allsettled.openResult',
  showEdit: 'allsettled.showEdit',
  openEditedFile: 'allsettled.openEditedFile',
  showInFile: 'allsettled.showInFile',
  copyResult: 'allsettled.copyResult',
  copyCallId: 'allsettled.copyCallId',
  showRawInput: 'allsettled.showRawInput',
  cancelCall: 'allsettled.cancelCall',
  answerApprovals: 'allsettled.answerApprovals',
  approveCall: 'allsettled.approveCall',
  approveCallForSession: 'allsettled.approveCallForSession',
  denyCall: 'allsettled.denyCall',
  denyCallWithReason: 'allsettled.denyCallWithReason',
  allowAllCalls: 'allsettled.allowAllCalls',
  allowCallAlways: 'allsettled.allowCallAlways',
  allowCallsLikeIt: 'allsettled.allowCallsLikeIt',
  reviewCall: 'allsettled.reviewCall',
  reviewEdit: 'allsettled.reviewEdit',
  acceptEdit: 'allsettled.acceptEdit',
  rejectEdit: 'allsettled.rejectEdit',
  manageApprovalRules: 'allsettled.manageApprovalRules',
  viewWorktree: 'allsettled.viewWorktree',
  applyWorktree: 'allsettled.applyWorktree',
  mergeWorktree: 'allsettled.mergeWorktree',
  discardWorktree: 'allsettled.discardWorktree',
  cleanWorktrees: 'allsettled.cleanWorktrees',
  revertTurn: 'allsettled.revertTurn',
  revertAgent: 'allsettled.revertAgent',
  undoRevert: 'allsettled.undoRevert',
  setApiKey: 'allsettled.setApiKey',
  clearApiKey: 'allsettled.clearApiKey',
  chooseModel: 'allsettled.chooseModel',
  showLog: 'allsettled.showLog',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

/** The activity bar container, and its one tree. */
export const viewContainer = 'allsettled';
export const views = { sessions: 'allsettled.sessions' } as const;

/** The section of the settings, and their names inside it. */
export const settingsSection = 'allsettled';
export const settings = {
  model: 'model',
  maxTokens: 'maxTokens',
  baseUrl: 'baseUrl',
  permission: 'permission',
  ioLane: 'lanes.io',
  processLane: 'lanes.process',
  modelLane: 'lanes.model',
  turnRetries: 'retries.turn',
  longestWait: 'retries.longestWaitSeconds',
  timeouts: 'timeouts',
  maxOutputFile: 'output.maxFileMegabytes',
  agentDepth: 'agents.maxDepth',
  agentCount: 'agents.maxInSession',
  sessionAge: 'sessions.maxAgeDays',
  sessionBytes: 'sessions.maxMegabytes',
  completionNotice: 'notices.completed',
  editReview: 'edits.review',
  approvalRules: 'approvals.rules',
  terminalSandbox: 'terminal.sandbox',
} as const;
export type SettingName = (typeof settings)[keyof typeof settings];

/** A person's answers to a waiting call, as every button names them; the commands' titles say the same. */
export const approvalTitles = {
  allowOnce: 'Allow Once',
  allowForSession: 'Allow This Command for the Session',
  allowAlways: 'Always Allow Exactly This Command…',
  allowAlwaysLikeIt: 'Always Allow Commands That Begin Like It…',
  deny: 'Deny',
  denyWithReason: 'Deny with a Reason…',
  allowAll: 'Allow All…',
  review: 'Show All of It',
  reviewEdit: 'Review Changes',
  accept: 'Accept Edit',
  reject: 'Reject Edit',
} as const;

/** Keys that when-clauses ask for. */
export const contextKeys = {
  /** An agent or a batch goes on. */
  isWorking: 'allsettled.isWorking',
  /** A call waits for a person's answer. */
  isAsking: 'allsettled.isAsking',
  /** There is an agent in the tree. */
  hasAgents: 'allsettled.hasAgents',
  /** Something was interrupted, and is neither resumed nor dismissed. */
  hasInterrupted: 'allsettled.hasInterrupted',
  /** An API key is stored. */
  hasApiKey: 'allsettled.hasApiKey',
} as const;

/** The language of questions, whose lines are wrapped: nothing of what would run may lie beyond the edge. */
export const questionLanguage = 'allsettled-question';

/** The schemes of the read-only documents. */
export const schemes = {
  result: 'allsettled-result',
  conversation: 'allsettled-conversation',
  /** Texts that were kept before a file was changed. */
  kept: 'allsettled-kept',
  /** The question about a call that is too long for a dialog. */
  approval: 'allsettled-approval',
  /** Both sides of a proposed edit's diff. */
  proposal: 'allsettled-proposal',
  /** Both sides of the diff of an edit that was made. */
  edit: 'allsettled-edit',
  /** Files of an agent's worktree as they were where it began. */
  before: 'allsettled-before',
} as const;

/** The `contextValue` of the tree's rows that ask a person something. That of each other row begins with its kind and standing. */
export const rowContexts = {
  askingCall: 'call.awaitingApproval',
  askingEdit: 'call.awaitingEdit',
} as const;

/** The ends of the names of batch files and agents files. */
export const batchFileEnding = '.batch.json';
export const agentsFileEnding = '.agents.json';

/** The files that are batch files. */
export const batchFileGlob = `**/*${batchFileEnding}`;

/** The files that are agents files. */
export const agentsFileGlob = `**/*${agentsFileEnding}`;
