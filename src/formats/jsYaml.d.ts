/** What is used of js-yaml, which brings no types of its own. */
declare module 'js-yaml' {
  /** The first document of a text; undefined where it is empty. Throws YAMLException. */
  export function load(text: string): unknown;
  export class YAMLException extends Error {
    readonly reason: string;
    /** Where the mistake is, from 0. */
    readonly mark?: { readonly line: number; readonly column: number };
  }
}
