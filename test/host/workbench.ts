/** A window of VS Code as a person uses it: palette, tree, status bar, editors. */
import type { Locator, Page } from 'playwright-core';
import { activityIcon, click, listRow, mostWaitMs, moveMouseAway, statusBar, until } from './gestures.ts';
import { expandRows, rowsText } from './treeRows.ts';

export interface Workbench {
  readonly page: Page;
  /** Settles when the workbench is drawn and extensions have started. */
  isReady(): Promise<void>;
  /** Runs a command by its title in the palette, `AllSettled: Run Demo`. */
  runCommand(title: string): Promise<void>;
  /** Shows the extension's tree, all of it opened, and settles with its rows as text, indented by their depth. */
  treeText(): Promise<string>;
  /** The row of the tree whose text holds that of `text`; waits until there is one. */
  treeRow(text: string | RegExp): Promise<Locator>;
  statusBarText(): Promise<string>;
  /** The text of the editor in front, as much as is drawn, once it holds that of `expected`. */
  editorText(expected: string): Promise<string>;
  /** Makes the side bar so wide that rows can be read. */
  widenSideBar(widthPixels: number): Promise<void>;
  screenshot(file: string): Promise<void>;
}

const viewId = 'workbench.view.extension.allsettled';

/** Drives that page; every step waits, a minute at most, for what it needs to see. */
export function createWorkbench(page: Page): Workbench {
  page.setDefaultTimeout(mostWaitMs);
  const quickInput = page.locator('.quick-input-widget');
  const view = page.locator(`[id="${viewId}"]`);
  const statusBarItem = statusBar({ page });

  async function showView(): Promise<void> {
    if (await view.isVisible()) return;
    await click(activityIcon({ page }), view);
    await moveMouseAway(page);
  }

  return {
    page,
    isReady: () => statusBarItem.waitFor(),
    runCommand: async (title) => {
      const command = listRow({ page }, title).first();
      const choose = async (): Promise<void> => {
        await page.keyboard.press('F1');
        await quickInput.locator('input').fill(`>${title}`);
        await command.click();
      };
      await until(page, choose, command, 'hidden');
      await moveMouseAway(page);
    },
    treeText: async () => {
      await showView();
      await expandRows(view);
      return rowsText(view);
    },
    treeRow: async (text) => {
      await showView();
      const row = view.locator('.monaco-list-row').filter({ hasText: text }).first();
      await row.waitFor();
      return row;
    },
    statusBarText: async () => (await statusBarItem.first().innerText()).trim(),
    editorText: async (expected) => {
      const lines = page.locator('.editor-group-container.active .view-lines').filter({ hasText: expected });
      await lines.waitFor();
      return (await lines.innerText()).replaceAll('\u00a0', ' ');
    },
    widenSideBar: async (widthPixels) => {
      const box = await page.locator('.part.sidebar').boundingBox();
      if (!box) throw new Error('The side bar is not shown.');
      await page.mouse.move(box.x + box.width + 1, 400);
      await page.mouse.down();
      await page.mouse.move(box.x + widthPixels, 400, { steps: 5 });
      await page.mouse.up();
    },
    screenshot: async (file) => void (await page.screenshot({ path: file })),
  };
}
