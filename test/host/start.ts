/**
 * Builds the extension and opens VS Code with it on the demo workspace: the desktop where there is one, else the
 * server from npm, whose address is printed. With --headless it runs the demo without a window, prints the tree and
 * saves a screenshot.
 */
import { findDesktopCode, openDesktop } from './openDesktop.ts';
import { runDemoHeadless } from './runDemoHeadless.ts';
import { runScript } from './runScript.ts';
import { serveDemo } from './serveDemo.ts';

await runScript(() => {
  if (process.argv.includes('--headless')) return runDemoHeadless();
  const code = findDesktopCode();
  return code === undefined ? serveDemo() : openDesktop(code);
});
