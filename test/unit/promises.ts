/**
 * The sentences of the README's section *Security*, each with the tests that hold it: a file below `test`, and words of a
 * test's name, or a whole entry of the table that makes its tests.
 */
export const promises: Readonly<Record<string, readonly string[]>> = {
  // Permissions: what is promised
  'Nothing in the workspace is changed.': [
    'unit/safety/readOnly.test.ts: read-only: reading git leaves a repository as it is',
    'unit/safety/readOnly.test.ts: read-only: every reading command leaves a repository as it is',
    'unit/safety/readOnly.test.ts: W1, read-only: what starts and looks after agents leaves a repository as it is',
    'unit/adapters/sandbox.test.ts: without a writable folder a command writes to its temporary one alone',
  ],
  'The one exception is the save file of an agents file that you run.': [
    'unit/runtime/ceiling.test.ts: where the settings were narrowed, no container writes and no child gets more',
    'unit/cli/agents.test.ts: a script gets the events, and the counts and tasks as the last line',
  ],
  'Commands run only if they provably only read, or if the sandbox confines them.': [
    'unit/tools/confinedTerminal.test.ts: without a sandbox a read-only agent gets no command of its own',
    'unit/tools/confinement.test.ts: sandbox ${use}, it ${works}, ${permission}: ${expected}',
    'unit/safety/hostileCommands.test.ts: ${about}: ${table.length} command lines',
  ],
  'Files are edited in the workspace alone.': [
    'unit/safety/hostilePaths.test.ts: hostile paths: what leads out is refused in the same way by every tool that takes a path',
  ],
  'A command that does more than read is shown to you before it runs: exactly that command, and all of it.': [
    'unit/runtime/waysIn.test.ts: and needs a person where it is workspace-write: ${way}',
    'unit/views/hostileSession.test.ts: questions show what would run, sign by sign',
    'unit/views/waitingCalls.test.ts: a dialog shows some lines with nothing hidden; a document shows what is longer',
    'unit/views/waitingCalls.test.ts: is shown neither in a row nor in a notification',
  ],
  'The question is left out only if a rule, your answer for the session or the sandbox allows the command.': [
    'unit/safety/permission.test.ts: each permission judges reading, writing and commands',
    'unit/safety/permission.test.ts: a confined command is allowed by every permission',
    'unit/engine/approvalProperties.test.ts: nothing runs without its approval',
    'unit/engine/approvalBinding.test.ts: what a rule allows asks nobody, whatever the script says',
  ],
  'File tools stay in the workspace.': [
    'unit/safety/hostilePaths.test.ts: hostile paths: what leads out is refused in the same way by every tool that takes a path',
  ],
  'Only your own user settings, or the flag in a terminal, choose this permission.': [
    'unit/adapters/settings.test.ts: no workspace and no folder of it sets allsettled.',
    'unit/cli/run.test.ts: a file can narrow the permission but not widen it',
    'unit/runtime/waysIn.test.ts: and needs a person where it is workspace-write: ${way}',
  ],
  'The status bar shows it.': [
    'unit/ui/permissionStatus.test.ts: the status bar shows the permission unlimited while it is set, and no other',
  ],

  // Permissions: what is not promised
  'Every file of the workspace can be read, .env included.': [
    'unit/runtime/limits.test.ts: limit of read-only: any file is read and sent to the API',
  ],
  'What is read is sent to the API.': [
    'unit/runtime/limits.test.ts: limit of read-only: any file is read and sent to the API',
  ],
  'An edit can change what you run later, such as a build script.': [
    'unit/runtime/limits.test.ts: limit of workspace-write: what runs later is changed without a question',
  ],
  'A command that you allow can do all that you can.': [
    'unit/runtime/limits.test.ts: limit of ${permission}: a command leaves the workspace',
  ],
  'Commands can do all that you can, and you are not asked.': [
    'unit/runtime/limits.test.ts: limit of ${permission}: a command leaves the workspace',
  ],

  // Decisions
  'A sub-agent never gets a wider permission than its parent.': [
    'unit/runtime/subAgents.test.ts: what can not be is refused at once, and each refusal names why',
    'unit/runtime/ceiling.test.ts: where the settings were narrowed, no container writes and no child gets more',
  ],
  'A batch file, an agents file, an agent definition and another extension never get more than your settings allow.':
    [
      'unit/runtime/waysIn.test.ts: a batch file that asks for more',
      'unit/runtime/waysIn.test.ts: an agents file that asks for more',
      'unit/runtime/waysIn.test.ts: an agent definition that asks for more',
      "host/suite/exportedApi.test.ts: an agent is never given more than the user's settings allow",
    ],
  'No repository can set a setting of AllSettled.': [
    'unit/adapters/settings.test.ts: no workspace and no folder of it sets allsettled.',
    'unit/contributions.test.ts: no setting can be set by a folder that is opened',
    'unit/trust.test.ts: every setting has the scope that it was judged to need, which no folder can write to',
    'host/suite/approvals.test.ts: what loosens safety can not be set by a folder',
  ],
  'A session that is continued never gets more than is on record for it, in any program.': [
    'unit/runtime/sessionBounds.test.ts: a wider setting of another program gives a session no more',
    'unit/cli/resumeBounds.test.ts: R1: without a flag what is on record holds, also for a batch',
  ],

  // An approval
  'An approval counts for one exact command in one folder, which you are shown.': [
    'unit/engine/approval.test.ts: allowing for the session covers exactly the same bytes, and nothing else',
    'unit/engine/approval.test.ts: allowing for the session counts in the same folder alone',
    'unit/engine/approval.test.ts: what is asked names the folder that the call would run in',
    'unit/views/waitingCalls.test.ts: a question says who asks, for what and in which folder',
  ],
  'It counts only while the scripts that the command names are unchanged.': [
    'unit/engine/approvalBinding.test.ts: a script that changes while the person thinks is asked about again',
    'unit/engine/approvalBinding.test.ts: a script that changes while its call waits for its slot is asked about again',
    'unit/runtime/changedScripts.test.ts: is asked again once ${script} has changed',
  ],
  'Scripts that it names by patterns, loops, folders, modules, wrappers or package.json are found, too.': [
    'unit/safety/boundCommands.test.ts: A1: what a command runs is bound, in whatever way its line names it',
  ],
  'If the command does not tell what it runs, the question says Not held, and what.': [
    'unit/safety/boundCommands.test.ts: A1: what can be told from the line to be run and not what it is, is said',
    'unit/views/waitingCalls.test.ts: A1: what an answer does not hold is said in the notification',
  ],
  'Such a question also says that installed programs, and what scripts load or run in turn, are not held.': [
    'unit/views/waitingCalls.test.ts: A1: what an answer does not hold is said in the notification',
  ],
  'An approval of a commit counts for what is staged, on that branch and commit.': [
    'unit/tools/gitWriting.test.ts: an answer about a commit counts for what is staged then, on that branch and commit',
  ],
  'An approval of a switch counts for the commit that the branch is at, and one of a stash for that entry.': [
    'unit/tools/gitWriting.test.ts: an answer about a switch counts for the commit that the branch is at',
  ],

  // A rule
  'A rule allows a command without a question, whatever its scripts hold by then, until you remove the rule.':
    [
      'unit/engine/approvalBinding.test.ts: what a rule allows asks nobody, whatever the script says',
      'unit/runtime/approvalRules.test.ts: the setting is read for each call',
    ],
  'A rule for the beginning of commands covers single plain commands alone.': [
    'unit/safety/commandPrefix.test.ts: a prefix covers nothing that does more, or that a shell would change',
  ],
  'It is offered only for known beginnings, with what each does at most.': [
    'unit/safety/commandPrefix.test.ts: suggestedPrefix: no prefix is offered for a program that runs anything',
    'unit/safety/commandPrefix.test.ts: each prefix that is offered has words for what it does at most',
    'unit/views/ruleText.test.ts: before a rule is made, all that it covers is said, and how to take it back',
  ],
  'npm test is one of these, whatever its test script does.': [
    'unit/safety/commandPrefix.test.ts: the prefix to offer is the program',
    'unit/engine/approvalBinding.test.ts: what a rule allows asks nobody, whatever the script says',
  ],
  'You are asked all the same if an option leads beyond that.': [
    'unit/safety/commandPrefix.test.ts: a rule for an offered prefix covers no command that does more than the offer says',
  ],
  'A beginning that you write into the settings yourself covers every plain command that begins like it.': [
    'unit/safety/commandPrefix.test.ts: a rule that a person wrote for another beginning covers all that begins like it',
  ],

  // The sandbox
  'The sandbox (allsettled.terminal.sandbox) takes network and sockets from a command, and lets it write only to the workspace and a temporary folder.':
    [
      'unit/adapters/sandbox.test.ts: a confined command reaches no network and no socket',
      'unit/adapters/sandbox.test.ts: a confined command does not get to write: ${what}',
      'unit/adapters/sandbox.test.ts: a confined command works in its workspace and in a folder of its own',
    ],
  "It hides AllSettled's own folder and the usual places of credentials.": [
    'unit/adapters/sandbox.test.ts: anything of the state folder',
    'unit/adapters/sandbox.test.ts: a private key',
    'unit/adapters/sandbox.test.ts: credentials of a cloud',
  ],
  'With required no command runs unconfined, also when the session is continued.': [
    'unit/tools/confinement.test.ts: with the sandbox required, nothing else says what to do than the refusal',
    'unit/tools/confinement.test.ts: what was allowed because it would be confined never runs unconfined',
    'unit/runtime/sessionBounds.test.ts: R1: a session whose commands were confined goes on nowhere else, and says why',
  ],
  'Each .git, .vscode and workspace file is protected, at any depth but not in node_modules.': [
    'unit/adapters/sandboxTogether.test.ts: S2: a confined command does not get to write ${what}',
    'unit/adapters/sandboxTogether.test.ts: a repository eight folders deep',
    'unit/adapters/sandbox.test.ts: a file of a workspace',
    'unit/adapters/protectedPlaces.test.ts: S2: what is in node_modules is not protected',
  ],
  'So is the git folder that a .git file names.': [
    'unit/adapters/sandboxTogether.test.ts: a git folder under another name',
  ],
  'A .git or .vscode that does not exist yet is protected in the workspace folders themselves.': [
    'unit/adapters/sandboxTogether.test.ts: confined commands at once write no protected place of ${what}',
    'unit/adapters/sandboxTogether.test.ts: S2: each of several roots is protected',
  ],
  'Of very many folders the nearest are protected, and those that git lists as worktrees and submodules; the result says so.':
    [
      'unit/adapters/protectedPlaces.test.ts: S2: beyond the folders that are looked into, what git lists is found, and the rest is told',
    ],
  'A command can make a new workspace file in these folders, and its result names it.': [
    'unit/adapters/sandboxTogether.test.ts: S2: a workspace file that appeared while a command ran is told',
  ],
  'If one of these places is a symbolic link, no command runs.': [
    'unit/adapters/sandboxTogether.test.ts: S2: no command runs where a protected place is a link that it could replace',
  ],

  // Edits and reverts
  "No file tool writes to .git, git folders of another name, .vscode, workspace files, an editor's settings or AllSettled's own folder, even if they do not exist yet.":
    [
      'unit/safety/hostilePaths.test.ts: hostile paths: what steers git and the editor is written by no tool, also where it is not there yet',
      'unit/safety/hostilePaths.test.ts: hostile paths: AllSettled’s own folder inside the workspace is written by no tool',
      'unit/safety/writablePath.test.ts: git folders of another name are protected',
      'unit/safety/writablePath.test.ts: P1: the settings of an editor’s user are protected',
    ],
  "An editor's settings are known by their place, not by a name.": [
    'unit/safety/writablePath.test.ts: K16: ordinary data is no editor’s settings, whatever it is called',
    'unit/safety/writablePath.test.ts: P1: the settings of an editor’s user are protected, whatever the editor is called',
  ],
  "Such places are the usual folders for settings, an editor's portable folder, and a folder in which an editor has run.":
    [
      'unit/safety/writablePath.test.ts: P1: the settings of an editor’s user are protected',
      'unit/safety/writablePath.test.ts: P1: the portable folder beside an editor’s own files is protected',
      'unit/safety/writablePath.test.ts: P1: a folder that an editor keeps its user’s data in is known by what the editor left there',
    ],
  'A file that a link leads to from such a place is protected as well.': [
    'unit/safety/writablePath.test.ts: P1: settings that are kept in the workspace and linked to from their place are protected',
  ],
  'A revert brings back what edits changed, byte for byte.': [
    'unit/runtime/reverts.test.ts: an agent’s edits are taken back and brought back, byte for byte',
    'unit/runtime/revertProperties.test.ts: edits of any turns are taken back and brought back, byte for byte',
  ],
  'It does not cover what commands changed, and says so.': [
    'unit/views/revertText.test.ts: a person is told of each file what becomes of it, who changed it since, and what is not covered',
  ],

  // Programs
  'AllSettled itself starts no program that lies in the workspace, not even through a link or an entry of PATH.':
    [
      'unit/adapters/foreignPrograms.test.ts: G1: by ${what}, no program is found in the workspace',
      'unit/adapters/foreignPrograms.test.ts: a link to a program of the workspace',
      'unit/cli/foreignPrograms.test.ts: G1: under read-only no program of an activated environment of the workspace runs',
    ],
  'It hands on no variable that leads there.': [
    'unit/adapters/foreignPrograms.test.ts: G1: no variable leads a program that is started without a question into the workspace',
  ],
  'Without another ripgrep, files are searched one by one.': [
    'unit/adapters/foreignPrograms.test.ts: G1: where there is no ripgrep but one of the workspace, files are searched one by one',
  ],

  // Paths
  'Paths are checked with all links resolved, for every tool.': [
    'unit/safety/hostilePaths.test.ts: hostile paths: what leads out is refused in the same way by every tool that takes a path',
    'unit/safety/containment.test.ts: a link that leads out is refused, with where it leads',
  ],
  'If a folder becomes a link after the check, what a read found there is not shown.': [
    'unit/safety/hostilePaths.test.ts: hostile paths: a folder that becomes a link after it was checked is not followed by ${what}',
  ],
  'On Linux a write reaches only the folder that was checked.': [
    'unit/adapters/ledAway.test.ts: T1: of files that are written while their folder and a link change places, none is outside',
    'unit/adapters/ledAway.test.ts: T1: what is done in a folder that is held stays in it, whatever its path leads to',
  ],
  'Elsewhere the path is looked at again before and after the write.': [
    'unit/adapters/ledAway.test.ts: T1: a folder that is looked at by its path is known to be swapped',
  ],
  'The editor is not asked to write through such a link.': [
    'unit/adapters/removeAndMove.test.ts: an editor is not asked to follow a folder that became a link',
  ],
  'What was led away is taken back, and the call fails.': [
    'unit/adapters/ledAway.test.ts: is taken back where its folder becomes a link at the last moment',
    'unit/adapters/ledAway.test.ts: T1: what an editor makes behind a folder that became a link is taken back, and told',
  ],
  'If the editor deleted or moved something behind such a link, the call fails and says so.': [
    'unit/adapters/ledAway.test.ts: T1: what an editor deletes or moves behind a folder that became a link is told',
  ],

  // Two windows or terminals
  "Two windows or terminals with one state folder never overwrite each other's edits.": [
    'unit/adapters/fileLocks.test.ts: 6: of the edits of two programs all that succeeded are in the file',
  ],
  'A file is locked from the last look at it to its replacement.': [
    'unit/adapters/fileLocks.test.ts: 6: of the edits of two programs all that succeeded are in the file',
    'unit/adapters/fileLocks.test.ts: 6: work on one file is done one after the other, in two programs as in one',
  ],
  'If no lock can be made, the file is written without one.': [
    'unit/adapters/fileLocks.test.ts: 6: where no lock can be made, files are written all the same',
  ],
  'A file that another program has changed is not overwritten.': [
    'unit/adapters/writeFiles.test.ts: a file that is not as expected is not replaced',
    'unit/tools/writing.test.ts: an edit of a file that changed since it was read fails',
  ],

  // Git
  'The tools named git… run no hook, filter, external diff or monitor of the repository.': [
    'unit/tools/git.test.ts: no program that a repository’s config names is run',
    'unit/safety/hostileGitConfig.test.ts: core.fsmonitor',
    'unit/safety/hostileGitConfig.test.ts: hooks in the repository’s folder',
    'unit/safety/hostileGitConfig.test.ts: diff.external',
    'unit/safety/hostileGitConfig.test.ts: filter.<driver>.smudge',
  ],
  'They refuse a bare repository that lies in a folder of the workspace.': [
    'unit/tools/gitPlain.test.ts: a bare repository in a folder of the working tree is refused',
  ],
  'Reading git leaves every byte and time of a repository as it is.': [
    'unit/safety/readOnly.test.ts: read-only: reading git leaves a repository as it is',
  ],
  'Addresses of git remote and git config are shown without passwords and tokens.': [
    'unit/safety/hostileGitConfig.test.ts: I1: a token in the addresses that the person’s own config puts in place of others',
  ],
  'They refuse a repository that leads git out of the workspace: by its configuration, a link or shared objects.':
    [
      'unit/safety/hostileGitConfig.test.ts: include.path to a config outside',
      'unit/safety/hostileGitConfig.test.ts: I1: a config of the working tree that names one outside in turn',
      'unit/safety/hostileGitPlaces.test.ts: I1: a link in the place of ${name}',
      'unit/safety/hostileGitPlaces.test.ts: I1: objects that another repository keeps',
    ],

  // The API key
  'There is no setting that holds the key.': [
    'unit/trust.test.ts: every setting has the scope that it was judged to need, which no folder can write to',
  ],
  'In a terminal it comes from a file, an open input or ANTHROPIC_API_KEY.': [
    'unit/cli/apiKey.test.ts: from a file is used, and neither the program nor its commands have it in their environment',
    'unit/cli/apiKey.test.ts: from the standard input is used, and masked where it turns up',
    'unit/cli/apiKey.test.ts: E1: the environment variable is taken out of the environment',
  ],
  'A key file in the workspace is refused.': [
    'unit/cli/apiKey.test.ts: E1: a key file that agents could read is wrong usage, and nothing runs',
  ],
  'No process that AllSettled starts gets the key in its environment or as an open file.': [
    'unit/adapters/keyOutOfChildren.test.ts: neither a command line nor a program finds the key in its environment, under no name',
    'unit/adapters/keyOutOfChildren.test.ts: ripgrep is started without the variables of the API',
    'unit/cli/apiKey.test.ts: from a descriptor is used, which is closed then',
  ],
  'A confined command sees neither the key file nor the environment of other processes.': [
    'unit/cli/apiKey.test.ts: in a file is out of reach of a confined command',
    'unit/adapters/sandbox.test.ts: the environment of the host',
    'unit/adapters/sandbox.test.ts: what other programs run',
  ],
  'In output, logs, sessions and save files the key is masked.': [
    'unit/cli/secretKey.test.ts: an agent that comes upon the key in many ways leaves it nowhere',
    'unit/store/maskedSession.test.ts: neither title nor events nor kept texts hold the key',
    'unit/runtime/keyInUse.test.ts: no log gets the key, neither in a message nor in a cause or its cause',
    'unit/runtime/keptKey.test.ts: an answer that quotes the API key is kept without it',
  ],
  'No redirect is followed with it.': [
    'unit/models/redirects.test.ts: ${what} does not follow a redirect with status ${status}',
  ],

  // Traffic that leaves the machine
  "AllSettled opens connections only to the API, at Anthropic's address or your own.": [
    'unit/connections.test.ts: nothing but the client of the model opens a connection: there is no telemetry',
    'unit/runtime/sessionBounds.test.ts: X1: where the setting of the address changes while an agent is at work, nothing goes to the other one',
  ],
  'There is no telemetry.': [
    'unit/connections.test.ts: nothing but the client of the model opens a connection: there is no telemetry',
    'unit/models/anthropicClient.test.ts: the tracing of another extension in the same host sees no request',
  ],
  'Variables of the environment do not change that address.': [
    'unit/models/redirects.test.ts: neither token nor address nor headers of the environment go with a request',
  ],
  'Sessions lie in a folder that you alone can read.': [
    'unit/runtime/leaving.test.ts: is readable by its owner alone and never holds the key',
    'unit/store/sessionLog.test.ts: journal and blobs are readable by their owner alone',
  ],

  // Display
  'What is shown is text.': [
    'unit/trust.test.ts: nothing is drawn as Markdown, as HTML or in a web view',
    'unit/views/hostileSession.test.ts: rows of the tree and entries of the list are one line of words',
  ],
  'No image is loaded, no HTML is drawn, and no link of a model hides its target.': [
    'unit/views/hostileText.test.ts: in Markdown nothing but code holds markup that does something',
    'unit/views/hostileSession.test.ts: documents of results and conversations hold visible text, and the conversation no live markup',
    'unit/trust.test.ts: a message takes its words from where no text of others is a link',
  ],
  'No escape sequence reaches a terminal.': [
    'unit/views/hostileText.test.ts: no place drives a terminal or reorders what is read',
    'unit/views/hostileSession.test.ts: a terminal is shown lines of visible text, and JSON that has the same values',
    'unit/cli/run.test.ts: neither an id of a file nor what a tool prints can drive the terminal',
  ],
  "Characters that can't be seen, or that reorder others, are shown by their codes (⟨U+202E⟩).": [
    'unit/core/visibleText.test.ts: V1: in what is approved every ignorable, format, unassigned, private and blank code point is a code',
    'unit/core/visibleText.test.ts: V1: in prose, documents and terminals every ignorable, format and unassigned code point is a code',
  ],
  'Letters that look like others are shown as they are.': [
    'unit/core/visibleText.test.ts: V1: ordinary letters, digits, punctuation and symbols of every script are shown as they are',
  ],

  // A folder that is not trusted, a virtual workspace
  'No agent, batch file or agents file starts there.': [
    'host/suite/trust.agents.restricted.test.ts: agents and batch files do not start, whoever asks',
    'unit/trust.test.ts: nothing that starts work is offered in a folder that is not trusted',
  ],
  'Nothing that was interrupted is taken over, resumed or followed up.': [
    'host/trustSteps.ts: in Restricted Mode nothing is taken over, and the view says why and what to do',
    'host/suite/trust.agents.restricted.test.ts: what was interrupted can be looked at, and nothing goes on with it or works on the folder',
  ],
  'Past sessions can be read.': [
    'host/suite/trust.agents.restricted.test.ts: what was interrupted can be looked at, and nothing goes on with it or works on the folder',
  ],
  'In a terminal, to start AllSettled in a folder is to trust it.': [
    'unit/cli/agents.test.ts: a named definition says what the agent is, and which tools it has',
  ],
  'A virtual workspace can be read, listed and searched.': [
    'host/suite/virtualWorkspace.test.ts: files are read, listed and searched; commands, git and edits are refused and say why',
    'unit/adapters/virtualFiles.test.ts: text is searched file by file, and searches on the disk go their way',
  ],
  'Commands, git and edits are refused there, with the reason.': [
    'host/suite/virtualWorkspace.test.ts: files are read, listed and searched; commands, git and edits are refused and say why',
    'unit/tools/onDiskOnly.test.ts: in a virtual workspace nobody is asked, nothing runs, and the reason is the outcome',
    'unit/adapters/virtualFiles.test.ts: nothing is written, deleted or moved there',
  ],
};
