/** Shows every problem of the open files of one kind at its place. */
import * as vscode from 'vscode';
import type { Clock, Log } from '../core/ports.ts';
import { shownText } from '../core/visibleText.ts';
import type { FileProblem } from '../formats/fileProblem.ts';
import { throttled } from './throttle.ts';

/** What a reader of files gives. */
type Parsed = { readonly ok: true } | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** Checks a document and shows its problems. */
export interface FileDiagnostics<T extends Parsed> extends vscode.Disposable {
  check(document: vscode.TextDocument): Promise<T>;
  /** Shows what the text alone does not tell, until it is checked again: problems, or warnings. */
  show(
    document: vscode.TextDocument,
    problems: readonly FileProblem[],
    severity?: vscode.DiagnosticSeverity,
  ): void;
}

export interface FileKind<T extends Parsed> {
  /** Where the file's name ends so, it is one. */
  readonly ending: string;
  readonly parse: (text: string) => Promise<T> | T;
  readonly clock: Clock;
  readonly log: Log;
}

/** Checks what is open now, and each document as it is opened and changed. */
export function registerFileDiagnostics<T extends Parsed>(kind: FileKind<T>): FileDiagnostics<T> {
  const { ending, parse, clock, log } = kind;
  const collection = vscode.languages.createDiagnosticCollection(`allsettled${ending}`);
  const changed = new Set<vscode.TextDocument>();
  const isOne = ({ path }: vscode.Uri): boolean => path.endsWith(ending);
  const show: FileDiagnostics<T>['show'] = (document, problems, severity) =>
    collection.set(
      document.uri,
      problems.map((problem) => diagnostic(document, problem, severity)),
    );
  const check = async (document: vscode.TextDocument): Promise<T> => {
    const parsed = await parse(document.getText());
    show(document, parsed.ok ? [] : parsed.problems);
    return parsed;
  };
  const checkOpen = (document: vscode.TextDocument): void => {
    if (document.isClosed || !isOne(document.uri)) return;
    check(document).catch((error: unknown) => log.error(`A *${ending} file can not be checked.`, error));
  };
  const recheck = throttled(
    clock,
    () => {
      for (const document of changed) checkOpen(document);
      changed.clear();
    },
    300,
  );
  const subscriptions = [
    collection,
    recheck,
    vscode.workspace.onDidOpenTextDocument(checkOpen),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => void collection.delete(uri)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!isOne(document.uri)) return;
      changed.add(document);
      recheck.changed();
    }),
  ];
  vscode.workspace.textDocuments.forEach(checkOpen);
  return { check, show, dispose: () => void vscode.Disposable.from(...subscriptions).dispose() };
}

function diagnostic(
  document: vscode.TextDocument,
  problem: FileProblem,
  severity = vscode.DiagnosticSeverity.Error,
): vscode.Diagnostic {
  const start = document.positionAt(problem.offset);
  const end = document.positionAt(problem.offset + problem.length);
  const found = new vscode.Diagnostic(new vscode.Range(start, end), shownText(problem.message), severity);
  found.source = 'AllSettled';
  const { at } = problem;
  if (at) {
    const place = new vscode.Location(vscode.Uri.file(at.file), new vscode.Position(at.line - 1, 0));
    found.relatedInformation = [new vscode.DiagnosticRelatedInformation(place, 'The agent definition')];
  }
  return found;
}
