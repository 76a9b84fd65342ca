/** Says what a search did not look at. */
import type { Unsearched } from '../core/filePorts.ts';
import type { ShownPaths } from './places.ts';

/** A line each; `examples` are shown as the matches are. */
export function unsearchedNotes(unsearched: readonly Unsearched[], shown: ShownPaths): readonly string[] {
  return unsearched.map((each) => `[${noteOf(each)}${examplesOf(each, shown)}]`);
}

function noteOf({ why, count }: Unsearched): string {
  switch (why) {
    case 'unreadable':
      return `${places(count, 'place')} could not be read and ${was(count)} not searched`;
    case 'binary':
      return `${places(count, 'binary file')} ${was(count)} searched up to the first NUL at most`;
    case 'tooLarge':
      return `${places(count, 'file')} ${was(count)} too large to be searched`;
    case 'longLine':
      return `${places(count, 'match', 'matches')} in lines of more than 8 MB ${was(count)} not shown`;
    case 'slow':
      return `the pattern takes too long with ${places(count, 'file')}, not searched whole`;
    case 'tooMany':
      return 'not all files were searched, because there are too many or the pattern takes too long: narrow path or glob';
    case 'leftOut':
      return `${places(count, 'file')} that ${count === 1 ? 'is' : 'are'} left out, binary or ignored by git, would match: name the file or its folder as path`;
    case 'ignored':
      return 'files that git ignores, and binary ones, were not searched';
  }
}

function places(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function was(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function examplesOf({ count, examples }: Unsearched, shown: ShownPaths): string {
  if (examples.length === 0) return '';
  const names = examples.map((file) => shown.show(file)).join(', ');
  return `: ${names}${count > examples.length ? ' and others' : ''}`;
}
