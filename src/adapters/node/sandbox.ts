/** Confines commands with `@anthropic-ai/sandbox-runtime`: bubblewrap on Linux, Seatbelt on macOS. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../core/ports.ts';
import type { ProcessEnd, Processes } from '../../core/processPorts.ts';
import type { ConfinedPlace, Confinement, Sandbox, SandboxState } from '../../core/sandboxPorts.ts';
import { isProgram } from './findProgram.ts';
import { SandboxHost, systemFolders } from './sandboxHost.ts';
import { holds, sandboxProfile } from './sandboxProfile.ts';

export interface SandboxOptions {
  /** The program that knows the library; sandboxHelper.ts, or what was built of it, where absent. */
  readonly helperFile?: string;
  readonly processes: Pick<Processes, 'run'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Where AllSettled keeps its sessions. */
  readonly stateDir: string;
  /** Canonical paths of further files that no command may read. */
  readonly secretFiles?: readonly string[];
  /** Told once of each reason why commands can't be confined; for the person. */
  readonly onUnavailable?: (reason: string) => void;
  /** This machine's where absent. */
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
  /** Where bubblewrap is looked for. */
  readonly programFolders?: readonly string[];
}

/** The owner disposes it, which ends the helper. */
export interface OwnedSandbox extends Sandbox {
  dispose(): void;
}

/** How long a sandbox that can't be had is not tried again: somebody may install what was missing. */
const retryAfterMs = 30_000;

const shells: readonly string[] = ['/bin/bash', '/bin/sh'];

export function createSandbox(options: SandboxOptions): OwnedSandbox {
  return new LibrarySandbox(options);
}

class LibrarySandbox implements OwnedSandbox {
  private readonly options: SandboxOptions;
  private readonly helperFile: string;
  private readonly host: SandboxHost;
  private tried: { readonly at: number; readonly state: Promise<SandboxState> } | undefined;
  private works = false;
  private readonly told = new Set<string>();

  constructor(options: SandboxOptions) {
    this.options = options;
    this.helperFile = options.helperFile ?? ownHelper();
    this.host = new SandboxHost(this.helperFile);
  }

  async state(): Promise<SandboxState> {
    const now = this.options.clock.monotonicMs();
    const isStale = this.tried !== undefined && !this.works && now - this.tried.at >= retryAfterMs;
    if (!this.tried || isStale) this.tried = { at: now, state: this.find() };
    return this.tried.state;
  }

  async confine(command: string, place: ConfinedPlace): Promise<Confinement> {
    const state = await this.state();
    if (state.kind === 'unavailable') return refused(state.reason);
    return this.wrap(command, place).catch((error: unknown) =>
      refused(`The sandbox could not be made: ${messageOf(error)}`),
    );
  }

  dispose(): void {
    this.host.dispose();
  }

  private async find(): Promise<SandboxState> {
    const reason = await this.whyNot().catch(messageOf);
    this.works = reason === undefined;
    if (reason === undefined) return { kind: 'works' };
    if (!this.told.has(reason)) this.options.onUnavailable?.(reason);
    this.told.add(reason);
    return { kind: 'unavailable', reason };
  }

  private async whyNot(): Promise<string | undefined> {
    const platform = this.options.platform ?? process.platform;
    if (platform !== 'linux' && platform !== 'darwin')
      return 'Commands can be confined on Linux and macOS only. On Windows, open the folder in WSL to have it.';
    if (platform === 'linux' && (await this.bubblewrap()) === undefined)
      return 'bubblewrap is not installed. Install it (Debian, Ubuntu: "sudo apt install bubblewrap"; Fedora: "sudo dnf install bubblewrap"; Arch: "sudo pacman -S bubblewrap").';
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'allsettled-probe-')));
    return this.probe(folder).finally(() => removed(folder));
  }

  /** Tries it: it must let a command write where it may, and nowhere else. */
  private async probe(folder: string): Promise<string | undefined> {
    const [inside, outside] = [path.join(folder, 'inside'), path.join(folder, 'outside')];
    await mkdir(inside);
    await mkdir(outside);
    const line = 'echo in >"$1"/file && ! { echo out >"$2"/file; } 2>/dev/null';
    const command = `probe() { ${line}; }; probe ${quoted(inside)} ${quoted(outside)}`;
    const confined = await this.wrap(command, { roots: [inside, outside], writable: [inside] });
    if (!confined.ok) return confined.error.message;
    const end = await this.options.processes
      .run({
        command: { kind: 'shell', line: confined.command.line },
        env: confined.command.env,
        cwd: inside,
        signal: AbortSignal.timeout(longestProbeMs),
      })
      .finally(() => confined.command.release());
    const [wroteInside, wroteOutside] = [await exists(inside), await exists(outside)];
    if (end.kind === 'exited' && end.exitCode === 0 && wroteInside && !wroteOutside) return undefined;
    if (wroteOutside) return 'The sandbox of this system lets commands write where they must not.';
    return `This system lets no sandbox be made (${saidBy(end)}). ${howToAllow}`;
  }

  private async wrap(command: string, place: ConfinedPlace): Promise<Confinement> {
    const temporary = await temporaryOutside(place.writable);
    try {
      const { stateDir, home = homedir(), secretFiles = [] } = this.options;
      const ownFolder = path.dirname(this.helperFile);
      const programs = path.join(stateDir, 'programs');
      await mkdir(programs, { recursive: true, mode: 0o700 });
      const confined = await this.host.confine({
        command,
        shell: await firstProgram(shells),
        bubblewrap: await this.bubblewrapHere(),
        programs,
        temporary,
        profile: await sandboxProfile(place, { home, stateDir, programs, ownFolder, temporary, secretFiles }),
      });
      const env = { TMPDIR: temporary, TMP: temporary, TEMP: temporary };
      const release = (): Promise<readonly string[]> => confined.release().finally(() => removed(temporary));
      return { ok: true, command: { line: confined.line, env, remarks: confined.remarks, release } };
    } catch (error) {
      await removed(temporary);
      throw error;
    }
  }

  /** Empty where none is needed. */
  private async bubblewrapHere(): Promise<string> {
    if ((this.options.platform ?? process.platform) !== 'linux') return '';
    const file = await this.bubblewrap();
    if (file === undefined) throw new Error('bubblewrap is no longer installed.');
    return file;
  }

  private async bubblewrap(): Promise<string | undefined> {
    for (const folder of this.options.programFolders ?? systemFolders) {
      const file = path.join(folder, 'bwrap');
      if (await isProgram(file)) return file;
    }
    return undefined;
  }
}

const longestProbeMs = 20_000;

const howToAllow =
  'In a container, user namespaces have to be allowed from outside. On Ubuntu 24.04 and later: ' +
  '"sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0", or an AppArmor profile for bwrap.';

/** A new folder that no command can take away; in the usual place if each of the places is in a writable folder. */
async function temporaryOutside(writable: readonly string[]): Promise<string> {
  const places: string[] = [];
  for (const folder of [tmpdir(), '/tmp', '/var/tmp', '/dev/shm'])
    places.push(await realpath(folder).catch(() => folder));
  const outside = places.find((place) => existsSync(place) && !writable.some((root) => holds(root, place)));
  return mkdtemp(path.join(outside ?? places[0] ?? tmpdir(), 'allsettled-run-'));
}

/** Beside the bundles; in the sources beside this file. */
function ownHelper(): string {
  const built = path.join(import.meta.dirname, 'sandboxHelper.js');
  return existsSync(built) ? built : path.join(import.meta.dirname, 'sandboxHelper.ts');
}

function refused(message: string): Confinement {
  return { ok: false, error: { kind: 'cannotStart', message } };
}

async function firstProgram(files: readonly string[]): Promise<string> {
  for (const file of files) if (await isProgram(file)) return file;
  throw new Error(`There is no ${files.join(' or ')}.`);
}

async function exists(folder: string): Promise<boolean> {
  return readFile(path.join(folder, 'file')).then(
    () => true,
    () => false,
  );
}

// A command may have made folders in it that can't be looked into.
async function removed(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

function saidBy(end: ProcessEnd): string {
  if (end.kind === 'cannotStart') return end.error.message;
  const { kept } = end.output.stderr;
  const said = (kept.isWhole ? kept.text : kept.tail).trim().split('\n').at(-1);
  return said || (end.kind === 'exited' ? `exit ${end.exitCode}` : end.kind);
}

function quoted(file: string): string {
  return `'${file.replaceAll("'", `'\\''`)}'`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
