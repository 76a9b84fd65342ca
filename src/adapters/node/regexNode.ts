/** A regular expression in ripgrep's syntax, taken apart. */

export type RegexNode =
  | { readonly kind: 'literal'; readonly codePoint: number; readonly ignoresCase: boolean }
  | { readonly kind: 'class'; readonly set: ClassSet; readonly ignoresCase: boolean }
  /** Any character of a line. */
  | { readonly kind: 'any' }
  | { readonly kind: 'assertion'; readonly at: Assertion; readonly isUnicode: boolean }
  | {
      readonly kind: 'repetition';
      readonly of: RegexNode;
      readonly min: number;
      /** Infinity for no bound. */
      readonly max: number;
      readonly isLazy: boolean;
    }
  | { readonly kind: 'sequence'; readonly of: readonly RegexNode[] }
  | { readonly kind: 'alternatives'; readonly of: readonly RegexNode[] }
  | { readonly kind: 'capture'; readonly of: RegexNode }
  | { readonly kind: 'lookAround'; readonly of: RegexNode; readonly opening: LookAround }
  /** The text of a capturing group, counted from 1. */
  | { readonly kind: 'backReference'; readonly group: number; readonly ignoresCase: boolean };

export type LookAround = '?=' | '?!' | '?<=' | '?<!';

/** `lineStart` and `lineEnd` are those of the text too: one line is looked at, without its end. */
export type Assertion =
  'lineStart' | 'lineEnd' | 'boundary' | 'noBoundary' | 'wordStart' | 'wordEnd' | 'beforeWord' | 'afterWord';

/** A set of characters. */
export type ClassSet =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'shorthand';
      readonly letter: 'd' | 's' | 'w';
      readonly isUnicode: boolean;
      readonly isNegated: boolean;
    }
  /** `text` is what stands in the braces of `\p{}` in ripgrep's syntax, `script` in JavaScript's if that has it. */
  | {
      readonly kind: 'property';
      readonly text: string;
      readonly script: string | undefined;
      readonly isNegated: boolean;
    }
  | { readonly kind: 'union'; readonly of: readonly ClassSet[]; readonly isNegated: boolean }
  | {
      readonly kind: 'operation';
      readonly operator: SetOperator;
      readonly left: ClassSet;
      readonly right: ClassSet;
    };

export type SetOperator = '&&' | '--' | '~~';
