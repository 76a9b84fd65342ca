/** Starts the process that a spec asks for, or says why it can't be started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import type { ProcessSpec } from '../../core/processPorts.ts';
import { markedBy } from './commandTraces.ts';
import { childEnvironment } from './environment.ts';
import { findProgram } from './findProgram.ts';
import { foreignFolders, type ForeignFolders } from './foreignFolders.ts';
import { ownEnvironment } from './ownEnvironment.ts';
import { gitSettingsOf } from './gitSettings.ts';
import { leadsOwnGroup } from './processTree.ts';
import { shellCommand } from './shellCommand.ts';

export type Started =
  { readonly ok: true; readonly child: ChildProcess } | { readonly ok: false; readonly error: CallError };

interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly added?: Readonly<Record<string, string>>;
}

/** Settles when the process runs, with the mark in its environment, or could not be started. Never rejects. */
export async function startProcess(
  spec: ProcessSpec,
  base: NodeJS.ProcessEnv,
  mark: string,
): Promise<Started> {
  if (holdsNul(spec)) {
    const message = 'The command holds a NUL character, which no program can be given. Leave it out.';
    return { ok: false, error: { kind: 'cannotStart', message } };
  }
  const foreign = await foreignFolders(spec.notFrom ?? []);
  const usual = childEnvironment(base, spec.withoutEnv, {}, spec.keptEnv);
  const inherited = await ownEnvironment(usual, spec.cwd, foreign);
  const settings = spec.keptGitSettings === undefined ? {} : gitSettingsOf(base, spec.keptGitSettings);
  // Our own values may lead there: to a place of a repository, or to where git must not climb. So may the value of
  // safe.directory, which is the workspace itself.
  const environment = childEnvironment(inherited, [], { ...settings, ...spec.env });
  const command = await commandLine(spec, environment, foreign);
  try {
    const child = spawn(command.file, command.args, {
      cwd: spec.cwd,
      env: { ...environment, ...command.added, ...markedBy(mark, base) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: leadsOwnGroup,
      windowsHide: true,
    });
    if (child.pid !== undefined) {
      // Later errors are about signals that did not arrive; `exit` tells the rest.
      child.on('error', () => undefined);
      return { ok: true, child };
    }
    const cause = await new Promise<unknown>((resolve) => child.once('error', resolve));
    return { ok: false, error: await whyNot(cause, nameOf(spec, command), spec.cwd) };
  } catch (error) {
    return { ok: false, error: await whyNot(error, nameOf(spec, command), spec.cwd) };
  }
}

function holdsNul({ command, cwd }: ProcessSpec): boolean {
  const words = command.kind === 'shell' ? [command.line] : [command.file, ...command.args];
  return [cwd, ...words].some((word) => word.includes('\0'));
}

function nameOf({ command }: ProcessSpec, { file }: CommandLine): string {
  return command.kind === 'program' ? command.file : file;
}

async function commandLine(
  { command, loads }: ProcessSpec,
  environment: NodeJS.ProcessEnv,
  foreign: ForeignFolders,
): Promise<CommandLine> {
  if (command.kind === 'shell') return shellCommand(command.line, environment, { loads });
  const { file, args } = command;
  // The system would also look in the working directory, and where a repository can have put a program of that name.
  const isBare = path.basename(file) === file;
  const found = isBare ? await findProgram(file.replace(/\.exe$/i, ''), environment, foreign) : file;
  return { file: found ?? path.resolve(nowhere, file), args };
}

// A bare name would be looked for after all.
const nowhere = process.execPath;

const outOfResources = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'];

async function whyNot(cause: unknown, file: string, cwd: string): Promise<CallError> {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (outOfResources.includes(code)) {
    return {
      kind: 'busy',
      message: `The machine could not start ${file} (${code}): too many files or processes are open. Try again later.`,
    };
  }
  if (!(await isFolder(cwd))) {
    return { kind: 'notFound', message: `The working directory ${cwd} does not exist or is not a folder.` };
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return {
      kind: 'cannotStart',
      message: `The program ${file} was not found. Install it or put it on PATH.`,
    };
  }
  if (code === 'E2BIG' || code === 'ENAMETOOLONG') {
    return {
      kind: 'invalidInput',
      message: `The command is too long for this system. Put the text into a file.`,
    };
  }
  return { kind: 'cannotStart', message: `${file} could not be started: ${reason}` };
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}
