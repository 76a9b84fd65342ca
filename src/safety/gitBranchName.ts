/** Judges names that git is to take for a branch or for a commit, and never for an option. */

/** Why git would not take a name for a branch, or undefined; the rules of `git check-ref-format --branch`. */
export function branchNameProblem(name: string): string | undefined {
  const broken = rules.find(({ breaks }) => breaks.test(name));
  return broken && `${JSON.stringify(name)} can't be the name of a branch: ${broken.why}.`;
}

/** Why a word can't stand for a commit, or undefined. */
export function commitWordProblem(word: string): string | undefined {
  if (word.startsWith('-'))
    return `${JSON.stringify(word)} looks like an option. Name a branch, tag or commit.`;
  if (word === '' || /[\s\x00-\x1f\x7f]/.test(word))
    return `${JSON.stringify(word)} names no commit: it is empty or holds a space or control character.`;
  return undefined;
}

const rules: readonly { readonly breaks: RegExp; readonly why: string }[] = [
  { breaks: /^$/, why: 'it is empty' },
  { breaks: /^-/, why: 'it begins with "-"' },
  { breaks: /[\s\x00-\x1f\x7f]/, why: 'it holds a space or a control character' },
  { breaks: /[~^:?*[\\]/, why: 'it holds one of ~ ^ : ? * [ \\' },
  {
    breaks: /\.\.|@\{|\/\/|^\/|\/$|\.$/,
    why: 'it holds "..", "@{" or "//", or begins or ends with "/", or ends with "."',
  },
  { breaks: /(^|\/)\.|\.lock(\/|$)/, why: 'a part of it begins with "." or ends with ".lock"' },
  { breaks: /^(HEAD|@)$/, why: 'git has another meaning for it' },
];
