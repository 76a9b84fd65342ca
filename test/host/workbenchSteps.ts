/** What the workbench test does, step by step; each builds on those before it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { endOfAgent } from './endOfAgent.ts';
import { click, tab, toast } from './gestures.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

export const workbenchSteps: Readonly<Record<string, Step>> = {
  'the demo runs from the palette until its agent has completed': async (workbench) => {
    await workbench.runCommand('AllSettled: Run Demo');
    assert.match(await endOfAgent(workbench), /\bcompleted\b/);
  },

  'the demo shows its conversation, and ends with what to do next': async (workbench) => {
    await tab(workbench, 'Why does the weekly report').waitFor();
    const message = toast(workbench, '13 of 14 calls succeeded, 1 failed');
    await message.getByRole('button', { name: 'Start Agent' }).waitFor();
    const followUp = workbench.page.locator('.editor-actions').getByRole('button', { name: /Follow Up/ });
    assert.equal(await followUp.count(), 0, 'no model would answer');
    await photograph(workbench, 'demo-end');
  },

  'the tree shows 14 calls, each with its own ending': async (workbench) => {
    await workbench.widenSideBar(480);
    const lines = (await workbench.treeText()).split('\n');
    await photograph(workbench, 'tree');
    const calls = lines.filter((line) => /^ {4}\S/.test(line));
    assert.equal(calls.length, 14);
    assert.deepEqual(
      calls.filter((line) => line.includes('failed')).map((line) => line.replace(/ · .*/, '')),
      ['    terminal  failed, exit code 3'],
    );
    assert.ok(lines.some((line) => line.startsWith('  Turn 1  13 of 14 · 1 failed')));
  },

  'a click on the failed call opens its result': async (workbench) => {
    const row = await workbench.treeRow('sh scripts/report.sh');
    await click(row, tab(workbench, 'terminal sh scripts'));
    await workbench.editorText('exit code 3');
    const text = await workbench.editorText('column "project" does not exist');
    await photograph(workbench, 'result');
    assert.match(text, /^.*--- Input ---/s);
  },

  'after a reload the session is there again, and the tab of its conversation': async (workbench) => {
    const reloaded = workbench.page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await reloaded;
    await tab(workbench, 'Why does the weekly report').waitFor();
    await workbench.treeRow('Why does the weekly report fail?');
    await photograph(workbench, 'shown-again');
  },
};

async function photograph(workbench: Workbench, name: string): Promise<void> {
  await workbench.screenshot(path.join(screenshotsFolder, `${name}.png`));
}
