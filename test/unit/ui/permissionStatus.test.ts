import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import type { Permission } from '../../../src/core/agents.ts';

let isShown = false;
let told: (change: { readonly affectsConfiguration: (id: string) => boolean }) => void = () => undefined;
const item = { show: () => (isShown = true), hide: () => (isShown = false), dispose: () => undefined };

Object.assign(globalThis, {
  fakeVscode: {
    window: { createStatusBarItem: () => item },
    workspace: { onDidChangeConfiguration: (listener: typeof told) => (told = listener) },
    StatusBarAlignment: { Left: 1 },
    Disposable: { from: () => ({ dispose: () => undefined }) },
  },
});
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? {
          url: 'data:text/javascript,export const { window, workspace, StatusBarAlignment, Disposable } = globalThis.fakeVscode;',
          shortCircuit: true,
        }
      : next(specifier, context),
});
const { registerPermissionStatus } = await import('../../../src/ui/permissionStatus.ts');

test('the status bar shows the permission unlimited while it is set, and no other', () => {
  let permission: Permission = 'unlimited';
  registerPermissionStatus({ settings: { permission: () => permission } } as Parameters<
    typeof registerPermissionStatus
  >[0]);
  assert.equal(isShown, true);
  const seen = (['read-only', 'unlimited', 'workspace-write'] as const).map((next) => {
    permission = next;
    told({ affectsConfiguration: (id) => id === 'allsettled.permission' });
    return isShown;
  });
  assert.deepEqual(seen, [false, true, false]);
});
