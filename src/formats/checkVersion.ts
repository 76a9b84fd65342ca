/** Checks the version that a file says it is written in. */
import type { Node } from 'jsonc-parser';
import { kindOf, type Report } from './jsonNodes.ts';

/** Reports every version but 1, and a missing one at the file's root. */
export function checkVersion(root: Node, version: Node | undefined, report: Report): void {
  if (!version) report(root, 'The file has no "version": write "version": 1.');
  else if (version.type !== 'number')
    report(version, `"version" must be the number 1, not ${kindOf(version)}.`);
  else if (version.value !== 1)
    report(version, `Version ${version.value as number} is not supported: this program reads version 1.`);
}
