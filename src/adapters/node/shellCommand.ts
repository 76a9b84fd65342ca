/** Makes of a command line the program that runs it: bash or sh, on Windows the PowerShell of the system. */
import { existsSync } from 'node:fs';
import type { ProcessSpec } from '../../core/processPorts.ts';
import { powerShellFile } from './windowsFolder.ts';

export interface ShellCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** What the program finds in its environment beside the rest. */
  readonly added: Readonly<Record<string, string>>;
}

export interface ShellOptions {
  readonly loads?: ProcessSpec['loads'] | undefined;
  readonly platform?: NodeJS.Platform;
  readonly hasBash?: boolean;
}

export function shellCommand(
  line: string,
  environment: NodeJS.ProcessEnv,
  { loads, platform = process.platform, hasBash = existsSync('/bin/bash') }: ShellOptions = {},
): ShellCommand {
  if (platform === 'win32') return powerShellCommand(line, environment, loads);
  if (!hasBash) return { file: '/bin/sh', args: ['-c', line], added: {} };
  return { file: '/bin/bash', args: ['--noprofile', '--norc', '-c', line], added: {} };
}

/**
 * The line travels in a variable, so that no rule of quoting stands between it and PowerShell's parser. An encoded command
 * would do so too, but Windows PowerShell then writes its errors as XML where nobody watches.
 */
function powerShellCommand(
  line: string,
  environment: NodeJS.ProcessEnv,
  loads: ShellOptions['loads'],
): ShellCommand {
  const script = [...(loads === 'ownModules' ? [ownModules] : []), ...preparations, ...runLine].join('; ');
  return {
    file: powerShellFile(environment),
    args: ['-NoLogo', '-NoProfile', '-NonInteractive', ...policy, '-Command', script],
    added: { [lineVariable]: line + tellExitCode },
  };
}

// By default Windows runs no scripts at all, and `npm` is one there. A policy that an administrator has set still holds.
const policy = ['-ExecutionPolicy', 'RemoteSigned'];

const lineVariable = 'ALLSETTLED_COMMAND_LINE';

// A module is loaded for the first command that is not known yet, from whatever folder comes first.
const ownModules = String.raw`$env:PSModulePath = $PSHOME + '\Modules'`;

const preparations = [
  `$ProgressPreference = 'SilentlyContinue'`,
  'try { $OutputEncoding = [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false) } catch { }',
];

// A block of its own is parsed by itself, so its first statement may be one that has to be the first, and a fault in it runs
// nothing. What it starts does not see the variable.
const runLine = [
  `$AllSettledCommand = [ScriptBlock]::Create($env:${lineVariable})`,
  `$env:${lineVariable} = $null`,
  'if ($AllSettledCommand) { . $AllSettledCommand } else { exit 1 }',
];

/**
 * PowerShell itself would end with 0 or 1. The semicolon keeps what the line leaves open from going on in here: a pipe is then
 * a fault, and a backtick joins nothing. What a program writes to a redirected stderr counts as an error for `$?`, whatever
 * its exit code.
 */
const tellExitCode = [
  '',
  ';if ($?) { exit 0 }',
  'if ($LASTEXITCODE) { exit $LASTEXITCODE }',
  "if ($Error.Count -and $Error[0].FullyQualifiedErrorId -like 'NativeCommandError*') { exit 0 }",
  'exit 1',
].join('\n');
