/** The rows of a tree in the page. */
import type { Locator } from 'playwright-core';
import { click } from './gestures.ts';

/** Opens every row until none is closed. Rows that scroll out of sight are not drawn, so the tree has to fit. */
export async function expandRows(view: Locator): Promise<void> {
  const closed = view.locator('.monaco-list-row[aria-expanded="false"]').first();
  while ((await closed.count()) > 0) {
    // Ids are places in the list, which change while rows come.
    const label = JSON.stringify(await closed.getAttribute('aria-label'));
    const row = view.locator(`.monaco-list-row[aria-expanded="false"][aria-label=${label}]`).first();
    await click(row.locator('.monaco-tl-twistie'), row, 'hidden');
  }
}

/** Label and description of each row, one row a line, indented by its depth. */
export async function rowsText(view: Locator): Promise<string> {
  const rows = await view.locator('.monaco-list-row').all();
  const lines: { top: number; text: string }[] = [];
  for (const row of rows) {
    const depth = Number((await row.getAttribute('aria-level')) ?? 1);
    const box = await row.boundingBox();
    const parts = await row.locator('.label-name, .label-description').allInnerTexts();
    lines.push({ top: box?.y ?? 0, text: `${'  '.repeat(depth - 1)}${parts.join('  ')}` });
  }
  return lines
    .toSorted((a, b) => a.top - b.top)
    .map(({ text }) => text)
    .join('\n');
}
