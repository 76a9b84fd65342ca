import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permissions } from '../../../src/core/agents.ts';
import { deniedMessage, judge } from '../../../src/safety/permission.ts';

test('each permission judges reading, writing and commands', () => {
  const table = permissions.map((permission) =>
    [permission, ...(['read', 'write', 'command'] as const).map((access) => judge(permission, access))].join(
      ' ',
    ),
  );
  assert.deepEqual(table, [
    'read-only allow deny deny',
    'workspace-write allow allow ask',
    'unlimited allow allow allow',
  ]);
});

test('a confined command is allowed by every permission', () => {
  assert.deepEqual(
    permissions.map((permission) => judge(permission, 'confined')),
    ['allow', 'allow', 'allow'],
  );
});

test('edits under review, and commands that could make one, are asked about where they are allowed, and under unlimited nothing asks', () => {
  const table = permissions.map((permission) =>
    (['read', 'write', 'command', 'confined'] as const)
      .map((access) => judge(permission, access, true))
      .join(' '),
  );
  assert.deepEqual(table, ['allow deny deny allow', 'allow ask ask ask', 'allow allow allow allow']);
});

test('a denial names tool and permission and says what to do next', () => {
  const message = deniedMessage('terminal', 'read-only');
  assert.match(message, /^terminal is not allowed under the permission read-only/);
  assert.match(message, /read_file/);
});
