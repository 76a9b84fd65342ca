/** What the workbench test does with a session that a dead program left. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { leftTitle } from './leftSession.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

export const recoverySteps: Readonly<Record<string, Step>> = {
  'a window finds what a dead program left, and asks nothing': async (workbench) => {
    await statusBarSays(workbench, 'AllSettled: 1 interrupted');
    await workbench.treeRow(/interrupted/);
    await workbench.widenSideBar(480);
    const text = await workbench.treeText();
    await photograph(workbench, 'interrupted-tree');
    assert.match(text, /interrupted · the program was closed/);
    assert.match(text, /terminal npm run report {2}interrupted/);
    assert.match(text, /terminal npm test {2}queued/);
    assert.equal(await workbench.page.locator('.notification-toast').count(), 0);
  },

  'the list behind the status bar says why and when, and dismisses': async (workbench) => {
    const { page } = workbench;
    await page.locator('.statusbar-item[id$="allsettled.status"]').click();
    const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: leftTitle });
    await row.waitFor();
    await photograph(workbench, 'interrupted-list');
    const text = await row.innerText();
    assert.match(text, /interrupted · the program was closed/);
    assert.match(text, /terminal npm run report: interrupted · 5 min ago/);
    await row.hover();
    await row.getByRole('button', { name: 'Dismiss' }).click();
    await statusBarSays(workbench, /^\W*AllSettled$/);
    assert.match(await workbench.treeText(), /terminal npm test {2}cancelled/);
  },

  'a past session is deleted after a question': async (workbench) => {
    const { page } = workbench;
    await workbench.runCommand('AllSettled: Delete Session…');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: leftTitle }).click();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await photograph(workbench, 'delete-session');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page
      .getByRole('treeitem', { name: /interrupted/ })
      .first()
      .waitFor({ state: 'detached' });
  },
};

async function statusBarSays({ page }: Workbench, text: string | RegExp): Promise<void> {
  await page.locator('.statusbar-item[id$="allsettled.status"]').filter({ hasText: text }).waitFor();
}

async function photograph(workbench: Workbench, name: string): Promise<void> {
  await workbench.screenshot(path.join(screenshotsFolder, `${name}.png`));
}
