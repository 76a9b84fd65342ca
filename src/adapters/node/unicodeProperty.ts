/** Unicode properties as ripgrep names them, in JavaScript's names. */

// ripgrep has an abbreviation stand for the general category where it also abbreviates a property's name.
const categoriesFirst = new Set(['cf', 'sc', 'lc']);
const prefixes: Readonly<Record<string, string>> = {
  gc: 'General_Category=',
  generalcategory: 'General_Category=',
  sc: 'Script=',
  script: 'Script=',
  scx: 'Script_Extensions=',
  scriptextensions: 'Script_Extensions=',
};

/**
 * What stands in the braces of `\p{}` in JavaScript; undefined for a name that it does not have. Case, blanks,
 * hyphens and low lines are free, but words that are joined (`oldturkic`) are not recognized.
 */
export function unicodeProperty(text: string): string | undefined {
  const [, name, value] = /^([^:=]*)[:=](.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const isCategory = categoriesFirst.has(text.toLowerCase());
    return firstKnown(text, isCategory ? ['General_Category='] : ['', 'General_Category=', 'Script=']);
  }
  const prefix = prefixes[name.toLowerCase().replace(/[\s_-]/g, '')];
  return prefix === undefined ? undefined : firstKnown(value, [prefix]);
}

function firstKnown(name: string, before: readonly string[]): string | undefined {
  const spellings = new Set([name, titleCase(name), titleCase(name.replace(/^is/i, '')), name.toUpperCase()]);
  return before
    .flatMap((prefix) => [...spellings].map((spelling) => prefix + spelling))
    .find(isKnownToScript);
}

function titleCase(name: string): string {
  const words = name.trim().split(/[\s_-]+/);
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()).join('_');
}

function isKnownToScript(property: string): boolean {
  if (!/^\w+(=\w+)?$/.test(property)) return false;
  try {
    // Under this flag names of whole strings, such as flags, are refused: ripgrep has none.
    new RegExp(`\\p{${property}}`, 'u');
    return true;
  } catch {
    return false;
  }
}
