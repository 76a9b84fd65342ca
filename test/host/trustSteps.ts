/** What the workbench test does in a folder that nobody has trusted, and when somebody does. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { activityIcon, click, listRow, statusBar, toast, until } from './gestures.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

/** A file's name that VS Code would draw an icon and a link of, if it were let to. */
const oddName = '$(error) [x](command:quit) a\u202eb.txt';

export async function writeTrustFiles(folder: string): Promise<void> {
  const calls = [{ id: 'read', tool: 'read_file', input: { path: oddName } }];
  await writeFile(path.join(folder, oddName), 'text');
  await writeFile(path.join(folder, 'read.batch.json'), JSON.stringify({ version: 1, calls }, null, 2));
}

/** Each builds on those before it. The folder has a session that a dead program left. */
export function trustSteps(theme: 'light' | 'dark'): Readonly<Record<string, Step>> {
  const photograph = (workbench: Workbench, name: string): Promise<void> =>
    workbench.screenshot(path.join(screenshotsFolder, `${name}-${theme}.png`));
  return {
    'in Restricted Mode nothing is taken over, and the view says why and what to do': async (workbench) => {
      const { page } = workbench;
      await page.locator('.statusbar-item').filter({ hasText: 'Restricted Mode' }).waitFor();
      const welcome = page.locator('.welcome-view-content');
      await click(activityIcon(workbench), welcome.getByText('that you have not trusted'));
      await workbench.widenSideBar(420);
      await photograph(workbench, 'restricted-view');
      const buttons = await welcome.locator('.monaco-button').allInnerTexts();
      assert.deepEqual(buttons, ['Manage Workspace Trust']);
      assert.match(await workbench.statusBarText(), /^\W*AllSettled$/);
    },

    'a command that would run something says why it does not': async (workbench) => {
      await workbench.runCommand('AllSettled: Start Agent…');
      const message = toast(workbench, 'Restricted Mode');
      await message.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
      await photograph(workbench, 'restricted-message');
      const putAway = async (): Promise<void> => {
        await message.hover();
        await message.locator('.codicon-notifications-clear').click();
      };
      await until(workbench.page, putAway, message, 'hidden');
    },

    'the lens of a batch file leads to the trust that it needs': async (workbench) => {
      const { page } = workbench;
      await openFile(workbench, 'read.batch.json');
      const lens = page.locator('.codelens-decoration a').filter({ hasText: 'Run batch: not in Restricted' });
      await lens.waitFor();
      await photograph(workbench, 'restricted-lens');
      const trust = page.locator('.workspace-trust-editor');
      await click(lens, trust);
      await photograph(workbench, 'restricted-trust');
      const button = trust.getByRole('button', { name: 'Trust', exact: true });
      await click(button, statusBar(workbench, 'AllSettled: 1 interrupted'));
    },

    'once the folder is trusted, all of it works without a reload': async (workbench) => {
      const { page } = workbench;
      await workbench.runCommand('View: Close Editor');
      await page.locator('.workspace-trust-editor').waitFor({ state: 'detached' });
      await openFile(workbench, 'read.batch.json');
      const lens = page.locator('.codelens-decoration a').filter({ hasText: /^\s*Run batch\s*$/ });
      const row = page.locator('.monaco-list-row').filter({ hasText: 'read_file $(error)' }).first();
      await click(lens, row);
      await photograph(workbench, 'trusted');
      assert.match(await row.innerText(), /read_file \$\(error\) \[x\]\(command:quit\) a⟨U\+202E⟩b\.txt/);
      assert.equal(await row.locator('.monaco-icon-label-container .codicon').count(), 0);
    },
  };
}

async function openFile(workbench: Workbench, name: string): Promise<void> {
  const { page } = workbench;
  const find = async (): Promise<void> => {
    await page.keyboard.press('Control+P');
    await page.locator('.quick-input-widget input').first().fill(name);
    await listRow(workbench, name).first().click();
  };
  await until(page, find, page.locator('.tab.active').filter({ hasText: name }));
}
