/** What the workbench test does with rows of the tree, the lenses of a batch file and the documents that both open. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { choose, chooseInTree, click, pressInTree, statusBar, tab, toast } from './gestures.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

const checks = [
  { id: 'list', tool: 'list_files', input: { pattern: '*.ts' } },
  { id: 'bad', tool: 'terminal', input: { command: 'cat missing.txt greeting.ts' } },
  { id: 'log', tool: 'read_file', input: { path: 'greeting.ts' }, after: ['bad'] },
  {
    id: 'edit',
    tool: 'edit_file',
    input: { path: 'greeting.ts', edits: [{ oldText: "'Hello'", newText: "'Good morning'" }] },
  },
];

export async function writeTreeFiles(folder: string): Promise<void> {
  const wait = [{ id: 'wait', tool: 'terminal', input: { command: 'npm run wait' } }];
  for (const [name, calls] of Object.entries({ 'checks.batch.json': checks, 'wait.batch.json': wait })) {
    const lines = calls.map((call) => `    ${JSON.stringify(call)}`).join(',\n');
    const text = `{\n  "version": 1,\n  "permission": "workspace-write",\n  "calls": [\n${lines}\n  ]\n}\n`;
    await writeFile(path.join(folder, name), text);
  }
  await writeFile(path.join(folder, 'greeting.ts'), "export const greeting = 'Hello';\n");
  const scripts = { wait: 'sleep 600' };
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'wait', version: '1.0.0', scripts }),
  );
}

/** At the width that a side bar has at first; each builds on those before it. */
export const treeSteps: Readonly<Record<string, Step>> = {
  'a command that was approved can be cancelled while it runs, whatever rule was offered for it': async (
    workbench,
  ) => {
    await runBatch(workbench, 'wait.batch.json');
    await statusBar(workbench, '1 call to approve').waitFor();
    const running = said(workbench, /wait, terminal, npm run wait, running/);
    await pressInTree(workbench, 'npm run wait', 'Allow Once', running);
    await photograph(workbench, 'approved-and-running');
    await pressInTree(workbench, 'npm run wait', 'Cancel Call', said(workbench, /npm run wait, cancelled/));
  },

  'a batch file shows at each call how it ended, and its failure is read at the usual width': async (
    workbench,
  ) => {
    await runBatch(workbench, 'checks.batch.json');
    await toast(workbench, 'checks.batch.json: 2 of 4 succeeded, 1 failed, 1 skipped.').waitFor();
    await chooseInTree(workbench, 'skipped because of bad', 'Show in Batch File');
    await lens(workbench, 'skipped because of bad · Show').waitFor();
    await lens(workbench, 'failed, exit code 1').waitFor();
    await photograph(workbench, 'batch-lenses');
    const row = await workbench.treeRow('failed, exit code 1');
    const reason = await row.locator('.label-description').boundingBox();
    const bar = await workbench.page.locator('.part.sidebar').boundingBox();
    assert.ok(reason && bar && reason.x + 120 < bar.x + bar.width, 'the reason begins in sight');
  },

  'one call is run alone': async (workbench) => {
    const alone = lens(workbench, 'Run alone').nth(1);
    await click(alone, toast(workbench, 'checks.batch.json: bad failed, exit code 1.'));
  },

  'a click on an edit opens its diff': async (workbench) => {
    const row = await workbench.treeRow('edit: edit_file greeting.ts');
    await click(row, tab(workbench, 'greeting.ts (edited by checks.batch.json)'));
    await workbench.page.locator('.modified .view-lines').filter({ hasText: 'Good morning' }).waitFor();
    await photograph(workbench, 'edit-diff');
  },

  'a result says first what went wrong, and its files are links': async (workbench) => {
    const row = await workbench.treeRow('failed, exit code 1');
    await click(row, tab(workbench, 'terminal cat missing.txt'));
    const text = await workbench.editorText('No such file or directory');
    assert.ok(text.indexOf('--- Error ---') < text.indexOf('--- Input ---'), text);
    await workbench.page.locator('.detected-link').filter({ hasText: 'greeting.ts' }).first().waitFor();
    await photograph(workbench, 'result-links');
  },
};

async function runBatch(workbench: Workbench, name: string): Promise<void> {
  await workbench.runCommand('AllSettled: Run Batch File');
  await choose(workbench, name);
}

/** The row that a screen reader says so of. */
function said({ page }: Workbench, name: RegExp): Locator {
  return page.getByRole('treeitem', { name });
}

function lens({ page }: Workbench, text: string): Locator {
  return page.locator('.codelens-decoration a').filter({ hasText: text });
}

async function photograph(workbench: Workbench, name: string): Promise<void> {
  await workbench.screenshot(path.join(screenshotsFolder, `${name}.png`));
}
