/** How the file is called in which a text is written whole before it takes its place. */

/** Beside its target; it names the process that writes it, so that what a dead one left is known. */
export function temporaryName(pid: number, random: string): string {
  return `.allsettled-${pid}-${random}.tmp`;
}

/** Whether that process wrote a file of that name. */
export function isTemporaryOf(pid: number, name: string): boolean {
  return name.startsWith(`.allsettled-${pid}-`) && name.endsWith('.tmp');
}
