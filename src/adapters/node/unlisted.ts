/** Counts what a walk left out. */
import type { Unlisted, SomePlaces } from '../../core/filePorts.ts';

const mostNamed = 5;

export class PlaceCount {
  private count = 0;
  private readonly first: string[] = [];

  add(place: string): void {
    this.count += 1;
    if (this.first.length < mostNamed) this.first.push(place);
  }

  get places(): SomePlaces {
    return { count: this.count, first: this.first };
  }
}

export class UnlistedCount {
  readonly unreadable = new PlaceCount();
  readonly folderLinks = new PlaceCount();
  readonly outsideLinks = new PlaceCount();
  readonly brokenLinks = new PlaceCount();
  private ignored = 0;
  private readonly rules = new Set<string>();

  addIgnored(by: string): void {
    this.ignored += 1;
    this.rules.add(by);
  }

  result(namedIgnored: Unlisted['namedIgnored']): Unlisted {
    return {
      ignored: { count: this.ignored, by: [...this.rules] },
      unreadable: this.unreadable.places,
      folderLinks: this.folderLinks.places,
      outsideLinks: this.outsideLinks.places,
      brokenLinks: this.brokenLinks.places,
      ...(namedIgnored && { namedIgnored }),
    };
  }
}
