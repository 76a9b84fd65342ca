/** What a run of the host tests asks of its VS Code, handed on in the environment because `runTests` starts it. */
import { newestVersion, serverVersion } from './serverVersions.ts';
import type { ServerVersion } from './serverVersions.ts';

export interface HostOptions {
  readonly version: ServerVersion;
  readonly isTrusted: boolean;
  readonly theme: 'light' | 'dark';
  /** Where the workbench is photographed when the tests have ended. */
  readonly screenshot?: string;
}

/** The variables that `readHostOptions` reads; the tests see them too. */
export function hostEnvironment(options: HostOptions): Record<string, string> {
  return {
    ALLSETTLED_HOST_VERSION: options.version.vscode,
    ALLSETTLED_HOST_TRUST: options.isTrusted ? 'on' : 'off',
    ALLSETTLED_HOST_THEME: options.theme,
    ...(options.screenshot !== undefined && { ALLSETTLED_HOST_SCREENSHOT: options.screenshot }),
  };
}

/** Where nothing is set: the newest version, trusted, dark, no screenshot. */
export function readHostOptions(env: NodeJS.ProcessEnv): HostOptions {
  const screenshot = env['ALLSETTLED_HOST_SCREENSHOT'];
  return {
    version: serverVersion(env['ALLSETTLED_HOST_VERSION'] ?? newestVersion.vscode),
    isTrusted: env['ALLSETTLED_HOST_TRUST'] !== 'off',
    theme: env['ALLSETTLED_HOST_THEME'] === 'light' ? 'light' : 'dark',
    ...(screenshot !== undefined && { screenshot }),
  };
}
