/** What the workbench test does with edits that are taken back: a dialog, what it leaves, and the undoing. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asksFor, says } from '../fixtures/agentScripts.ts';
import { startMessagesServer } from '../fixtures/sseServer.ts';
import type { MessagesServer } from '../fixtures/sseServer.ts';
import { answer, answerDialog, chooseInTree, click, dialog, tab, toast } from './gestures.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

const prompt = 'Tidy the notes.';
const turns = [
  asksFor(
    ['r1', 'read_file', { path: 'notes.md' }],
    ['r2', 'read_file', { path: 'todo.md' }],
    ['r3', 'read_file', { path: 'draft.md' }],
  ),
  asksFor(
    ['e1', 'edit_file', { path: 'notes.md', edits: [{ oldText: 'untidy', newText: 'tidy' }] }],
    ['e2', 'edit_file', { path: 'todo.md', edits: [{ oldText: 'call', newText: 'write' }] }],
    ['w1', 'write_file', { path: 'index.md', content: '# Index\n' }],
    ['d1', 'delete_file', { path: 'draft.md' }],
  ),
  says('The notes are tidy.'),
];

export function startRevertModel(): Promise<MessagesServer> {
  return startMessagesServer(({ messages }) => {
    const said = messages.filter(({ role }) => role === 'assistant').length;
    return turns[said] ?? says('Done.');
  });
}

export async function writeRevertFiles(folder: string): Promise<void> {
  const files = { 'notes.md': 'untidy\n', 'todo.md': 'call\n', 'draft.md': 'a draft\n' };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

/** Each builds on those before it. */
export function revertSteps(folder: string): Readonly<Record<string, Step>> {
  const photograph = (workbench: Workbench, name: string): Promise<void> =>
    workbench.screenshot(path.join(screenshotsFolder, `${name}.png`));
  const textOf = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  return {
    'a dialog says what a revert of a turn would do, and what somebody else changed since': async (
      workbench,
    ) => {
      await startAgent(workbench);
      await writeFile(path.join(folder, 'todo.md'), 'write and call\n');
      await workbench.widenSideBar(480);
      const onOpen = (): Promise<void> => photograph(workbench, 'revert-menu');
      await chooseInTree(workbench, 'Turn 2', 'Revert the Edits of This Turn…', onOpen);
      await dialog(workbench).waitFor();
      await photograph(workbench, 'revert-dialog');
      const text = await dialog(workbench).innerText();
      assert.match(text, /Revert the edits of turn 2 of “Tidy the notes\.”\?/);
      assert.match(text, /Restored:\s+• draft\.md – comes back\s+• index\.md – is deleted\s+• notes\.md/);
      assert.match(text, /Changed since by you or others:\s+• todo\.md/);
      assert.match(text, /What commands changed is not covered/);
    },

    'the person’s change is left, the row says what was reverted, and all of it is shown': async (
      workbench,
    ) => {
      await answerDialog(workbench, 'Leave Changed Files');
      await turn(workbench, 'partly reverted').waitFor();
      await toast(workbench, 'Reverted 3 files').waitFor();
      await photograph(workbench, 'reverted');
      assert.equal(await textOf('notes.md'), 'untidy\n');
      assert.equal(await textOf('draft.md'), 'a draft\n');
      assert.equal(await textOf('todo.md'), 'write and call\n');
      assert.ok(!existsSync(path.join(folder, 'index.md')));
      const show = toast(workbench, 'Reverted 3 files').getByRole('button', { name: 'Show Changes' });
      await click(show, tab(workbench, 'Reverted: turn 2'));
      await workbench.page.locator('.view-lines').filter({ hasText: 'untidy' }).first().waitFor();
      await photograph(workbench, 'reverted-changes');
    },

    'a revert is undone from its row': async (workbench) => {
      await chooseInTree(workbench, 'Turn 2', 'Undo Revert…');
      await dialog(workbench).waitFor();
      await photograph(workbench, 'undo-dialog');
      await answerDialog(workbench, 'Undo Revert');
      await toast(workbench, 'Brought back 3 files').waitFor();
      await turn(workbench, 'reverted').waitFor({ state: 'detached' });
      assert.doesNotMatch(await toast(workbench, 'Brought back 3 files').innerText(), /not saved/);
      await photograph(workbench, 'undone');
      assert.equal(await textOf('notes.md'), 'tidy\n');
      assert.equal(await textOf('index.md'), '# Index\n');
      assert.ok(!existsSync(path.join(folder, 'draft.md')));
    },
  };
}

async function startAgent(workbench: Workbench): Promise<void> {
  await workbench.runCommand('AllSettled: Set API Key…');
  await answer(workbench, 'Set API Key', 'no-real-key');
  await workbench.runCommand('AllSettled: Start Agent…');
  await answer(workbench, 'Start Agent', prompt);
  await workbench.page.getByRole('treeitem', { name: /^Session, .*\bcompleted\b/ }).waitFor();
}

function turn({ page }: Workbench, said: string) {
  return page.getByRole('treeitem', { name: new RegExp(`^Turn 2.*\\b${said}`) });
}
