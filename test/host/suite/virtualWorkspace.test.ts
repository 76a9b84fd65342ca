/** A workspace that is not on a disk: what is read through VS Code's file system, and what is refused with a reason. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import type { SessionState } from '../../../src/core/states.ts';
import { extensionApi } from './extensionApi.ts';

const calls = [
  { id: 'read', tool: 'read_file', input: { path: 'src/a.ts' } },
  { id: 'list', tool: 'list_files', input: { pattern: '**/*.ts' } },
  { id: 'search', tool: 'search_text', input: { pattern: 'needle', glob: '*.ts' } },
  { id: 'outside', tool: 'read_file', input: { path: '../../secret.txt' } },
  { id: 'terminal', tool: 'terminal', input: { command: 'touch made.txt' } },
  { id: 'git', tool: 'git', input: { args: ['status'] } },
  { id: 'write', tool: 'write_file', input: { path: 'made.txt', content: 'x' } },
];
const contents: Readonly<Record<string, string>> = {
  '/secret.txt': 'secret',
  '/w/src/a.ts': 'const needle = 1;\n',
  '/w/src/b.ts': 'const other = 2;\n',
  '/w/all.batch.json': JSON.stringify({ version: 1, calls }),
};

suite('virtual workspaces', () => {
  test('files are read, listed and searched; commands, git and edits are refused and say why', async () => {
    const registration = vscode.workspace.registerFileSystemProvider('memfs', memoryFiles, {
      isReadonly: true,
    });
    try {
      const state = await runBatch(vscode.Uri.parse('memfs:/w/all.batch.json'));
      const outcomes = calls.map(({ id }) => outcomeOf(state, id));
      assert.deepEqual(outcomes.slice(0, 4), [
        'succeeded: src/a.ts: line 1 of 1 (the file has 18 bytes)',
        'succeeded: src/a.ts',
        'succeeded: src/a.ts:1: const needle = 1;',
        'failed: outsideWorkspace',
      ]);
      assert.deepEqual(outcomes.slice(4), ['failed: refused', 'failed: refused', 'failed: refused']);
      const terminal = state.calls.get('terminal')?.state;
      assert.match(terminal?.status === 'failed' ? terminal.error.message : '', /virtual.*folder on disk/);
    } finally {
      registration.dispose();
    }
  });
});

async function runBatch(uri: vscode.Uri): Promise<SessionState> {
  const api = await extensionApi();
  const { promise, resolve } = Promise.withResolvers<void>();
  let settled = 0;
  const counting = api.onEvent(({ type }) => {
    if (type === 'call.settled' && ++settled === calls.length) resolve();
  });
  const started = await vscode.commands.executeCommand<{ sessionId: string }>('allsettled.runBatch', uri);
  await promise;
  counting.dispose();
  const state = api.session(started.sessionId);
  assert.ok(state);
  return state;
}

/** The status, and the first line of the text or the kind of the error. */
function outcomeOf({ calls: of }: SessionState, id: string): string {
  const state = of.get(id)?.state;
  if (state?.status === 'failed') return `failed: ${state.error.kind}`;
  if (state?.status !== 'succeeded') return state?.status ?? 'gone';
  return `succeeded: ${state.output.text.split('\n', 1)[0]}`;
}

const isFolder = (folder: string): boolean =>
  Object.keys(contents).some((file) => file.startsWith(folder === '/' ? '/' : `${folder}/`));

const memoryFiles: vscode.FileSystemProvider = {
  onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
  watch: () => new vscode.Disposable(() => undefined),
  stat({ path }) {
    const type = path in contents ? vscode.FileType.File : vscode.FileType.Directory;
    if (!(path in contents) && !isFolder(path)) throw vscode.FileSystemError.FileNotFound(path);
    return { type, ctime: 0, mtime: 0, size: contents[path]?.length ?? 0 };
  },
  readDirectory({ path }) {
    const inside = path === '/' ? '/' : `${path}/`;
    const below = Object.keys(contents).filter((file) => file.startsWith(inside));
    const names = new Set(below.map((file) => file.slice(inside.length).split('/', 1)[0] ?? ''));
    return [...names].map((name) => [
      name,
      `${inside}${name}` in contents ? vscode.FileType.File : vscode.FileType.Directory,
    ]);
  },
  readFile({ path }) {
    const text = contents[path];
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(path);
    return new TextEncoder().encode(text);
  },
  createDirectory: refuse,
  writeFile: refuse,
  delete: refuse,
  rename: refuse,
};

function refuse(): never {
  throw vscode.FileSystemError.NoPermissions();
}
