import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { seccompProgram, unpack } from '../../../src/adapters/node/seccompProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('the packed program is unpacked for its owner alone, and what was put in its place is replaced', async (t) => {
  const folder = await temporaryFolder(t);
  const packed = path.join(folder, 'x64.br');
  writeFileSync(packed, brotliCompressSync(Buffer.from('program')));
  const name = path.basename(unpack(packed, folder));
  for (const before of ['absent', 'another program']) {
    const other = await temporaryFolder(t);
    if (before !== 'absent') writeFileSync(path.join(other, name), before);
    const file = unpack(packed, other);
    assert.equal(file, path.join(other, name));
    assert.equal(readFileSync(file, 'utf8'), 'program');
    assert.equal(statSync(file).mode & 0o777, 0o700);
    assert.equal(unpack(packed, other), file);
  }
});

test('a processor without the program has no sandbox', async (t) => {
  const folder = await temporaryFolder(t);
  assert.throws(() => seccompProgram(folder, folder), {
    message: `There is no sandbox for this processor (${process.arch}).`,
  });
});
