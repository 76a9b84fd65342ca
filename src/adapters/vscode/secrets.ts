/** The API key in VS Code's secret storage. */
import type * as vscode from 'vscode';
import type { Secrets } from '../../core/ports.ts';

const storageKey = 'allsettled.apiKey';

/** The port's secrets, and what the key commands need. */
export interface StoredSecrets extends Secrets {
  setApiKey(key: string): Promise<void>;
  clearApiKey(): Promise<void>;
  /** The key was set or cleared, perhaps in another window. */
  readonly onApiKeyChange: (listener: () => void) => vscode.Disposable;
}

export function createSecrets(storage: vscode.SecretStorage): StoredSecrets {
  return {
    apiKey: async () => (await storage.get(storageKey)) || undefined,
    setApiKey: async (key) => storage.store(storageKey, key),
    clearApiKey: async () => storage.delete(storageKey),
    onApiKeyChange: (listener) => storage.onDidChange(({ key }) => key === storageKey && listener()),
  };
}
