/** What a language service reports after an edit is in the edit's outcome; the service here finds the word BAD. */
import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { createDiagnostics } from '../../../src/adapters/vscode/diagnostics.ts';
import { editorFiles } from '../../../src/adapters/vscode/editorFiles.ts';
import type { ToolContext } from '../../../src/core/tools.ts';
import { createEditFile } from '../../../src/tools/editFile.ts';
import { createNewErrors } from '../../../src/tools/newErrors.ts';
import { createWriteFile } from '../../../src/tools/writeFile.ts';

const ending = '.badwords';
/** The service always reports, so that only a broken test waits so long. */
const waitMs = 30_000;

/** Reports an error and a warning for each BAD, whenever a document of its language is opened or changed. */
function badWordService(): vscode.Disposable {
  const found = vscode.languages.createDiagnosticCollection('bad-words');
  const look = (document: vscode.TextDocument): void => {
    if (!document.uri.path.endsWith(ending)) return;
    const problems = document
      .getText()
      .split('\n')
      .flatMap((text, line) => (text.includes('BAD') ? [[line, text] as const] : []))
      .flatMap(([line, text]) =>
        [vscode.DiagnosticSeverity.Error, vscode.DiagnosticSeverity.Warning].map(
          (severity) => new vscode.Diagnostic(new vscode.Range(line, 0, line, 1), `Found ${text}`, severity),
        ),
      );
    found.set(document.uri, problems);
  };
  return vscode.Disposable.from(
    found,
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
  );
}

suite('new errors after an edit', () => {
  const diagnostics = createDiagnostics();
  const files = createFiles(editorFiles);
  const newErrors = createNewErrors({ clock: nodeClock, diagnostics }, waitMs);
  let folder = '';
  let stateDir = '';
  let service: vscode.Disposable;

  suiteSetup(async () => {
    folder = await realpath(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail());
    stateDir = await mkdtemp(path.join(os.tmpdir(), 'allsettled-errors-'));
    service = badWordService();
  });
  suiteTeardown(async () => {
    service.dispose();
    diagnostics.dispose();
    await rm(stateDir, { recursive: true, force: true });
  });
  teardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  async function text(tool: 'write' | 'edit', input: object): Promise<string> {
    const ports = {
      files,
      newErrors,
      stateDir,
      memory: {
        lastSeen: () => undefined,
        intend: () => Promise.resolve(undefined),
        writesInPlace: () => Promise.resolve(undefined),
      },
    };
    const context: ToolContext = {
      sessionId: 's',
      callId: 'c',
      permission: 'workspace-write',
      cwd: folder,
      roots: [folder],
      outputFile: path.join(stateDir, 'c.txt'),
      signal: new AbortController().signal,
      runCalls: () => Promise.reject(new Error('no container')),
      show: () => undefined,
    };
    const result = await (tool === 'write' ? createWriteFile(ports) : createEditFile(ports)).run(
      input,
      context,
    );
    return result.ok ? result.output.text : result.error.message;
  }

  async function show(name: string): Promise<void> {
    const uri = vscode.Uri.file(path.join(folder, name));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }

  test('those that were there before are not told again, whatever line they are on now', async () => {
    const name = `shown${ending}`;
    await text('write', { path: name, content: 'BAD old\n\n\n' });
    await show(name);
    const edits = [{ oldText: 'BAD old\n', newText: 'fine\nBAD old\nBAD new\n' }];
    assert.equal(
      await text('edit', { path: name, edits }),
      'Changed shown.badwords: 2 lines added.\n' +
        'The editor now reports 1 error that was not there before the edit:\nline 3: Found BAD new',
    );
  });

  /** The next report on the file that `isAwaited` takes. Begun behind a watch, it comes when the watch has heard it. */
  function untilReport(uri: vscode.Uri, isAwaited: () => boolean = () => true): Promise<void> {
    return new Promise((resolve) => {
      const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (!isAwaited() || !uris.some((each) => each.toString() === uri.toString())) return;
        listener.dispose();
        resolve();
      });
    });
  }

  const report = (message: string): vscode.Diagnostic =>
    new vscode.Diagnostic(new vscode.Range(0, 0, 0, 1), message);

  async function insert(uri: vscode.Uri, newText: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), newText);
    await vscode.workspace.applyEdit(edit);
  }

  test('a report on the text before the edit is none on the edit', async () => {
    const name = `before${ending}`;
    await text('write', { path: name, content: 'BAD old\n' });
    await show(name);
    const uri = vscode.Uri.file(path.join(folder, name));
    const late = vscode.languages.createDiagnosticCollection('late');
    let reports = 0;
    const watch = diagnostics.watch(uri.fsPath, () => (reports += 1));
    const reported = untilReport(uri);
    late.set(uri, [report('late')]);
    await reported;
    assert.equal(reports, 0);
    const reportedOnEdit = untilReport(uri, () => reports > 0);
    await insert(uri, 'BAD new\n');
    await reportedOnEdit;
    watch?.dispose();
    late.dispose();
    await vscode.workspace.save(uri);
  });

  test('a report that is not told of yet counts before the edit, and is none on it when it is told after', async () => {
    const uri = vscode.Uri.file(path.join(folder, 'told.latewords'));
    await text('write', { path: 'told.latewords', content: 'old\n' });
    await vscode.workspace.openTextDocument(uri);
    const slow = vscode.languages.createDiagnosticCollection('slow');
    const old = [report('old')];
    slow.set(uri, old);
    let reports = 0;
    const watch = diagnostics.watch(uri.fsPath, () => (reports += 1));
    assert.ok(watch);
    await insert(uri, 'new\n');
    const told = untilReport(uri);
    slow.set(uri, old);
    await told;
    assert.equal(reports, 0);
    const toldOfEdit = untilReport(uri);
    slow.set(uri, [report('old')]);
    await toldOfEdit;
    assert.equal(reports, 1);
    watch.dispose();
    slow.dispose();
    await vscode.workspace.save(uri);
  });

  test('a file that is made is looked at too, once the service has reported on one of its kind', async () => {
    assert.equal(
      await text('write', { path: `made${ending}`, content: 'fine\nBAD\n' }),
      'Made made.badwords: 2 lines added.\n' +
        'The editor now reports 1 error that was not there before the edit:\nline 2: Found BAD',
    );
  });

  test('for a file of a kind that no service speaks of, nothing is awaited', async () => {
    assert.equal(
      diagnostics.watch(path.join(folder, 'plain.nobody'), () => undefined),
      undefined,
    );
    assert.equal(
      await text('write', { path: 'plain.nobody', content: 'BAD\n' }),
      'Made plain.nobody: 1 line added.',
    );
  });
});
