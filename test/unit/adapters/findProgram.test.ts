import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { findProgram } from '../../../src/adapters/node/findProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('a program is taken from none of the folders that anybody could have filled', async (t) => {
  const root = await temporaryFolder(t);
  const folders = ['workspace/bin', 'node_modules/.bin', 'linked', 'system'];
  for (const folder of folders) {
    await mkdir(path.join(root, folder), { recursive: true });
    const file = path.join(root, folder, 'tool');
    if (folder === 'linked') await symlink('../workspace/bin/tool', file);
    else await writeFile(file, '#!/bin/sh\n');
    if (folder !== 'linked') await chmod(file, 0o755);
  }
  const find = (...names: readonly string[]): Promise<string | undefined> => {
    const PATH = names.map((name) => path.join(root, name)).join(path.delimiter);
    return findProgram('tool', { PATH: `.${path.delimiter}${PATH}` }, [path.join(root, 'workspace')]);
  };
  for (const folder of folders.slice(0, 3)) assert.equal(await find(folder), undefined, folder);
  assert.equal(await find(...folders), path.join(root, 'system/tool'));
});
