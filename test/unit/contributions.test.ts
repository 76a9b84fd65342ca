import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { permissions } from '../../src/core/agents.ts';
import {
  approvalTitles,
  commands,
  contextKeys,
  rowContexts,
  schemes,
  settings,
  settingsSection,
  viewContainer,
  views,
} from '../../src/contributions.ts';
import { createTools, type ToolPorts } from '../../src/tools/allTools.ts';

interface Setting {
  readonly scope?: string;
  readonly order: number;
  readonly enum?: readonly string[];
  readonly properties?: object;
  readonly additionalProperties?: unknown;
}

interface Manifest {
  readonly icon: string;
  readonly extensionKind: readonly string[];
  readonly enabledApiProposals?: unknown;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly title: string;
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsContainers: {
      readonly activitybar: readonly { readonly id: string; readonly icon: string }[];
    };
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly mac: string }[];
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly configuration: readonly {
      readonly title: string;
      readonly properties: Readonly<Record<string, Setting>>;
    }[];
  };
}

const root = path.join(import.meta.dirname, '..', '..');
const text = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { contributes } = manifest;
const properties: Readonly<Record<string, Setting>> = Object.fromEntries(
  contributes.configuration.flatMap((group) => Object.entries(group.properties)),
);

const sorted = (values: Iterable<string>): string[] => [...values].sort();

test('package.json and the code name the same commands', () => {
  assert.deepEqual(
    sorted(contributes.commands.map(({ command }) => command)),
    sorted(Object.values(commands)),
  );
});

test('every command is found in the palette under the name of the extension', () => {
  assert.deepEqual(new Set(contributes.commands.map(({ category }) => category)), new Set(['AllSettled']));
});

test('the commands that answer a call are named as the buttons that do', () => {
  const titleOf = (id: string) => contributes.commands.find(({ command }) => command === id)?.title;
  assert.equal(titleOf(commands.approveCall), approvalTitles.allowOnce);
  assert.equal(titleOf(commands.approveCallForSession), approvalTitles.allowForSession);
  assert.equal(titleOf(commands.denyCall), approvalTitles.deny);
  assert.equal(titleOf(commands.allowCallAlways), approvalTitles.allowAlways);
  assert.equal(titleOf(commands.allowCallsLikeIt), approvalTitles.allowAlwaysLikeIt);
  assert.equal(titleOf(commands.reviewCall), approvalTitles.review);
  assert.equal(titleOf(commands.reviewEdit), approvalTitles.reviewEdit);
  assert.equal(titleOf(commands.acceptEdit), approvalTitles.accept);
  assert.equal(titleOf(commands.rejectEdit), approvalTitles.reject);
});

test('the palette offers answers to a call only where an editor shows what it asks for', () => {
  const whenOf = (id: string) =>
    contributes.menus['commandPalette']?.find(({ command }) => command === id)?.when;
  const inDocument = `resourceScheme == ${schemes.approval}`;
  for (const id of [
    commands.approveCall,
    commands.approveCallForSession,
    commands.allowCallAlways,
    commands.denyCall,
  ])
    assert.equal(whenOf(id), inDocument, id);
  for (const id of [commands.acceptEdit, commands.rejectEdit])
    assert.equal(whenOf(id), `resourceScheme == ${schemes.proposal}`, id);
  for (const id of [commands.reviewCall, commands.reviewEdit, commands.allowCallsLikeIt])
    assert.equal(whenOf(id), 'false', id);
});

test('package.json and the code name the same settings', () => {
  const named = Object.values(settings).map((name) => `${settingsSection}.${name}`);
  assert.deepEqual(sorted(Object.keys(properties)), sorted(named));
});

test('settings stand in titled groups, the most used first, in one order', () => {
  assert.deepEqual(
    contributes.configuration.map(({ title }) => title),
    ['Agent', 'Approval and Safety', 'Sub-Agents', 'Sessions', 'Limits'],
  );
  const orders = Object.values(properties).map(({ order }) => order);
  assert.deepEqual(
    orders,
    orders.map((_, index) => index + 1),
  );
});

test('no setting can be set by a folder that is opened', () => {
  for (const [name, { scope }] of Object.entries(properties))
    assert.ok(scope === 'application' || scope === 'machine', name);
});

test('the setting offers every permission, from narrow to wide', () => {
  assert.deepEqual(properties['allsettled.permission']?.enum, [...permissions]);
});

test('a deadline can be set for every tool that has one, and for nothing else', () => {
  const timeouts = properties['allsettled.timeouts'];
  assert.equal(timeouts?.additionalProperties, false);
  const withDeadline = createTools({} as ToolPorts).filter(({ timeoutMs }) => Number.isFinite(timeoutMs));
  const described = withDeadline.map(({ name, timeoutMs }) => [
    name,
    {
      type: 'integer',
      minimum: 1,
      maximum: 86_400_000,
      description: `Milliseconds for one attempt. Default: ${timeoutMs}.`,
    },
  ]);
  assert.deepEqual(timeouts.properties, Object.fromEntries(described));
});

test('package.json and the code name the same views', () => {
  assert.deepEqual(
    contributes.viewsContainers.activitybar.map(({ id }) => id),
    [viewContainer],
  );
  assert.deepEqual(
    contributes.views[viewContainer]?.map(({ id }) => id),
    Object.values(views),
  );
});

test('menus and welcome texts name only commands that exist', () => {
  const used = [
    ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
    ...[...text.matchAll(/command:(allsettled\.\w+)/g)].map(([, id]) => id as string),
  ];
  const known = new Set<string>(Object.values(commands));
  assert.deepEqual(
    used.filter((command) => !known.has(command)),
    [],
  );
});

test('each key leads to a command of ours or to the view, and README lists it', () => {
  const known = new Set<string>([...Object.values(commands), `workbench.view.extension.${viewContainer}`]);
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const keys = contributes.keybindings.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  for (const { command, key, mac } of contributes.keybindings) {
    assert.ok(known.has(command), command);
    assert.equal(mac, key.replace('ctrl', 'cmd'));
    const written = key.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
    assert.ok(readme.includes(`\`${written}\``), written);
  }
});

test('when-clauses ask only for context keys that the code sets', () => {
  const clauses = [...text.matchAll(/"(?:when|enablement)": "([^"]*)"/g)].map(
    ([, clause]) => clause as string,
  );
  const asked = clauses.flatMap((clause) => clause.match(/allsettled\.\w+/g) ?? []);
  const known = new Set<string>([...Object.values(contextKeys), ...Object.values(views)]);
  assert.deepEqual(
    asked.filter((key) => !known.has(key)),
    [],
  );
  const unused = Object.values(contextKeys).filter((key) => !asked.includes(key));
  assert.deepEqual(unused, []);
});

test('menus match only row contexts and schemes that exist', () => {
  const clauses = Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when ?? ''));
  const rows = clauses.flatMap((clause) => [...clause.matchAll(/viewItem == (\S+)/g)].map(([, row]) => row));
  const knownRows = new Set<string | undefined>(Object.values(rowContexts));
  assert.deepEqual(
    rows.filter((row) => !knownRows.has(row)),
    [],
  );
  const asked = clauses.flatMap((clause) =>
    [...clause.matchAll(/resourceScheme == (\S+)/g)].map(([, id]) => id),
  );
  const knownSchemes = new Set<string | undefined>(Object.values(schemes));
  assert.deepEqual(
    asked.filter((scheme) => !knownSchemes.has(scheme)),
    [],
  );
});

test('the icons that package.json names are there', () => {
  const icons = [manifest.icon, ...contributes.viewsContainers.activitybar.map(({ icon }) => icon)];
  for (const icon of icons) assert.ok(existsSync(path.join(root, icon)), icon);
});

test('it runs where the workspace is, and asks for no proposed API', () => {
  assert.deepEqual(manifest.extensionKind, ['workspace']);
  assert.equal(manifest.enabledApiProposals, undefined);
});
