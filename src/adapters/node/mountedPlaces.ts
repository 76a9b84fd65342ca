/** Finds out, from what the kernel tells of each process, what is mounted in the sandboxes of this machine. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Looks into each mount namespace but our own. One that belongs to another user can't be looked into. */
export function isMountedElsewhere(place: string): boolean {
  const seen = new Set([namespaceOf('self')]);
  const mounted = ` ${escaped(place)} `;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const namespace = namespaceOf(pid);
    if (namespace === undefined || seen.has(namespace)) continue;
    const mounts = mountsOf(pid);
    if (mounts?.includes(mounted)) return true;
    if (mounts !== undefined) seen.add(namespace);
  }
  return false;
}

function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined; // It ended, or is not ours to look at.
  }
}

function mountsOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Paths as the kernel writes them in its lists of mounts. */
function escaped(place: string): string {
  return place.replace(/[\\ \t\n]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
