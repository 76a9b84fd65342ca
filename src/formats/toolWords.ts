/** The one table of what other programs call the tools: a word stands for none, one or several of ours. */

/** Ours, by which a definition may name them too. A test compares them with the tools that there are. */
export const ownTools = [
  'read_file',
  'list_files',
  'search_text',
  'write_file',
  'edit_file',
  'delete_file',
  'rename_file',
  'git',
  'git_add',
  'git_commit',
  'git_switch',
  'git_stash',
  'terminal',
  'read_output',
  'spawn_agent',
  'list_agents',
  'wait_for_agents',
  'message_agent',
  'cancel_agent',
  'resume_agent',
  'run_agents',
  'run_batch',
] as const;

type OwnTool = (typeof ownTools)[number];

const agents: readonly OwnTool[] = [
  'spawn_agent',
  'run_agents',
  'list_agents',
  'wait_for_agents',
  'message_agent',
  'cancel_agent',
  'resume_agent',
];

/** In the order of the programs' documentation; case, blanks, `_` and `-` do not count. */
const rows: readonly (readonly [string, ...OwnTool[]])[] = [
  [
    'Read View Cat Open FileRead ReadFiles ReadManyFiles ReadTextFile ViewFile NotebookRead ReadNotebook OpenFile',
    'read_file',
  ],
  ['FsRead', 'read_file', 'list_files'],
  [
    'Glob LS List ListDir ListDirectory FileSearch Find FindFiles FindByName GlobSearch GlobFiles',
    'list_files',
  ],
  ['FindTestFiles Tree', 'list_files'],
  ['Grep RG Ripgrep TextSearch GrepSearch SearchFileContent SearchFiles ContentSearch', 'search_text'],
  ['Usages ListCodeUsages References', 'search_text'],
  ['Search Codebase CodebaseSearch SemanticSearch SearchCodebase SearchCode', 'search_text', 'list_files'],
  ['MultiEdit Replace ReplaceInFile SearchReplace SearchAndReplace StrReplace ApplyDiff', 'edit_file'],
  ['ReplaceStringInFile MultiReplaceStringInFile InsertContent', 'edit_file'],
  ['NotebookEdit EditNotebook EditNotebookFile', 'edit_file'],
  ['Edit EditFiles InsertEditIntoFile ApplyPatch Patch FsWrite', 'edit_file', 'write_file'],
  ['StrReplaceEditor StrReplaceBasedEditTool TextEditor', 'read_file', 'edit_file', 'write_file'],
  ['Write WriteToFile CreateFile Create NewFile SaveFile FileWrite', 'write_file'],
  ['Delete Remove RM', 'delete_file'],
  ['Rename Move MoveFile', 'rename_file'],
  [
    'Bash Shell Sh PowerShell Execute Exec ExecCommand ExecuteCommand ExecuteBash UnifiedExec LocalShell',
    'terminal',
  ],
  [
    'Command RunCommand RunCommands RunInTerminal RunShellCommand RunTerminalCmd RunTerminalCommand',
    'terminal',
  ],
  ['TerminalCommand ShellCommand', 'terminal'],
  ['BashOutput TaskOutput GetTerminalOutput GetTaskOutput TerminalLastCommand', 'read_output'],
  ['Changes GetChangedFiles GitDiff GitLog GitShow GitStatus GitBlame', 'git'],
  ['GitCheckout', 'git_switch'],
  ['Task Agent Subagent RunSubagent CustomAgent NewTask DispatchAgent Delegate', ...agents],
  ['SendMessage SendInput', 'message_agent'],
  ['Wait WaitAgent', 'wait_for_agents'],
  ['CloseAgent TaskStop', 'cancel_agent'],
  ['Batch Parallel', 'run_batch'],
  [
    'WebFetch WebSearch Web Fetch FetchWebpage Browser OpenSimpleBrowser GoogleWebSearch GoogleSearch GithubRepo ' +
      'BrowserAction CodeSearch',
  ],
  [
    'TodoWrite TodoRead Todo Todos ManageTodoList UpdateTodoList WriteTodos UpdatePlan Plan Think SequentialThinking ' +
      'TaskCreate TaskGet TaskList TaskUpdate EnterPlanMode ExitPlanMode SwitchMode AttemptCompletion',
  ],
  ['AskUserQuestion AskQuestions AskFollowupQuestion AskUser Question SendUserMessage PushNotification'],
  [
    'Skill Skills SlashCommand ToolSearch Memory SaveMemory UpdateUserPreferences StructuredOutput FetchRules',
  ],
  [
    'MCP UseMcpTool AccessMcpResource ListMcpResources ListMcpResourcesTool ReadMcpResource ReadMcpResourceTool',
  ],
  ['KillShell KillBash KillTerminal AwaitTerminal WriteStdin SendToTerminal Monitor Sleep TerminalSelection'],
  ['Problems GetErrors GetDiagnostics Diagnostics ReadLints LSP TestFailure TestSearch SearchResults'],
  ['RunTests RunTest RunTask RunTasks CreateAndRunTask ListCodeDefinitionNames ViewImage CreateDirectory'],
  [
    'Notebook RunNotebooks RunNotebookCell ReadCellOutput ReadNotebookCellOutput GetNotebookSummary ' +
      'CreateJupyterNotebook CreateNewJupyterNotebook NotebookExecute',
  ],
  [
    'VSCode VSCodeAPI GetVSCodeAPI Extensions InstallExtension New NewWorkspace CreateNewWorkspace GetProjectSetupInfo ' +
      'GetSearchViewResults RenderMermaidDiagram Computer ComputerUse Screenshot',
  ],
  ['Artifact Brief Config Workflow REPL ReportFindings SendUserFile WaitForMcpServers ScheduleWakeup'],
  [
    'EnterWorktree ExitWorktree TeamCreate TeamDelete CronCreate CronDelete CronList Schedule RemoteTrigger ExternalDirectory DoomLoop',
  ],
];

/** Claude Code's own spelling, which is narrower than the alias of GitHub that differs by its case alone. */
const exactWords: Readonly<Record<string, readonly OwnTool[]>> = { Edit: ['edit_file'] };

/** The tool sets of VS Code, as they stand before a slash. */
const toolSets = new Set(
  'read search edit execute web agent vscode todo todos browser new runcommands runtasks runnotebooks'.split(
    ' ',
  ),
);

const words = new Map<string, readonly OwnTool[]>([
  ...ownTools.map((name) => [plain(name), [name]] as const),
  ...rows.flatMap(([all, ...ours]) => all.split(' ').map((word) => [plain(word), ours] as const)),
]);

/**
 * The tools of ours for which a word stands; none: only another program has it. Undefined: the word is in no vocabulary.
 * `foreign`: it is a tool of a server or of an extension.
 */
export function toolsNamed(word: string): readonly string[] | 'foreign' | undefined {
  if (builtIn.test(word)) return toolsNamed(word.replace(builtIn, ''));
  const own = ownTools.find((name) => name === word);
  if (own) return [own];
  const exact = Object.hasOwn(exactWords, word) ? exactWords[word] : undefined;
  if (exact) return exact;
  const [, set, inSet] = /^([^/]+)\/(.+)$/.exec(word) ?? [];
  if (set !== undefined && inSet !== undefined) return inToolSet(set, inSet);
  if (/^mcp[_.:-]|[.:]/i.test(word)) return 'foreign';
  if (word.includes('*')) return matching(word);
  return words.get(plain(word.replace(/^(copilot|vscode)_/i, '')));
}

/** Where a program says that a tool is its own. */
const builtIn = /^(?:functions?|built-?in|default(?:_api)?|core)[.:/]/i;

function matching(pattern: string): readonly string[] | 'foreign' {
  const parts = pattern.split('*').map(plain);
  const isMatch = (word: string): boolean => isInOrder(word, parts);
  const found = [...words].filter(([word]) => isMatch(word)).flatMap(([, ours]) => ours);
  return found.length > 0 ? [...new Set(found)] : 'foreign';
}

/** True if a word is the parts with anything between them. */
function isInOrder(word: string, parts: readonly string[]): boolean {
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const found = isLast ? word.length - part.length : word.indexOf(part, at);
    if (found < at || !word.startsWith(part, found) || (index === 0 && found > 0)) return false;
    at = found + part.length;
  }
  return true;
}

function inToolSet(set: string, word: string): readonly string[] | 'foreign' {
  if (!toolSets.has(plain(set))) return 'foreign';
  return words.get(plain(word === '*' ? set : word)) ?? [];
}

const beyondEdits: readonly OwnTool[] = ['delete_file', 'rename_file'];
const beyondCommands: readonly OwnTool[] = [
  ...beyondEdits,
  'git_add',
  'git_commit',
  'git_switch',
  'git_stash',
];

/**
 * The tools that go with a word that takes a right away: other programs delete, move and commit by their shell, so an agent
 * that may not use it may not do so here by a tool of its own.
 */
export function toolsTakenBy(word: string): readonly string[] | 'foreign' | undefined {
  if (builtIn.test(word)) return toolsTakenBy(word.replace(builtIn, ''));
  // A sign may have come into a word of the table: it must not pass for a server's tool.
  const isServers = /^mcp[_.:-]/i.test(word) || !/[.:]/.test(word);
  if (!isServers || (word.includes('/') && words.has(plain(word)))) return undefined;
  const named = toolsNamed(word);
  if (named === undefined || named === 'foreign' || ownTools.some((name) => name === word)) return named;
  return [
    ...new Set([
      ...named,
      ...(named.includes('write_file') ? beyondEdits : []),
      ...(named.includes('terminal') ? beyondCommands : []),
    ]),
  ];
}

/** Every word of the table, for the suggestion of a near one. */
export const toolWords: readonly string[] = [...ownTools, ...rows.flatMap(([all]) => all.split(' '))];

function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}
