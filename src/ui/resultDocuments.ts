/** The read-only documents of calls' results; one that is open follows its call until it has settled. */
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import { isSettled } from '../core/calls.ts';
import type { Call } from '../core/states.ts';
import { resultDocument } from '../views/resultDocument.ts';
import type { OtherOutput } from '../views/resultDocument.ts';
import { callOfUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';

/** More than this is slow in an editor; the document names the file. */
const wholeOutputMaxBytes = 5_000_000;
/** Of a running call, the end of its output is what a person wants. */
const liveMaxLength = 200_000;

export function registerResultDocuments({ runtime, clock }: Host): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const live = new Map<string, string>();
  const changed = new Map<string, vscode.Uri>();
  const redraw = throttled(clock, () => {
    for (const uri of changed.values()) changes.fire(uri);
    changed.clear();
  });
  const touch = (sessionId: string, callId: string): void => {
    const uri = openDocuments().find((candidate) => isOf(candidate, sessionId, callId));
    if (uri) changed.set(uri.toString(), uri);
    if (uri) redraw.changed();
  };
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changes.event,
    provideTextDocumentContent: async (uri) => {
      const { sessionId, callId } = callOfUri(uri);
      const state = await runtime.openSession(sessionId);
      const call = state.calls.get(callId);
      if (!call) return `There is no call ${callId} in the session ${sessionId}.\n`;
      return resultDocument(call, await otherOutput(call, live.get(`${sessionId}/${callId}`)), state);
    },
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(schemes.result, provider),
    changes,
    redraw,
    runtime.onLive((event) => {
      if (event.type !== 'live.output') return;
      const key = `${event.sessionId}/${event.callId}`;
      live.set(key, ((live.get(key) ?? '') + event.chunk).slice(-liveMaxLength));
      touch(event.sessionId, event.callId);
    }),
    runtime.onEvent((event) => {
      if (!('callId' in event)) return;
      if (event.type === 'call.settled') live.delete(`${event.sessionId}/${event.callId}`);
      touch(event.sessionId, event.callId);
    }),
  );
}

function openDocuments(): readonly vscode.Uri[] {
  return vscode.workspace.textDocuments
    .map(({ uri }) => uri)
    .filter(({ scheme }) => scheme === schemes.result);
}

function isOf(uri: vscode.Uri, sessionId: string, callId: string): boolean {
  const call = callOfUri(uri);
  return call.sessionId === sessionId && call.callId === callId;
}

async function otherOutput(call: Call, live: string | undefined): Promise<OtherOutput | undefined> {
  if (!isSettled(call.state)) return live === undefined ? undefined : { kind: 'soFar', text: live };
  const output = 'output' in call.state ? call.state.output : undefined;
  if (output?.file === undefined || output.bytes > wholeOutputMaxBytes || showsAll(output)) return undefined;
  try {
    return { kind: 'whole', text: await readFile(output.file, 'utf8') };
  } catch {
    return undefined; // The file was cleaned away; what the model was given is still in the journal.
  }
}

function showsAll({
  text,
  stdout,
  stderr,
  bytes,
}: {
  text: string;
  stdout?: string;
  stderr?: string;
  bytes: number;
}): boolean {
  const shown = stdout === undefined && stderr === undefined ? text : `${stdout ?? ''}${stderr ?? ''}`;
  return Buffer.byteLength(shown) >= bytes;
}
