/** What the workbench test does, step by step; each builds on those before it. */
import path from 'node:path';
import { endOfAgent } from './endOfAgent.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

export const workbenchSteps: Readonly<Record<string, Step>> = {
  'the demo runs from the palette until its agent has ended': async (workbench) => {
    await workbench.runCommand('AllSettled: Run Demo');
    await endOfAgent(workbench);
    await workbench.treeText();
    await workbench.screenshot(path.join(screenshotsFolder, 'demo.png'));
  },
};
