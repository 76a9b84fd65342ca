/** 30 parallel edits by five agents on ten shared files, two of which have unsaved changes: all is in, and nobody was overwritten. */
import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles, type UnsavedTexts } from '../../../src/adapters/node/files.ts';
import { agentScripts } from '../../fixtures/agentScripts.ts';
import { editFates, fileNames, sharedEdits, textOf } from '../../fixtures/sharedEdits.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

/** An editor that shows these files, with what a person has typed there. */
function editorWith(unsaved: Map<string, string>): UnsavedTexts {
  const nameOf = (file: string): string => path.basename(file);
  return {
    unsavedText: (file) => unsaved.get(nameOf(file)),
    write({ path: file, text, replaces }) {
      const shown = unsaved.get(nameOf(file));
      if (shown === undefined) return Promise.resolve(undefined);
      if (shown !== replaces)
        return Promise.resolve({ ok: false, error: { kind: 'changed', message: 'It changed.' } });
      unsaved.set(nameOf(file), text);
      return Promise.resolve({ ok: true, text, isUnsaved: true });
    },
  };
}

test('30 parallel edits by five agents on ten files: nothing is lost, and every conflict is told', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (file: number): string => path.join(folder, fileNames[file] ?? '');
  for (const [file] of fileNames.entries()) await writeFile(at(file), textOf(file, false));
  const unsaved = new Map([0, 1].map((file) => [fileNames[file] ?? '', `mine\n${textOf(file, false)}`]));
  const scripts = await agentScripts(
    t,
    sharedEdits(async () => {
      // A person types on, and a program writes, between what the agents read and what they write.
      unsaved.set(fileNames[0] ?? '', `more of ${unsaved.get(fileNames[0] ?? '')}`);
      await appendFile(at(2), 'appended\n');
    }).parts,
  );
  const runtime = testRuntime(t, await temporaryFolder(t), scripts.server.url, {
    files: createFiles(editorWith(unsaved)),
    // All five must be able to wait for each other in the middle of a request.
    settings: { ...testSettings(scripts.server.url), lanes: () => ({ io: 16, process: 1, model: 5 }) },
  });
  const place = { cwd: folder, roots: [folder] };
  const run = await runtime.startAgent({ prompt: 'Go root', permission: 'workspace-write', ...place });
  assert.equal((await run.ended).status, 'completed');

  const texts = fileNames.map((name, file) => unsaved.get(name) ?? readFileText(at(file)));
  const filled = (file: number): string => textOf(file, true);
  const expected = fileNames.map((_, file) => filled(file));
  expected[0] = `more of mine\n${filled(0)}`;
  expected[1] = `mine\n${filled(1)}`;
  expected[2] = `${filled(2)}appended\n`;
  for (const [file, text] of texts.entries()) assert.equal(await text, expected[file]);
  for (const file of [0, 1]) assert.equal(await readFileText(at(file)), textOf(file, false));
  assert.deepEqual((await readdir(folder)).toSorted(), fileNames.toSorted());

  const fates = editFates(runtime.session(run.sessionId) ?? assert.fail());
  assert.deepEqual(fates.firstRound, { succeeded: 8, changed: 22 });
  assert.deepEqual(fates.kinds, ['changed', 'succeeded']);
  assert.equal(fates.succeeded, 30);
});

function readFileText(file: string): Promise<string> {
  return readFile(file, 'utf8');
}
