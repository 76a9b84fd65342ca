/** When `npm start` and `npm test` install packages. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

type Packages = Readonly<Record<string, { version: string; optional?: true }>>;

// It is JavaScript, because it runs before anything is installed.
const { missingPackages } = (await import(
  new URL('../../host/missingPackages.mjs', import.meta.url).href
)) as { missingPackages: (root: string, needed: string) => string[] };

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'allsettled-packages-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a fresh clone needs everything', () => {
  lock('package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
  assert.deepEqual(missingPackages(root, root), ['node_modules']);
});

test('what is installed as the lock file says needs nothing', () => {
  lock('package-lock.json', { '': { version: '9.9.9' }, 'node_modules/a': { version: '1.0.0' } });
  lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
  assert.deepEqual(missingPackages(root, root), []);
});

test('a package that is missing or has another version is named', () => {
  lock('package-lock.json', {
    'node_modules/a': { version: '2.0.0' },
    'node_modules/b/node_modules/@scope/c': { version: '1.0.0' },
  });
  lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
  assert.deepEqual(missingPackages(root, root), ['a', '@scope/c']);
});

test('a package of another platform is not missed', () => {
  lock('package-lock.json', { 'node_modules/a': { version: '1.0.0', optional: true } });
  lock('node_modules/.package-lock.json', {});
  assert.deepEqual(missingPackages(root, root), []);
});

test('an installation without the needed file is not complete', () => {
  lock('package-lock.json', {});
  lock('node_modules/.package-lock.json', {});
  assert.deepEqual(missingPackages(root, path.join(root, 'node_modules/node/bin/node')), ['node_modules']);
});

function lock(name: string, packages: Packages): void {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ packages }));
}
