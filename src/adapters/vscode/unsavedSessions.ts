/** Tells the person that a session can't be saved, and asks whether it goes on all the same. */
import * as vscode from 'vscode';
import type { UnsavedSessions } from '../../core/ports.ts';
import { shownText, withoutLinks } from '../../core/visibleText.ts';

const goOn = 'Go On Without Saving';
const stop = 'Stop';
/** A notification is one line, and VS Code cuts it. */
const titleThatFits = 60;

/** Whoever puts the message away has not agreed: the session is stopped. */
export function unsavedSessions(): UnsavedSessions {
  return {
    async ask({ title, problem }) {
      const name = shownText(title).replace(/\s+/g, ' ').slice(0, titleThatFits);
      const message =
        `“${name}” can no longer be saved. ${problem} ` +
        'Stop it and follow up when that is done, or go on: then what happens from here on is lost when this window closes.';
      const chosen = await vscode.window.showWarningMessage(withoutLinks(message), goOn, stop);
      return chosen === goOn ? 'goOn' : 'stop';
    },
  };
}
