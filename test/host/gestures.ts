/** What a person does with mouse and keyboard, done again, as a person would, until the window has taken it. */
import type { Locator, Page } from 'playwright-core';
import { errors } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** How long a step waits for what it needs to see. */
export const mostWaitMs = 60_000;
const gestureMs = 10_000;
const effectMs = 5_000;
const mostTries = 8;

/**
 * Does a gesture until it has its effect: a row, a menu or a list that VS Code draws anew in the moment of a click takes none.
 * What is to go away counts as gone only after a gesture that found all it needs. Rejects with the last failure.
 */
export async function until(
  page: Page,
  gesture: () => Promise<void>,
  effect: Locator,
  state: 'visible' | 'hidden' = 'visible',
): Promise<void> {
  let failure: unknown;
  let isDone = false;
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      page.setDefaultTimeout(gestureMs);
      await gesture();
      isDone = true;
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
      failure = error;
    } finally {
      page.setDefaultTimeout(mostWaitMs);
    }
    if (state === 'hidden' && !isDone) continue;
    try {
      return await effect.first().waitFor({ state, timeout: effectMs });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Clicks until what the click opens is there, or what it ends is hidden. */
export function click(
  target: Locator,
  effect: Locator = target,
  state: 'visible' | 'hidden' = effect === target ? 'hidden' : 'visible',
): Promise<void> {
  return until(target.page(), () => target.click(), effect, state);
}

/** A click on an entry of the list that is open, which closes it or puts another list in its place. */
export function choose(workbench: Workbench, text: string): Promise<void> {
  return click(listRow(workbench, text).first());
}

/** Presses a button of an entry of the list that is open, until the entry is gone. */
export function pressInList({ page }: Workbench, row: Locator, button: string): Promise<void> {
  return until(page, () => hoverAndPress(row, button), row, 'hidden');
}

/** Presses a button of a row of the tree until that has its effect. */
export async function pressInTree(
  workbench: Workbench,
  text: string,
  button: string,
  effect: Locator,
): Promise<void> {
  const { page } = workbench;
  const row = await workbench.treeRow(text);
  const press = async (): Promise<void> => {
    await moveMouseAway(page);
    await page.locator('.hover-contents').first().waitFor({ state: 'hidden' });
    await hoverAndPress(row, button);
  };
  await until(page, press, effect);
}

/** Chooses from the menu of a row of the tree. */
export async function chooseInTree(
  workbench: Workbench,
  text: string,
  entry: string,
  onOpen: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const row = await workbench.treeRow(text);
  const item = workbench.page.locator('.monaco-menu .action-item').filter({ hasText: entry });
  await until(workbench.page, () => row.click({ button: 'right' }), item);
  await onOpen();
  await click(item);
}

/** Answers the input box of that title. */
export async function answer({ page }: Workbench, title: string, text: string): Promise<void> {
  const box = page.locator('.quick-input-widget').filter({ hasText: title });
  await box.waitFor();
  const enter = async (): Promise<void> => {
    await box.locator('input').fill(text);
    await page.keyboard.press('Enter');
  };
  await until(page, enter, box, 'hidden');
}

/** Presses a button of the dialog, which closes it. */
export async function answerDialog(workbench: Workbench, button: string): Promise<void> {
  const shown = dialog(workbench);
  await click(shown.getByRole('button', { name: button }), shown, 'hidden');
}

export function dialog({ page }: Workbench): Locator {
  return page.locator('.monaco-dialog-box');
}

/** An entry of the list that is open. */
export function listRow({ page }: Pick<Workbench, 'page'>, text: string): Locator {
  return page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text });
}

/** The extension's entry in the status bar, while it says that. */
export function statusBar({ page }: Pick<Workbench, 'page'>, text: string | RegExp = ''): Locator {
  return page.locator('.statusbar-item[id$="allsettled.status"]').filter({ hasText: text });
}

/** The extension's icon in the activity bar. */
export function activityIcon({ page }: Pick<Workbench, 'page'>): Locator {
  return page.locator('.activitybar .action-label[aria-label^="AllSettled"]');
}

/** Moves the mouse off icons, rows and entries, whose hovers would cover the next ones. */
export function moveMouseAway(page: Page): Promise<void> {
  return page.mouse.move(700, 600);
}

export function toast({ page }: Workbench, text: string | RegExp): Locator {
  return page.locator('.notification-toast').filter({ hasText: text });
}

export function tab({ page }: Workbench, title: string): Locator {
  return page.locator('.tab').filter({ hasText: title });
}

async function hoverAndPress(row: Locator, button: string): Promise<void> {
  await row.hover();
  await row.getByRole('button', { name: button }).click();
}
