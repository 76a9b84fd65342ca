/** A fresh user of VS Code, who has no settings, no extensions and no home but a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface ProfileOptions {
  readonly theme?: 'light' | 'dark';
  /** Whether opened folders are trusted without a question. */
  readonly isTrusted?: boolean;
  /** Further user settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Profile {
  readonly dataFolder: string;
  readonly extensionsFolder: string;
  /** The environment in which programs find nothing of the real user. */
  readonly env: NodeJS.ProcessEnv;
  /** Removes everything. */
  dispose(): void;
}

const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  // In a browser, VS Code saves by itself after a second: whether a text is unsaved must not depend on the load.
  'files.autoSave': 'off',
};

/** The caller disposes; the exit of the process does otherwise. */
export function createProfile({ theme = 'dark', isTrusted = true, settings }: ProfileOptions): Profile {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'allsettled-vscode-'));
  const dataFolder = path.join(folder, 'data');
  const home = path.join(folder, 'home');
  for (const made of [path.join(dataFolder, 'User'), home]) mkdirSync(made, { recursive: true });
  const userSettings = {
    ...quietSettings,
    'security.workspace.trust.enabled': !isTrusted,
    'security.workspace.trust.startupPrompt': 'never',
    'workbench.colorTheme': theme === 'light' ? 'Default Light Modern' : 'Default Dark Modern',
    ...settings,
  };
  writeFileSync(path.join(dataFolder, 'User', 'settings.json'), JSON.stringify(userSettings, null, 2));
  const dispose = () => {
    process.off('exit', dispose);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.on('exit', dispose);
  return {
    dataFolder,
    extensionsFolder: path.join(folder, 'extensions'),
    env: privateEnvironment(home),
    dispose,
  };
}

function privateEnvironment(home: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  // A VS Code that runs these scripts in its terminal must not be mistaken for the one that they start.
  for (const name of Object.keys(env)) if (/^(VSCODE_|ELECTRON_|npm_)/i.test(name)) delete env[name];
  delete env['ANTHROPIC_API_KEY'];
  return {
    ...env,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_STATE_HOME: path.join(home, '.local', 'state'),
  };
}
