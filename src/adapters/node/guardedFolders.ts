/** The workspace folders of one confined command: what in them it can't write to, from the look until it has ended. */
import path from 'node:path';
import { protectedPlaces, workspaceFilesIn, type ProtectedPlaces } from './protectedPlaces.ts';
import { isStandIn, type StandIns } from './standIns.ts';

/** Throws with a reason for a person if a folder holds what can't be protected. */
export class GuardedFolders {
  private readonly looks: readonly (readonly [root: string, found: ProtectedPlaces])[];
  private readonly standIns: StandIns;
  private readonly held: string[] = [];

  /** The looks that were already taken are shared; those that were not are added. */
  constructor(roots: readonly string[], taken: Map<string, ProtectedPlaces>, standIns: StandIns) {
    this.standIns = standIns;
    this.looks = roots.map((root) => {
      const found = taken.get(root) ?? protectedPlaces(root);
      taken.set(root, found);
      return [root, found];
    });
  }

  /** The places that are to be unwritable. Until the release no program of ours takes the stand-ins among them away. */
  hold(): readonly string[] {
    const places = this.looks.flatMap(([, found]) => [...this.heldPresent(found), ...this.heldAbsent(found)]);
    return [...new Set(places)];
  }

  /** Limits of the protection that the command's result should tell. */
  remarks(): readonly string[] {
    return this.looks.flatMap(([root, { isCut }]) => (isCut ? [cutRemark(root)] : []));
  }

  async release(): Promise<void> {
    await Promise.allSettled(this.held.splice(0).map((place) => this.standIns.release(place)));
  }

  /** Things that appeared while the command ran, and that its result should tell. */
  remarksAfterwards(): readonly string[] {
    return this.looks.flatMap(([root, { workspaceFiles }]) => {
      const made = workspaceFilesIn(root).filter((name) => !workspaceFiles.includes(name));
      return made.length > 0 ? [workspaceFileRemark(made)] : [];
    });
  }

  private heldPresent({ present, links }: ProtectedPlaces): readonly string[] {
    const link = links[0];
    if (link !== undefined) throw new Error(linkReason(link));
    for (const place of present) if (this.needsStandIn(place)) this.holdStandIn(place);
    return present;
  }

  private heldAbsent({ absent }: ProtectedPlaces): readonly string[] {
    return absent.flatMap((place) => {
      if (process.platform === 'linux' && this.holdStandIn(place)) return [place];
      // A file inside makes the library's own stand-in a folder, which git and the editor pass over.
      return [place, path.join(place, 'config')];
    });
  }

  private needsStandIn(place: string): boolean {
    return process.platform === 'linux' && isStandIn(place);
  }

  private holdStandIn(place: string): boolean {
    const isHeld = this.standIns.hold(place);
    if (isHeld) this.held.push(place);
    return isHeld;
  }
}

function linkReason(link: string): string {
  return (
    `${link} is a symbolic link, and a command could replace it. Replace it by what it leads to, or run the command ` +
    'without the sandbox.'
  );
}

function cutRemark(root: string): string {
  return (
    `[${root} has very many folders. The sandbox looked into those that are nearest; ` +
    'a .git, .vscode or workspace file further down is not protected.]'
  );
}

function workspaceFileRemark(names: readonly string[]): string {
  return (
    `[While it ran, a workspace file was made: ${names.map((name) => JSON.stringify(name)).join(', ')}. The sandbox does not prevent that. ` +
    'A person should read it before opening it.]'
  );
}
