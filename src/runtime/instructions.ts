/** Reads the instructions of a workspace (AGENTS.md, CLAUDE.md and what they import) for the system prompt. */
import path from 'node:path';
import type { InstructionsRead } from '../core/agents.ts';
import type { Files } from '../core/filePorts.ts';
import { readFormText } from '../core/textForm.ts';
import type { Place } from '../core/tools.ts';
import { withVisibleNuls } from '../core/unreadable.ts';
import { importsOf } from './instructionImports.ts';
import {
  instructionFolders,
  instructionsIn,
  isWithin,
  type InstructionFolders,
} from './instructionPlaces.ts';

export type InstructionFiles = Pick<Files, 'canonical' | 'names' | 'readText'>;

/** `text` is empty if there are none. */
export interface Instructions extends InstructionsRead {
  readonly text: string;
}

/** Returns what stands on record: the text is in the system prompt. */
export function instructionsRead({ files, notes }: Instructions): InstructionsRead {
  return { files, notes };
}

/** All files of a place together, in characters. */
const maxCharacters = 64_000;
const maxFileBytes = 8 * 1024 * 1024;
/** Below this, the beginning of a file tells less than its name. */
const leastPart = 200;
const maxImportDepth = 5;

/**
 * The instructions of the working directory and of the folders above it, nearest first, each file followed by its
 * imports. A file that is cut, left out or unreadable is named in `notes` and in the text. Never rejects.
 */
export async function readInstructions(place: Place, files: InstructionFiles): Promise<Instructions> {
  const folders = await instructionFolders(place, files);
  const reader = new InstructionReader(folders, folders.nearestFirst[0] ?? place.cwd, files);
  for (const folder of folders.nearestFirst) await reader.addFolder(folder);
  return reader.result();
}

/** Collects the files of some folders, each file and each text once. */
export class InstructionReader {
  private readonly folders: InstructionFolders;
  /** Names are shown relative to it. */
  private readonly cwd: string;
  private readonly files: InstructionFiles;
  private readonly seen = new Set<string>();
  private readonly given: string[] = [];
  private readonly sections: string[] = [];
  private readonly notes: string[] = [];
  private left: number;

  constructor(folders: InstructionFolders, cwd: string, files: InstructionFiles, limit = maxCharacters) {
    this.folders = folders;
    this.cwd = cwd;
    this.files = files;
    this.left = limit;
  }

  async addFolder(folder: string): Promise<void> {
    for (const file of await instructionsIn(folder, this.files)) await this.add(file, undefined, 0);
  }

  result(): Instructions {
    const notes = this.notes.map((note) => `[${note}]`);
    const text = [...this.sections, ...notes].join('\n\n');
    return { text, files: this.given, notes: this.notes };
  }

  private async add(named: string, importer: string | undefined, depth: number): Promise<void> {
    const file = await this.files.canonical(named).catch(() => named);
    if (this.seen.has(file)) return;
    this.seen.add(file);
    const shown = this.shown(named);
    if (!isWithin(file, this.folders)) {
      this.note(`${shown} leads out of the workspace and is not read`);
      return;
    }
    const read = await this.files.readText(file, maxFileBytes, new AbortController().signal);
    if (!read.ok || (read.at !== undefined && read.at !== file)) {
      this.note(`${shown} could not be read: ${read.ok ? 'it was replaced meanwhile' : read.error.message}`);
      return;
    }
    const form = readFormText(read.form);
    if (form !== undefined) this.note(`${shown}: ${form}`);
    const text = withVisibleNuls(read.text).trim();
    // The same text under two names, as a copy or a link has it.
    if (text !== '' && !this.seen.has(`text:${text}`)) {
      this.seen.add(`text:${text}`);
      this.give(file, importer === undefined ? shown : `${shown}, imported by ${importer}`, text);
    }
    await this.addImports(file, read.text, shown, depth);
  }

  private async addImports(file: string, text: string, shown: string, depth: number): Promise<void> {
    const imports = importsOf(text);
    for (const { path: link, isPlainlyFile } of imports) {
      const target = path.resolve(path.dirname(file), link);
      const isThere = !link.startsWith('~') && (await this.isFile(target));
      if (isThere && depth < maxImportDepth) await this.add(target, shown, depth + 1);
      else if (isThere)
        this.note(`${shown} imports ${link}: deeper than ${maxImportDepth} imports, not read`);
      else if (isPlainlyFile) this.note(`${shown} imports ${link}: ${whyNot(link)}`);
    }
  }

  private async isFile(file: string): Promise<boolean> {
    return (await this.files.names(path.dirname(file))).includes(path.basename(file));
  }

  private give(file: string, title: string, text: string): void {
    const part = text.length <= this.left ? text : this.left < leastPart ? '' : wholeLines(text, this.left);
    this.left -= part.length;
    if (part.length < text.length)
      this.note(
        part === ''
          ? `${title} is left out: the instructions before it fill the limit of characters; read it with read_file`
          : `Of ${title} only the first ${part.length} of ${text.length} characters are here; read the rest with read_file`,
      );
    if (part === '') return;
    this.given.push(file);
    this.sections.push(`--- ${title} ---\n${part}`);
  }

  private note(note: string): void {
    this.notes.push(note);
  }

  private shown(file: string): string {
    return path.relative(this.cwd, file).split(path.sep).join('/');
  }
}

function whyNot(link: string): string {
  return link.startsWith('~') ? 'outside of the workspace, not read' : 'there is no such file';
}

/** The lines that fit into the length; of a first line that is longer, its beginning without half a character. */
function wholeLines(text: string, length: number): string {
  const end = text.lastIndexOf('\n', length);
  if (end > 0) return text.slice(0, end);
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
