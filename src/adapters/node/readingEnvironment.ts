/** What a command that nobody was asked about finds in its environment. */
import path from 'node:path';
import type { ShellLanguage } from '../../core/shell.ts';
import { powerShellFolder, windowsFolder } from './windowsFolder.ts';

export function readingEnvironment(
  language: ShellLanguage,
  searchPath: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  if (language === 'powershell') return forPowerShell(environment);
  return { PATH: searchPath ?? '', LC_ALL: locale, TERM: 'dumb' };
}

// The locale is one in which no byte above ASCII hides a quote; of these, each system has one.
const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';

/** What .NET and PowerShell do not start without; a profiler, a policy or a folder of modules is not among it. */
function forPowerShell(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const folder = windowsFolder(environment);
  const kept = Object.entries(environment).filter(([name]) => plainNames.has(name.toUpperCase()));
  return {
    ...Object.fromEntries(kept.map(([name, value = '']) => [name.toUpperCase(), value])),
    SYSTEMROOT: folder,
    WINDIR: folder,
    // Before it loads a module, PowerShell looks here for a program of the command's name.
    PATH: path.win32.join(folder, 'System32'),
    PSMODULEPATH: path.win32.join(powerShellFolder(environment), 'Modules'),
  };
}

const plainNames: ReadonlySet<string> = new Set(['SYSTEMDRIVE', 'TEMP', 'TMP', 'USERPROFILE']);
