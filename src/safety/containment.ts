/** Keeps paths inside the workspace's folders. */
import path from 'node:path';
import type { CallError } from '../core/calls.ts';
import type { FileRead, Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';

export type Resolved =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly error: CallError };

/**
 * The canonical path of what a model named, if it is in one of the roots after all links are resolved.
 * Relative paths start from the place's `cwd`. Never rejects.
 */
export async function resolveInside(
  named: string,
  place: Place,
  files: Pick<Files, 'canonical'>,
): Promise<Resolved> {
  const problem = malformed(named, process.platform);
  if (problem !== undefined) return failure('invalidInput', problem);
  try {
    const canonical = await files.canonical(path.resolve(place.cwd, named));
    if (isOfSystem(canonical, process.platform))
      return failure(
        'outsideWorkspace',
        `${named} belongs to the system's own folders, which no tool reads.`,
      );
    for (const root of place.roots) {
      if (isInside(await files.canonical(root), canonical)) return { ok: true, path: canonical };
    }
    return failure('outsideWorkspace', outsideMessage(named, canonical, place));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure('io', `The path ${named} could not be resolved: ${reason}`);
  }
}

/** The failure of what was checked in one place and found in another: a folder has become a link meanwhile. */
export function movedProblem(
  named: string,
  checked: string,
  { at }: Pick<Extract<FileRead, { ok: true }>, 'at'>,
): Extract<Resolved, { ok: false }> | undefined {
  if (at === undefined || at === checked) return undefined;
  return failure(
    'changed',
    `${named} was replaced by a link while it was read, so it is not shown. Look again.`,
  );
}

/** The same of a folder that was looked into after it was checked. Never rejects. */
export async function movedFolderProblem(
  named: string,
  checked: string,
  place: Place,
  files: Pick<Files, 'canonical'>,
): Promise<Extract<Resolved, { ok: false }> | undefined> {
  const now = await resolveInside(named, place, files);
  if (!now.ok) return now;
  if (now.path === checked) return undefined;
  return failure(
    'changed',
    `${named} was replaced by a link while it was looked into, so nothing is shown. Look again.`,
  );
}

// What stands there is no file of anybody's: environments of processes, with their keys, and raw devices.
function isOfSystem(canonical: string, platform: NodeJS.Platform): boolean {
  return platform === 'linux' && /^\/(proc|sys)(\/|$)/.test(canonical);
}

/** Whether a canonical path is the root or below it. */
export function isInside(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

const windowsDevice = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|:|$)/i;

/** Why a path names something that is no file of a folder, or undefined. */
export function malformed(named: string, platform: NodeJS.Platform): string | undefined {
  if (named === '') return 'The path is empty. Use "." for the working directory.';
  if (named.includes('\0')) return 'The path holds a NUL byte.';
  if (/^(file:|[a-z][a-z0-9+.-]+:\/\/)/i.test(named))
    return `${named} is a URL. Give a path in the workspace, without a scheme.`;
  if (platform !== 'win32') return undefined;
  if (/^[\\/]{2}/.test(named)) return `${named} is a network or device path. Give a path in the workspace.`;
  const isDriveRelative = /^[a-z]:(?![\\/])/i.test(named);
  if (isDriveRelative) return `${named} depends on the drive's own current folder. Give a full path.`;
  const segments = named.replace(/^[a-z]:/i, '').split(/[\\/]/);
  if (segments.some((segment) => segment.includes(':'))) return `${named} names a stream inside a file.`;
  if (segments.some((segment) => windowsDevice.test(segment.trimEnd()))) return `${named} names a device.`;
  return undefined;
}

function outsideMessage(named: string, canonical: string, place: Place): string {
  const leads = path.resolve(place.cwd, named) === canonical ? '' : ` (it leads to ${canonical})`;
  const roots = place.roots.length === 0 ? 'none' : [...new Set(place.roots)].join(', ');
  return `${named} is outside the workspace${leads}. Give a path inside one of its folders: ${roots}.`;
}

function failure(kind: CallError['kind'], message: string): Extract<Resolved, { ok: false }> {
  return { ok: false, error: { kind, message } };
}
