/** Lets the person pick one of the sessions on disk. */
import * as vscode from 'vscode';
import type { SessionSummary } from '../runtime/pastSessions.ts';
import { otherFolders, pastSessionGroup, pastSessionText } from '../views/pastSession.ts';
import { oneLine } from '../views/plainText.ts';
import { runSafely } from './commands.ts';
import type { Host } from './host.ts';
import { isOfThisWindow } from './workplace.ts';
import { pickItem } from './pickItem.ts';

/** What else can be done with a listed session; the list closes first. */
export interface SessionButton {
  readonly icon: string;
  readonly tooltip: string;
  /** All where absent. */
  readonly fits?: (session: SessionSummary) => boolean;
  readonly act: (session: SessionSummary) => unknown;
}

interface PickOptions {
  readonly buttons?: readonly SessionButton[];
  /** All where absent. */
  readonly fits?: (session: SessionSummary) => boolean;
}

/** Without a session: a heading. */
interface SessionItem extends vscode.QuickPickItem {
  readonly session?: SessionSummary;
}

/** Undefined where the person picked none, or pressed a button. */
export async function pickSession(
  host: Host,
  placeholder: string,
  { buttons = [], fits = () => true }: PickOptions = {},
): Promise<SessionSummary | undefined> {
  const sessions = (await host.past.list()).filter(fits);
  const cutOff = new Set((await host.past.interrupted()).map(({ id }) => id));
  const list = vscode.window.createQuickPick<SessionItem>();
  const buttonOf = new Map<vscode.QuickInputButton, SessionButton>(
    buttons.map((button) => [
      { iconPath: new vscode.ThemeIcon(button.icon), tooltip: button.tooltip },
      button,
    ]),
  );
  const now = host.clock.now();
  list.items = grouped(sessions, now).flatMap(([label, ofGroup]) => [
    { label, kind: vscode.QuickPickItemKind.Separator },
    ...ofGroup.map((session) => {
      const standing = { isCutOff: cutOff.has(session.id), state: host.runtime.session(session.id) };
      return itemOf(session, pastSessionText(session, now, standing), buttonOf);
    }),
  ]);
  const unreadable = await unreadableText(host);
  list.placeholder = `${sessions.length > 0 ? placeholder : 'There is no such session.'}${unreadable}`;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  const { promise, resolve } = Promise.withResolvers<SessionSummary | undefined>();
  list.onDidAccept(() => {
    resolve(list.selectedItems[0]?.session);
    list.hide();
  });
  list.onDidTriggerItemButton(({ item, button }) => {
    list.hide();
    const { session } = item;
    if (session) runSafely(host.log, () => buttonOf.get(button)?.act(session));
  });
  list.onDidHide(() => {
    resolve(undefined);
    list.dispose();
  });
  list.show();
  return promise;
}

/** Those of this window's folders first, by their days. */
function grouped(
  sessions: readonly SessionSummary[],
  now: number,
): readonly (readonly [heading: string, sessions: readonly SessionSummary[]])[] {
  const groups = Map.groupBy(sessions, (session) =>
    pastSessionGroup(session, now, isOfThisWindow(session.cwd)),
  );
  const elsewhere = groups.get(otherFolders);
  groups.delete(otherFolders);
  return [...groups, ...(elsewhere ? [[otherFolders, elsewhere] as const] : [])];
}

/** A list that lacks something says so. */
async function unreadableText({ past, log }: Host): Promise<string> {
  const journals = await past.unreadable();
  for (const journal of journals)
    log.warn(`The first line of ${journal} can't be read, so this session is not listed.`);
  if (journals.length === 0) return '';
  const [what, them] = journals.length === 1 ? ['1 session', 'it'] : [`${journals.length} sessions`, 'them'];
  return ` ${what} can't be read: Show Log names ${them}.`;
}

function itemOf(
  session: SessionSummary,
  description: string,
  buttonOf: ReadonlyMap<vscode.QuickInputButton, SessionButton>,
): SessionItem {
  const { title, kind, isUnresolved, cwd } = session;
  const icon = isUnresolved ? 'debug-disconnect' : kind === 'batch' ? 'checklist' : 'comment-discussion';
  const item = {
    session,
    label: oneLine(title) || 'Untitled session',
    description,
    ...(!isOfThisWindow(cwd) && { detail: oneLine(cwd, 120) }),
    buttons: [...buttonOf].flatMap(([shown, { fits = () => true }]) => (fits(session) ? [shown] : [])),
  };
  return pickItem(item, icon);
}
