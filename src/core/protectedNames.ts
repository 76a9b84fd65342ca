/** The names of folders and files that steer git and editors, in lower case: neither edits nor confined commands write there. */
export const protectedNames: ReadonlySet<string> = new Set(['.git', '.vscode']);
