/** Where Windows keeps its own programs. */
import path from 'node:path';

/** The folder of the system, as the environment names it. */
export function windowsFolder(environment: NodeJS.ProcessEnv): string {
  // A copy of the environment tells names apart by case, Windows doesn't.
  const [, named = ''] =
    Object.entries(environment).find(([name]) => name.toLowerCase() === 'systemroot') ?? [];
  return /^[a-z]:\\/i.test(named) ? named : String.raw`C:\Windows`;
}

/** The folder of the PowerShell that is part of every Windows. */
export function powerShellFolder(environment: NodeJS.ProcessEnv): string {
  return path.win32.join(windowsFolder(environment), 'System32', 'WindowsPowerShell', 'v1.0');
}

/** That PowerShell itself: a bare name would also be looked for in the working directory. */
export function powerShellFile(environment: NodeJS.ProcessEnv): string {
  return path.win32.join(powerShellFolder(environment), 'powershell.exe');
}
