/** What a folder that is opened can not decide: the settings, by their scopes, and what the window runs or draws. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

type Judged = 'loosens safety' | 'costs or amounts';

/** Each setting with its scope; a new one fails until somebody has judged it. */
const judged: Readonly<Record<string, readonly ['application' | 'machine', Judged]>> = {
  'allsettled.permission': ['application', 'loosens safety'],
  'allsettled.edits.review': ['application', 'loosens safety'],
  'allsettled.approvals.rules': ['application', 'loosens safety'],
  'allsettled.terminal.sandbox': ['machine', 'loosens safety'],
  'allsettled.baseUrl': ['application', 'loosens safety'],
  'allsettled.model': ['application', 'costs or amounts'],
  'allsettled.maxTokens': ['application', 'costs or amounts'],
  'allsettled.lanes.io': ['application', 'costs or amounts'],
  'allsettled.lanes.process': ['application', 'costs or amounts'],
  'allsettled.lanes.model': ['application', 'costs or amounts'],
  'allsettled.retries.turn': ['application', 'costs or amounts'],
  'allsettled.retries.longestWaitSeconds': ['application', 'costs or amounts'],
  'allsettled.timeouts': ['application', 'costs or amounts'],
  'allsettled.output.maxFileMegabytes': ['application', 'costs or amounts'],
  'allsettled.agents.maxDepth': ['application', 'costs or amounts'],
  'allsettled.agents.maxInSession': ['application', 'costs or amounts'],
  'allsettled.notices.completed': ['application', 'costs or amounts'],
  'allsettled.sessions.maxAgeDays': ['application', 'costs or amounts'],
  'allsettled.sessions.maxMegabytes': ['application', 'costs or amounts'],
};

interface Support {
  readonly supported: unknown;
  readonly description: string;
  readonly restrictedConfigurations?: readonly string[];
}

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: Support; readonly virtualWorkspaces: Support };
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, { readonly scope?: string }>>;
    }[];
    readonly viewsWelcome: readonly { readonly contents: string; readonly when?: string }[];
  };
}

const root = path.join(import.meta.dirname, '..', '..');
const { capabilities, contributes } = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
) as Manifest;

test('every setting has the scope that it was judged to need, which no folder can write to', () => {
  const scopes = contributes.configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([name, { scope }]) => [name, scope]),
  );
  const expected = Object.entries(judged).map(([name, [scope]]) => [name, scope]);
  assert.deepEqual(Object.fromEntries(scopes), Object.fromEntries(expected));
});

test('what loosens safety counts from the user alone, also in an editor that goes by no scope', () => {
  const loosening = Object.keys(judged).filter((name) => judged[name]?.[1] === 'loosens safety');
  assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, loosening);
});

test('the capabilities say why they are limited', () => {
  const { untrustedWorkspaces, virtualWorkspaces } = capabilities;
  assert.deepEqual([untrustedWorkspaces.supported, virtualWorkspaces.supported], ['limited', 'limited']);
  assert.match(
    untrustedWorkspaces.description,
    /no agents, batch files, agents files, definitions or AGENTS\.md/,
  );
});

test('nothing that starts work is offered in a folder that is not trusted', () => {
  const starting = /command:allsettled\.(startAgent|runBatch|runAgents|setApiKey)/;
  for (const { contents, when = '' } of contributes.viewsWelcome)
    if (starting.test(contents)) assert.match(when, /(^|&& )isWorkspaceTrusted/, contents);
  const untrusted = contributes.viewsWelcome.find(({ when = '' }) => when.includes('!isWorkspaceTrusted'));
  assert.match(untrusted?.contents ?? '', /\(command:workbench\.trust\.manage\)/);
});

/** All sources that draw in VS Code, by their path. */
const drawing = ['src/ui', 'src/adapters/vscode'].flatMap((folder) =>
  readdirSync(path.join(root, folder)).map((name) => {
    const file = `${folder}/${name}`;
    return { file, source: readFileSync(path.join(root, file), 'utf8') };
  }),
);

const filesWith = (pattern: RegExp): readonly string[] =>
  drawing.filter(({ source }) => pattern.test(source)).map(({ file }) => file);

test('nothing is drawn as Markdown, as HTML or in a web view', () => {
  assert.deepEqual(filesWith(/MarkdownString|supportHtml|[wW]ebview/), []);
});

test('a quick pick takes its entries from where no text of others is an icon', () => {
  const constant = ['src/ui/sessions.ts'];
  const picking = filesWith(/showQuickPick|createQuickPick/).filter((file) => !constant.includes(file));
  assert.deepEqual(
    picking.filter((file) => !filesWith(/\b(pickItem|withoutIcons)\b/).includes(file)),
    [],
  );
});

test('a message takes its words from where no text of others is a link', () => {
  // The words of these are ours alone, or a dialog's, in which VS Code makes no links.
  const judgedFiles = [
    'src/ui/allowAll.ts',
    'src/ui/approvalList.ts',
    'src/ui/approvalNotification.ts',
    'src/ui/approvalRules.ts',
    'src/ui/giveAnswer.ts',
    'src/ui/keyCommands.ts',
    'src/ui/reviewCall.ts',
  ];
  const telling = filesWith(/\.show(Information|Warning|Error)Message\(/);
  const others = telling.filter((file) => !judgedFiles.includes(file));
  assert.deepEqual(
    others.filter((file) => !filesWith(/\b(messageText|withoutLinks)\b/).includes(file)),
    [],
  );
});
