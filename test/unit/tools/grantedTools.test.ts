import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAgentDefinition } from '../../../src/formats/agentDefinition.ts';
import { ownTools } from '../../../src/formats/toolWords.ts';
import { agentToolNames } from '../../../src/core/subAgents.ts';
import { grantedTools } from '../../../src/tools/grantedTools.ts';
import { toolBench } from './toolBench.ts';

/** What is left of all tools for a front matter, and what is said of the rest; or the refusal. */
function granted(matter: string, known: readonly string[] = ownTools): Row {
  return grantedIn(`---\n${matter}\n---\nYou review.`, known);
}

type Row = { readonly tools: string; readonly lost: string } | { readonly refused: string };

function grantedIn(text: string, known: readonly string[] = ownTools): Row {
  const parsed = parseAgentDefinition(text);
  if (!parsed.ok) return { refused: `${parsed.line}: ${parsed.message}` };
  const found = grantedTools(parsed.definition, known);
  if (!found.ok) return { refused: `${found.line}: ${found.message}` };
  const lost = found.lost.flatMap(
    ({ message }) => /without (.*): (?:AllSettled|the agent)/.exec(message)?.[1] ?? 'everything',
  );
  return { tools: found.tools ? found.tools.toSorted().join(' ') : 'all', lost: lost.join(' + ') };
}

function sorted(names: string): string {
  return names.split(' ').toSorted().join(' ');
}

function allBut(names: string): string {
  return ownTools.filter((name) => !names.split(' ').includes(name)).join(' ');
}

const agents = 'spawn_agent run_agents list_agents wait_for_agents message_agent cancel_agent resume_agent';
const reading = 'read_file list_files search_text read_output';
const editing = 'edit_file write_file read_output';
const commands = 'terminal delete_file rename_file git_add git_commit git_switch git_stash';
const changes = `write_file ${commands}`;

// The tools that remain are stated by hand: the table of words must not say them of itself.
const rows: readonly (readonly [name: string, matter: string, tools: string, lost?: string])[] = [
  ['no word of tools', 'name: x', 'all'],
  ['an empty front matter', '', 'all'],
  // Claude Code
  ['K2 2e blanks', 'tools: Read Grep Glob', reading],
  ['commas', 'tools: Read, Grep, Glob', reading],
  ['semicolons', 'tools: Read; Grep; Glob', reading],
  ['K2 2e All tools', 'tools: All tools', 'all'],
  ['all', 'tools: all', 'all'],
  ['K2 2e a bare star', 'tools: *', 'all'],
  ['a star in quotes', 'tools: "*"', 'all'],
  ['a star in a list', 'tools: ["*"]', 'all'],
  ['a bare star in a list', 'tools: [*]', 'all'],
  ['a bare star in lines', 'tools:\n  - *', 'all'],
  ['inherit', 'tools: inherit', 'all'],
  ['K2 2f an empty list', 'tools: []', '', 'everything'],
  ['no value', 'tools:', '', 'everything'],
  ['an empty text', 'tools: ""', '', 'everything'],
  ['none', 'tools: none', '', 'everything'],
  ['false', 'tools: false', '', 'everything'],
  ['K2 2f the web alone', 'tools: WebFetch, WebSearch', '', 'WebFetch, WebSearch + everything'],
  ['K2 2f MCP alone', 'tools: mcp__github__list_issues', '', 'mcp__github__list_issues + everything'],
  [
    'the whole of Claude Code',
    'tools: Task, Bash, Glob, Grep, LS, Read, Edit, MultiEdit, Write, NotebookEdit, WebFetch, TodoWrite, BashOutput, KillShell',
    `${reading} terminal edit_file write_file ${agents}`,
    'WebFetch, TodoWrite, KillShell',
  ],
  ['an agent that starts others', 'tools: Agent', `${agents} read_output`],
  ['editing alone', 'tools: Edit', 'edit_file read_output'],
  [
    'editing with a search, which shows all lines',
    'tools: Edit, Grep',
    'edit_file search_text read_file read_output',
  ],
  ['K2 2d a narrowed command', 'tools: Read, Bash(npm test:*)', 'read_file read_output', 'Bash(npm test:*)'],
  ['K2 2d a narrowed edit', 'tools: Read, Edit(src/**)', 'read_file read_output', 'Edit(src/**)'],
  ['K2 2d a narrowed agent', 'tools: Read, Task(worker)', 'read_file read_output', 'Task(worker)'],
  ['K2 2d a narrowed command alone', 'tools: Bash(npm test:*)', '', 'Bash(npm test:*) + everything'],
  [
    'commas inside of parentheses',
    'tools: [Read, Bash(git add:*, git commit:*)]',
    'read_file read_output',
    'Bash(git add:*, git commit:*)',
  ],
  ['a blank before parentheses', 'tools: Read, Bash (git log:*)', 'read_file read_output', 'Bash(git log:*)'],
  ['parentheses that narrow nothing', 'tools: Read(**), Bash(*)', 'read_file terminal read_output'],
  ['narrowed and whole', 'tools: Bash(git log:*), Bash', 'terminal read_output'],
  [
    'a narrowing that YAML takes for a key',
    'tools: Read, Bash(npm run build: *)',
    'read_file read_output',
    'Bash(npm run build: *)',
  ],
  // VS Code and Copilot
  [
    'K2 2a names with their tool sets',
    'tools: ["read/readFile", "search/codebase", "edit/editFiles", "execute/runInTerminal"]',
    `${reading} edit_file write_file terminal`,
  ],
  [
    'K2 2b names without them',
    "tools: ['codebase','search','editFiles','runCommands','changes','problems']",
    `${reading} edit_file write_file terminal git`,
    'problems',
  ],
  [
    'the aliases of GitHub',
    'tools: [read, search, edit, execute, agent, web, todo]',
    `${reading} edit_file write_file terminal ${agents}`,
    'web, todo',
  ],
  ['one alias for searching', 'tools: [search]', 'search_text list_files read_output'],
  ['one alias for editing', 'tools: [edit]', editing],
  ['whole tool sets', 'tools: ["read/*", "search/*"]', reading],
  [
    'a server whose tool has a name of ours',
    'tools: [read, "github/search_code", "azure-mcp/search"]',
    'read_file read_output',
    'github/search_code, azure-mcp/search',
  ],
  ['a server with a blank in its name', 'tools: [read, "Some Docs"]', 'read_file read_output', 'Some Docs'],
  [
    'an extension',
    'tools: [read, ms-python.python/installPythonPackage]',
    'read_file read_output',
    'ms-python.python/installPythonPackage',
  ],
  [
    'tests and tasks, which are less than a terminal',
    'tools: [runTests, runTasks]',
    '',
    'runTests, runTasks + everything',
  ],
  [
    'names as the model has them',
    'tools: [read_file, grep_search, replace_string_in_file, run_in_terminal]',
    'read_file search_text edit_file terminal read_output',
  ],
  ['signs of a chat', 'tools: "#codebase, @read"', `${reading}`],
  // Others
  [
    'Gemini',
    'tools:\n  - read_file\n  - search_file_content\n  - replace\n  - run_shell_command\n  - google_web_search',
    'read_file search_text edit_file terminal read_output',
    'google_web_search',
  ],
  [
    'Codex',
    'tools: [shell, apply_patch, update_plan, view_image]',
    'terminal edit_file write_file read_output',
    'update_plan, view_image',
  ],
  [
    'opencode: some taken away',
    'tools:\n  write: false\n  edit: false',
    allBut('write_file edit_file delete_file rename_file'),
  ],
  [
    'opencode: only some',
    'tools: { "*": false, read: true, grep: true }',
    'read_file search_text read_output',
  ],
  ['opencode: MCP taken away', 'tools:\n  "mymcp_*": false', allBut('')],
  ['opencode: permissions', 'permission:\n  edit: deny\n  bash: deny', allBut(`edit_file ${changes}`)],
  [
    'opencode: permissions for some commands',
    'permission:\n  bash:\n    "*": deny\n    git status: allow',
    allBut(commands),
    'bash (*, git status)',
  ],
  [
    'our own',
    'tools: read_file, git, git_commit, run_batch',
    'read_file git git_commit run_batch read_output',
  ],
  ['a word of nobody', 'tools: Read, Foo', 'read_file read_output', 'Foo'],
  ['words between', 'tools: Read, Grep, and Glob', reading],
  // What is taken away
  ['K2 2g tools taken away', 'disallowedTools: Write, Edit, Bash', allBut(`edit_file ${changes}`)],
  [
    'a list of them',
    'disallowedTools:\n  - Write\n  - Edit',
    allBut('edit_file write_file delete_file rename_file'),
  ],
  ['with a hyphen', 'disallowed-tools: [Edit]', allBut('edit_file')],
  ['with an underscore', 'disallowed_tools: Edit', allBut('edit_file')],
  ['by another word', 'excludeTools: ["edit"]', allBut('edit_file write_file delete_file rename_file')],
  ['our own taken away', 'disallowedTools: terminal', allBut('terminal')],
  [
    'given and taken away',
    'tools: Read, Edit, Bash\ndisallowedTools: Bash, WebFetch',
    'read_file edit_file read_output',
  ],
  ['what only others have taken away', 'disallowedTools: WebFetch, mcp__github__create_issue', allBut('')],
  ['a part taken away', 'disallowedTools: Bash(rm:*)', allBut(commands), 'Bash(rm:*)'],
  ['agents taken away', 'disallowedTools: Task', allBut(agents)],
  ['everything taken away', 'disallowedTools: "*"', '', 'everything'],
  ['a sign that takes away', 'tools: ["*", "!Edit"]', allBut('edit_file')],
  ['all but some', 'tools: All tools except Edit, Task', allBut(`edit_file ${agents}`)],
  [
    'a hook that guards',
    'hooks:\n  PreToolUse:\n    - matcher: Write|Edit\n      hooks: []',
    allBut('edit_file write_file delete_file rename_file'),
    'Write (hook), Edit (hook)',
  ],
  [
    'a hook that guards by a pattern',
    'tools: Read, Edit\nhooks:\n  PreToolUse:\n    - matcher: "Edit.*|Bash"',
    'read_file read_output',
    'Edit* (hook)',
  ],
  ['a hook that guards all', 'hooks:\n  PreToolUse:\n    - matcher: ".*"', '', 'everything'],
  ['no agents of Copilot', 'agents: []', allBut(agents), 'Agent()'],
  ['some agents of Copilot', 'tools: [read]\nagents: [one]', 'read_file read_output'],
  ['all agents of Copilot', 'agents: ["*"]', 'all'],
  [
    'a prefix that says built in',
    'tools: functions.read_file, builtin:bash',
    'read_file terminal read_output',
  ],
  ['a hook afterwards', 'hooks:\n  PostToolUse:\n    - matcher: Edit', 'all'],
  // Keys and text as people write them
  ['a key with a capital', 'Tools: Read', 'read_file read_output'],
  ['a key in quotes', '"tools": Read', 'read_file read_output'],
  ['one tool, and the key too', 'tool: Read', 'read_file read_output'],
  ['the word of commands', 'allowed-tools: Read', 'read_file read_output'],
  ['both words for them', 'tools: Read, Edit\nallowed-tools: Read, Bash', 'read_file read_output'],
  ['a colon without a blank', 'name: x\ntools:Read', 'read_file read_output'],
  ['an equals sign', 'name: x\ntools = Read', 'read_file read_output'],
  ['an unindented list', 'tools:\n- Read\n- Grep\nmodel: inherit', 'read_file search_text read_output'],
  ['a list over lines', 'tools: [\n  Read,\n  Grep,\n]', 'read_file search_text read_output'],
  ['a text over lines', 'tools: Read,\n  Grep', 'read_file search_text read_output'],
  ['quoted names', "tools: 'Read', 'Grep'", 'read_file search_text read_output'],
  ['a comment behind', 'tools: Read, Grep # and no more', 'read_file search_text read_output'],
  ['tabs', 'tools:\tRead,\tGrep', 'read_file search_text read_output'],
  [
    'K17 17a a description that goes on in unindented lines',
    'name: x\ndescription: Use it so:\n\n<example>\nContext: late\nuser: "Go on"\nassistant: "I\'ll: do"\n</example>\ntools: Read, Grep\nmodel: sonnet',
    'read_file search_text read_output',
  ],
  ['a description with a colon', 'description: Use it so: now\ntools: Read', 'read_file read_output'],
  ['K17 17d a description that is a number', 'description: 2024\ntools: Read', 'read_file read_output'],
  ['an unused key that is broken', 'color: [red\ntools: Read', 'read_file read_output'],
  ['the same key twice, alike', 'tools: Read\ntools: Read', 'read_file read_output'],
  ['an item that is no name', 'tools: [Read, 5, { a: 1 }]', 'read_file read_output', '5, {"a":1}'],
];

describe('the tools that a front matter leaves', () => {
  for (const [name, matter, tools, lost = ''] of rows)
    test(name, () =>
      assert.deepEqual(granted(matter), { tools: tools === 'all' ? tools : sorted(tools), lost }),
    );
});

const whole: readonly (readonly [name: string, text: string, tools: string])[] = [
  ['a blank line before the fence', '\n\n---\ntools: Read\n---\nText.', 'read_file read_output'],
  [
    'a comment before the fence',
    '<!-- of\nthe team -->\n---\ntools: Read\n---\nText.',
    'read_file read_output',
  ],
  ['a byte order mark', '\uFEFF---\ntools: Read\n---\nText.', 'read_file read_output'],
  ['a blank line and a byte order mark', '\n\uFEFF---\ntools: Read\n---\nText.', 'read_file read_output'],
  ['line ends of Windows', '---\r\ntools: Read\r\n---\r\nText.', 'read_file read_output'],
  ['line ends of old', '---\rtools: Read\r---\rText.', 'read_file read_output'],
  ['longer fences with blanks behind', '----- \ntools: Read\n---- \nText.', 'read_file read_output'],
  ['an end with dots', '---\ntools: Read\n...\nText.', 'read_file read_output'],
  [
    'an indented front matter',
    '\n    ---\n    name: x\n    tools: Read\n    ---\n    Text.',
    'read_file read_output',
  ],
  ['a file in a fence of code', '```chatagent\n---\ntools: Read\n---\nText.\n```', 'read_file read_output'],
  ['no front matter', 'Text.\n\n---\n\nMore.\n\n---\n', 'all'],
  ['a rule at the beginning', '---\n\nText of the agent.', 'all'],
  ['no front matter, but words of tools', 'Text.\n\nYour tools: Read.\n', 'all'],
];

describe('the tools of a file with', () => {
  for (const [name, text, tools] of whole)
    test(name, () =>
      assert.deepEqual(grantedIn(text), { tools: tools === 'all' ? tools : sorted(tools), lost: '' }),
    );
});

const refused: readonly (readonly [name: string, text: string, message: RegExp])[] = [
  [
    'a list that is not closed',
    '---\nname: x\ntools: [Read\n---\nText.',
    /^3: The front matter is not YAML: "tools" can't be read/,
  ],
  ['a number', '---\ntools: 5\n---\nText.', /^2: "tools" can't be read: 5\. It must be/],
  [
    'words for yes and no that are none',
    '---\ntools: { write: perhaps }\n---\nText.',
    /^2: "tools" can't be read/,
  ],
  [
    'keys that differ',
    '---\ntools: Read\nname: x\ntools: Bash\n---\nText.',
    /^4: "tools" is in line 2 already/,
  ],
  ['a key that is spelled wrong', '---\ndisalowedTools: Bash\n---\nText.', /^2: "disalowedTools" is no key/],
  ['a key of nobody', '---\ntoolBlocklist: Bash\n---\nText.', /^2: "toolBlocklist" is no key/],
  [
    'a word taken away that is spelled wrong',
    '---\ndisallowedTools: Wirte\n---\nText.',
    /^2: .*takes away "Wirte".*"Write"/,
  ],
  ['an item taken away that is no name', '---\ndisallowedTools: [5]\n---\nText.', /^2: .*takes away "5"/],
  [
    'exceptions from what is taken away',
    '---\ndisallowedTools: ["*", "!Read"]\n---\nText.',
    /^2: "disallowedTools" can't be read/,
  ],
  [
    'a map of what is taken away',
    '---\ndisallowedTools: { Bash: true }\n---\nText.',
    /^2: "disallowedTools" can't be read/,
  ],
  [
    'an indented key',
    '---\nname: x\n tools: Read\n---\nText.',
    /^3: This names tools, and is no key: a key begins its line/,
  ],
  ['a permission of nobody', '---\npermission: sometimes\n---\nText.', /^2: "permission" can't be read/],
  ['a rule of nobody', '---\npermission:\n  bash: sometimes\n---\nText.', /^2: "permission" can't be read/],
  [
    'a front matter without its end',
    '---\nname: x\ntools: Read\n\nText.',
    /^1: The front matter that begins here has no end/,
  ],
  ['a title before it', '# Agent\n\n---\ntools: Read\n---\nText.', /^4: This looks like front matter/],
  ['a second one', '---\nname: x\n---\n---\ntools: Read\n---\nText.', /^5: This looks like front matter/],
  ['no fences', 'name: x\ntools: Read\n\nText.', /^2: This looks like front matter/],
  ['no fence before it', 'name: x\ntools: Read\n---\nText.', /^2: This looks like front matter/],
  [
    'a fence of code for its fence',
    '```yaml\nname: x\ntools: Read\n```\nText.',
    /^3: This looks like front matter/,
  ],
  ['TOML', '+++\nname = "x"\ntools = ["Read"]\n+++\nText.', /^3: This looks like front matter/],
  ['no text', '---\ntools: Read\n---\n \n', /^2: It has no text that says what the agent is\./],
];

describe('a restriction that can not be read refuses:', () => {
  for (const [name, text, message] of refused)
    test(name, () => {
      const row = grantedIn(text);
      assert.match('refused' in row ? row.refused : `not refused: ${JSON.stringify(row)}`, message);
    });
});

const restricted = [
  '---\nname: x\ntools: Read, Grep\nmodel: sonnet\n---\nYou review.\n',
  '---\nname: x\ndescription: Use: it\ntools: [Read, Grep]\n---\nYou review.\n',
  '---\nname: x\ntools:\n  - Read\n  - Grep\n---\nYou review.\n',
  '---\nname: x\ndisallowedTools: Bash, Write, Edit\n---\nYou review.\n',
];
// A line that is torn or joined, a comment, a server's tool and another word are not told from what somebody means.
const signs = [...' \t-:"[{(*|&!@>?.', '\0', '\u00a0', '\ufeff'];

/** Each text that one sign more, less or in place of another makes of a front matter. */
function* mistyped(text: string): Generator<string> {
  for (let at = 0; at < text.indexOf('You review'); at++) {
    if (text[at] === '\n') continue;
    const [before, after] = [text.slice(0, at), text.slice(at + 1)];
    yield before + after;
    for (const sign of signs) {
      yield before + sign + after;
      yield before + sign + text.slice(at);
    }
  }
}

test('no mistyped sign in a restriction gives an agent more', () => {
  const more = ['terminal', 'write_file', 'edit_file'];
  for (const text of restricted.flatMap((each) => [each, ...mistyped(each)])) {
    const row = grantedIn(text);
    const isMore = 'tools' in row && (row.tools === 'all' || more.some((name) => row.tools.includes(name)));
    assert.ok(!isMore, JSON.stringify(text));
  }
});

test('the table of words holds each of our tools, and no other of ours', async (t) => {
  const bench = await toolBench(t);
  assert.deepEqual(ownTools, bench.names());
  assert.deepEqual(sorted(agents), sorted(agentToolNames.join(' ')));
});

test('what the agent that asks does not have itself is named', () => {
  assert.deepEqual(granted('tools: Read, edit', ['read_file', 'edit_file', 'read_output']), {
    tools: 'edit_file read_file read_output',
    lost: 'write_file',
  });
  assert.deepEqual(granted('tools: Read, Bash', ['read_file', 'read_output']), {
    tools: 'read_file read_output',
    lost: 'Bash',
  });
});
