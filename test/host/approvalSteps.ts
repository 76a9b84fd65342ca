/** What the workbench test does with calls that wait for a person: approves and denies, accepts and rejects. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import {
  answerDialog,
  choose,
  click,
  dialog,
  listRow,
  pressInList,
  pressInTree,
  statusBar,
  tab,
  toast,
} from './gestures.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

/** Where the batch works; the screenshots' names end with `theme`. */
export interface ApprovalPlace {
  readonly folder: string;
  readonly theme: 'light' | 'dark';
}

const longScript = [
  'set -e',
  ...Array.from({ length: 30 }, (_, line) => `echo line ${line} >> long.txt`),
].join('\n');

const commands = [
  { id: 'yes', tool: 'terminal', input: { command: 'touch approved.txt' } },
  { id: 'no', tool: 'terminal', input: { command: 'touch denied.txt' } },
  { id: 'odd', tool: 'terminal', input: { command: 'touch odd.txt # \u202e\u2066txt.exe\u2069\u2066' } },
  { id: 'long', tool: 'terminal', input: { command: longScript } },
  { id: 'rule', tool: 'terminal', input: { command: 'npm test -- --grep nothing' } },
];

/** In a batch of their own: an edit would wait for every command before it. */
const edits = [
  {
    id: 'edit',
    tool: 'edit_file',
    input: { path: 'greeting.ts', edits: [{ oldText: "'Hello'", newText: "'Good morning'" }] },
  },
  {
    id: 'write',
    tool: 'write_file',
    input: { path: 'unwanted.ts', content: 'export const unwanted = true;\n' },
  },
];

export async function writeApprovalFiles(folder: string): Promise<void> {
  const left = [{ id: 'left', tool: 'terminal', input: { command: 'touch left.txt' } }];
  const batches = { 'ask.batch.json': commands, 'edits.batch.json': edits, 'left.batch.json': left };
  for (const [name, calls] of Object.entries(batches)) {
    const batch = { version: 1, permission: 'workspace-write', calls };
    await writeFile(path.join(folder, name), JSON.stringify(batch, null, 2));
  }
  await writeFile(path.join(folder, 'greeting.ts'), "export const greeting = 'Hello';\n");
}

/** Each builds on those before it. The settings ask for reviewed edits. */
export function approvalSteps({ folder, theme }: ApprovalPlace): Readonly<Record<string, Step>> {
  const photograph = (workbench: Workbench, name: string): Promise<void> =>
    workbench.screenshot(path.join(screenshotsFolder, `${name}-${theme}.png`));
  const isThere = (name: string): boolean => existsSync(path.join(folder, name));
  return {
    'calls that ask are counted in one notification, the tree and the status bar': async (workbench) => {
      await runBatch(workbench, 'ask.batch.json');
      await statusBar(workbench, '5 calls to approve').waitFor();
      await askingToast(workbench).filter({ hasText: '5 calls wait for your answer.' }).waitFor();
      await askingToast(workbench).nth(1).waitFor({ state: 'detached' });
      await workbench.widenSideBar(480);
      await workbench.treeRow('touch approved.txt');
      await photograph(workbench, 'asking');
    },

    'a short command is approved in its row, and another denied': async (workbench) => {
      await answerInRow(workbench, 'touch approved.txt', 'Allow Once', 'succeeded');
      assert.ok(isThere('approved.txt'));
      await answerInRow(workbench, 'touch denied.txt', 'Deny', 'denied');
      assert.ok(!isThere('denied.txt'));
      await photograph(workbench, 'approved-and-denied');
    },

    'what a row can not show exactly is shown in a dialog first, with nothing hidden': async (workbench) => {
      await pressInTree(workbench, 'touch odd.txt', 'Allow Once', dialog(workbench));
      await photograph(workbench, 'dialog');
      const text = await dialog(workbench).innerText();
      assert.match(text, /touch odd\.txt # .*U\+202E.*U\+2066/);
      assert.doesNotMatch(text, /[\u202e\u2066\u2069]/);
      await answerDialog(workbench, 'Cancel');
      assert.ok(!isThere('odd.txt'));
    },

    'a command of many lines opens as a document, and its title bar answers': async (workbench) => {
      const shown = tab(workbench, 'terminal set -e.txt');
      await pressInTree(workbench, 'terminal set -e', 'Allow Once', shown);
      await workbench.editorText('wants to run a command.');
      await photograph(workbench, 'document');
      await click(titleAction(workbench, 'Deny'), shown, 'hidden');
      await callRow(workbench, 'terminal set -e', 'denied').waitFor();
    },

    'the list behind the status bar answers, and stays until all are answered': async (workbench) => {
      const item = listRow(workbench, 'touch odd.txt');
      await click(statusBar(workbench, '2 calls to approve'), item);
      await item.hover();
      await photograph(workbench, 'list');
      await pressInList(workbench, item, 'Deny');
      const always = 'Always Allow Commands That Begin With “npm test”';
      await click(listRow(workbench, 'npm test'), listRow(workbench, always));
      await photograph(workbench, 'answers');
      await choose(workbench, always);
      await dialog(workbench).waitFor();
      await askingToast(workbench).filter({ hasText: 'Run npm test -- --grep nothing?' }).waitFor();
      await photograph(workbench, 'rule');
      assert.match(await dialog(workbench).innerText(), /npm test\s+In .*, every single plain command/);
      await answerDialog(workbench, 'Always Allow');
      await callRow(workbench, 'npm test', /failed|succeeded/).waitFor();
      await askingToast(workbench).waitFor({ state: 'detached' });
    },

    'rules are listed, and removed': async (workbench) => {
      await workbench.runCommand('AllSettled: Manage Approval Rules…');
      const item = listRow(workbench, 'npm test');
      await item.hover();
      await photograph(workbench, 'rules');
      await pressInList(workbench, item, 'Remove This Rule');
      await workbench.page.keyboard.press('Escape');
    },
    'an edit opens as a diff when its row is clicked; accepted it is made, and the diff closes': async (
      workbench,
    ) => {
      await runBatch(workbench, 'edits.batch.json');
      await statusBar(workbench, '2 calls to approve').waitFor();
      // What a click opens follows what the row says.
      const row = await workbench.treeRow(/edit_file greeting\.ts\s*waits for approval/);
      const diff = tab(workbench, 'greeting.ts (proposed by edits.batch.json)');
      await click(row, diff);
      await workbench.page.locator('.modified .view-lines').filter({ hasText: 'Good morning' }).waitFor();
      await photograph(workbench, 'diff');
      await click(titleAction(workbench, 'Accept Edit'), diff, 'hidden');
      await callRow(workbench, 'edit_file greeting.ts', 'succeeded').waitFor();
      assert.equal(
        await readFile(path.join(folder, 'greeting.ts'), 'utf8'),
        "export const greeting = 'Good morning';\n",
      );
      await photograph(workbench, 'accepted');
    },

    'a rejected edit is not made, and its diff closes': async (workbench) => {
      const diff = tab(workbench, 'unwanted.ts (new file, proposed by edits.batch.json)');
      await pressInTree(workbench, 'write_file unwanted.ts', 'Review Changes', diff);
      await askingToast(workbench).filter({ hasText: 'Write unwanted.ts? Review Changes' }).waitFor();
      await photograph(workbench, 'new-file');
      await click(titleAction(workbench, 'Reject Edit'), diff, 'hidden');
      await callRow(workbench, 'write_file unwanted.ts', 'denied').waitFor();
      assert.ok(!isThere('unwanted.ts'));
    },

    'a question survives a reload of the window, and its answer goes on with the rest': async (workbench) => {
      await runBatch(workbench, 'left.batch.json');
      await statusBar(workbench, '1 call to approve').waitFor();
      const reloaded = workbench.page.waitForEvent('load');
      await workbench.runCommand('Developer: Reload Window');
      await reloaded;
      await statusBar(workbench, '1 call to approve').waitFor();
      await askingToast(workbench).filter({ hasText: 'Run touch left.txt?' }).waitFor();
      await workbench.treeRow('touch left.txt');
      await photograph(workbench, 'reloaded');
      assert.ok(!isThere('left.txt'));
      await answerInRow(workbench, 'touch left.txt', 'Allow Once', 'succeeded');
      assert.ok(isThere('left.txt'));
      await askingToast(workbench).waitFor({ state: 'detached' });
    },
  };
}

/** The notification of calls that ask. */
function askingToast(workbench: Workbench): Locator {
  return toast(workbench, /for your answer|wants to/);
}

async function runBatch(workbench: Workbench, name: string): Promise<void> {
  await workbench.runCommand('AllSettled: Run Batch File');
  await choose(workbench, name);
}

function titleAction({ page }: Workbench, name: string): Locator {
  return page.locator('.editor-group-container.active .title .action-label').and(page.getByLabel(name));
}

async function answerInRow(
  workbench: Workbench,
  call: string,
  button: string,
  ending: string,
): Promise<void> {
  await pressInTree(workbench, call, button, callRow(workbench, call, ending));
}

/** The row of a call that a screen reader says so of. */
function callRow({ page }: Workbench, call: string, said: string | RegExp): Locator {
  const words = said instanceof RegExp ? said.source : said;
  const name = call.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(' ', ',? ');
  return page.getByRole('treeitem', { name: new RegExp(`${name}.*(${words})`, 's') });
}
