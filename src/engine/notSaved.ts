/** Why a call with effects doesn't start where its session can't be saved. */

/** The intent of the call is not on disk, and nobody has agreed to go on without. */
export class NotSavedError extends Error {
  constructor() {
    super(
      "The session's journal can't be written, perhaps because the disk is full, so this call was not started and had no effect.",
    );
    this.name = 'NotSavedError';
  }
}
