import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

const room = path.resolve(import.meta.dirname, '../../../src/adapters/node');

// Runs in a process of its own, because it uses up all of its files.
const source = `
  const { openSync } = await import('node:fs');
  const { createProcesses } = await import(${JSON.stringify(path.join(room, 'processes.ts'))});
  const { nodeClock } = await import(${JSON.stringify(path.join(room, 'clock.ts'))});
  try { for (;;) openSync('/dev/null'); } catch {}
  const command = { kind: 'program', file: '/bin/true', args: [] };
  const end = await createProcesses({ clock: nodeClock })
    .run({ command, cwd: '/', signal: new AbortController().signal });
  console.log(JSON.stringify(end));
`;

test('without free files a command is not started, and the error says that it is for now', () => {
  const line = 'ulimit -n 64; exec "$0" --input-type=module -e "$1"';
  const printed = execFileSync('/bin/sh', ['-c', line, process.execPath, source], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const end = JSON.parse(printed) as { kind: string; error: { kind: string; message: string } };
  assert.equal(end.kind, 'cannotStart');
  assert.equal(end.error.kind, 'busy');
  assert.match(end.error.message, /EMFILE/);
});
