/** A text that somebody wrote to be more than text, and what is left of it at each kind of place. */
export interface HostileText {
  readonly name: string;
  readonly text: string;
  /** A label, a description, an accessibility label. */
  readonly line: string;
  /** A tooltip; as `line` where absent. */
  readonly lines?: string;
  /** A label of what will run or be written; as `line` where absent. */
  readonly code?: string;
  /** A plain text document, a diagnostic, the log; as `lines` where absent. */
  readonly document?: string;
  /** A terminal; as `document` where absent. */
  readonly terminal?: string;
  /** A conversation's document; as `document` where absent. */
  readonly markdown?: string;
  /** A notification or a dialog; as `line` where absent. */
  readonly message?: string;
  /** An entry of a quick pick; as `line` where absent. */
  readonly pick?: string;
}
