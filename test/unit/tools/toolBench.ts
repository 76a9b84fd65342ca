/** A workspace in a temporary folder with the real tools on it. */
import path from 'node:path';
import type { TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createFiles, type UnsavedTexts } from '../../../src/adapters/node/files.ts';
import { findRipgrep } from '../../../src/adapters/node/findRipgrep.ts';
import { outputReader } from '../../../src/adapters/node/outputReader.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createShell } from '../../../src/adapters/node/shell.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import type { FileMemory } from '../../../src/core/filePorts.ts';
import type { KnownCalls } from '../../../src/core/outputPorts.ts';
import type { CallError, GoneFile, IntendedEdit, SeenFile } from '../../../src/core/calls.ts';
import type { CheckedInput, Tool, ToolContext, ToolResult } from '../../../src/core/tools.ts';
import { createTools } from '../../../src/tools/allTools.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export interface ToolBench {
  readonly root: string;
  /** What the agent of the calls knows of files, and what its calls were about to write. */
  readonly memory: TestMemory;
  tool(name: string): Tool;
  /** Of all tools, in their order. */
  names(): readonly string[];
  /** Checks the input and runs the tool. */
  run(name: string, input: unknown, more?: Partial<ToolContext>): Promise<ToolResult>;
  /** The text of a success, or kind and message of a failure, with the root's path as ROOT. */
  text(name: string, input: unknown, more?: Partial<ToolContext>): Promise<string>;
}

export async function toolBench(
  t: TestContext,
  overlay?: UnsavedTexts,
  calls: KnownCalls = { find: () => undefined },
  maxFileBytes = Infinity,
): Promise<ToolBench> {
  const root = await temporaryFolder(t);
  const outputs = await temporaryFolder(t);
  const files = createFiles(overlay);
  const seen = new TestMemory();
  const ripgrepPath = findRipgrep();
  const tools = createTools({
    files,
    textSearch: createTextSearch({ ripgrepPath, files }),
    processes: createProcesses({ clock: nodeClock, killGraceMs: 50, maxFileBytes: () => maxFileBytes }),
    shell: createShell(console),
    calls,
    outputReader,
    memory: seen,
    subAgents: { find: () => undefined },
    tasks: { find: () => undefined, open: () => Promise.reject(new Error('There is no session.')) },
    keyInUse: () => undefined,
    stateDir: path.join(outputs, 'state'),
  });
  const tool = (name: string): Tool => {
    const found = tools.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no tool ${name}`);
    return found;
  };
  const run: ToolBench['run'] = async (name, input, more) => {
    const result = await tool(name).run(inputOf(tool(name).check(input)), {
      ...contextIn(root, outputs),
      ...more,
    });
    if (result.ok && result.output.seen) seen.note(more?.agentId, result.output.seen);
    if (result.ok && result.output.gone) seen.forget(more?.agentId, result.output.gone);
    return result;
  };
  return {
    root,
    memory: seen,
    tool,
    names: () => tools.map(({ name }) => name),
    run,
    async text(name, input, more) {
      const result = await run(name, input, more);
      const text = result.ok ? result.output.text : `${result.error.kind}: ${result.error.message}`;
      return text.replaceAll(root, 'ROOT');
    },
  };
}

/** What a session's state remembers of files, without a session. */
export class TestMemory implements FileMemory {
  readonly intended: IntendedEdit[] = [];
  /** The texts from before. */
  readonly kept: string[] = [];
  /** Old and new texts of files that were written in their place. */
  readonly writtenInPlace: (readonly [string, string])[] = [];
  private readonly seen = new Map<string, string>();

  note(agentId: string | undefined, { path: file, hash }: SeenFile): void {
    if (agentId !== undefined) this.seen.set(`${agentId} ${file}`, hash);
  }

  forget(agentId: string | undefined, { path: file, movedTo }: GoneFile): void {
    const hash = this.seen.get(`${agentId} ${file}`);
    this.seen.delete(`${agentId} ${file}`);
    if (hash !== undefined && movedTo !== undefined) this.note(agentId, { path: movedTo, hash });
  }

  lastSeen(_sessionId: string, agentId: string | undefined, file: string): string | undefined {
    return this.seen.get(`${agentId} ${file}`);
  }

  intend(
    _sessionId: string,
    _callId: string,
    edit: IntendedEdit,
    textBefore: string | undefined,
  ): Promise<CallError | undefined> {
    this.intended.push(edit);
    if (textBefore !== undefined) this.kept.push(textBefore);
    return Promise.resolve(undefined);
  }

  writesInPlace(
    _sessionId: string,
    _callId: string,
    { before, after }: { readonly before: string; readonly after: string },
  ): Promise<CallError | undefined> {
    this.writtenInPlace.push([before, after]);
    return Promise.resolve(undefined);
  }
}

export function contextIn(root: string, outputs: string): ToolContext {
  return {
    sessionId: 'session',
    callId: 'call',
    permission: 'unlimited',
    cwd: root,
    roots: [root],
    outputFile: path.join(outputs, 'call.txt'),
    signal: new AbortController().signal,
    runCalls: () => Promise.reject(new Error('no container')),
    show: () => undefined,
  };
}

function inputOf(checked: CheckedInput<unknown>): unknown {
  if (checked.ok) return checked.input;
  throw new Error(JSON.stringify(checked.problems));
}
