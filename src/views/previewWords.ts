/** The first words of a model's Markdown, for a row: without its marks. */
import { oneLine } from './plainText.ts';

/** At most `maxLength` characters. Headings, lists, emphasis, code and links leave their words. */
export function previewWords(markdown: string, maxLength: number): string {
  const bare = markdown
    .slice(0, maxLength * 16)
    .replace(/^[ \t]*(?:```|~~~).*$/gm, ' ')
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+]|\d+[.)])[ \t]+/gm, '')
    .replace(/^[ \t|:-]+$/gm, ' ')
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/(\*\*|__|`+)(?=\S)([^\n]*?\S)\1/g, '$2');
  return oneLine(bare, maxLength);
}
