/** Entries of quick picks, in which VS Code draws an icon for `$(name)` wherever it stands. */
import type { QuickPickItem } from 'vscode';
import { withoutIcons } from '../core/visibleText.ts';
import { oneLine } from '../views/plainText.ts';

const longest = 300;

/** The entry with an icon of ours, if any, before its label; nothing else in its texts is one, hidden or a second line. */
export function pickItem<T extends QuickPickItem>(item: T, icon?: string): T {
  const shown = (text: string): string => withoutIcons(oneLine(text, longest));
  return {
    ...item,
    label: icon === undefined ? shown(item.label) : `$(${icon}) ${shown(item.label)}`,
    ...(item.description !== undefined && { description: shown(item.description) }),
    ...(item.detail !== undefined && { detail: shown(item.detail) }),
  };
}
