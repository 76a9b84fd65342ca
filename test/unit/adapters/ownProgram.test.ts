import assert from 'node:assert/strict';
import { chmod, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { helperEnvironment } from '../../../src/adapters/node/environment.ts';
import { ownProgram } from '../../../src/adapters/node/ownProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('G1: a program of the machine is found past one of the workspace, and its environment leads to nothing there', async (t) => {
  const [root, machine] = [await temporaryFolder(t), await temporaryFolder(t)];
  for (const folder of [path.join(root, 'bin'), machine]) {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'tool'), '#!/bin/sh\n');
    await chmod(path.join(folder, 'tool'), 0o755);
  }
  await mkdir(path.join(machine, 'linked'));
  await symlink(path.join(root, 'bin/tool'), path.join(machine, 'linked/tool'));
  const { PATH } = process.env;
  t.after(() => {
    process.env.PATH = PATH;
    delete process.env.LD_PRELOAD_OF_TEST;
    delete process.env.TOOL_DIR;
  });
  process.env.PATH = [path.join(root, 'bin'), path.join(machine, 'linked'), machine].join(path.delimiter);
  process.env.LD_PRELOAD_OF_TEST = path.join(root, 'x.so');
  process.env.TOOL_DIR = machine;
  const found = await ownProgram('tool', [root], ['TOOL_*']);
  assert.equal(found && (await realpath(found.file)), await realpath(path.join(machine, 'tool')));
  assert.equal(found?.environment.LD_PRELOAD_OF_TEST, undefined);
  assert.equal(found?.environment.TOOL_DIR, undefined);
  assert.equal(await ownProgram('tool', [root, machine], []), undefined);
});

test('G1: a helper of our own gets no variable that makes Node or its loader run further code', () => {
  const base = {
    ...{ NODE_OPTIONS: '--require ./x.cjs', NODE_PATH: 'x', NODE_EXTRA_CA_CERTS: 'x', OPENSSL_CONF: 'x' },
    ...{ LD_PRELOAD: './x.so', LD_AUDIT: './x.so', DYLD_INSERT_LIBRARIES: 'x', BASH_ENV: 'x' },
    ...{ HOME: '/home/me', LD_LIBRARY_PATH: '/opt/lib' },
  };
  assert.deepEqual(helperEnvironment(base), {
    ...{ HOME: '/home/me', LD_LIBRARY_PATH: '/opt/lib', ELECTRON_RUN_AS_NODE: '1' },
  });
});
