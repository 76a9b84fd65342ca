/** What an agent was given of the workspace's instructions, for a person. */
import path from 'node:path';
import type { Agent } from '../core/states.ts';
import { oneLine } from './plainText.ts';

/** `AGENTS.md, docs/style.md`, relative to the working directory; empty where none were given. */
export function instructionNames({ instructions }: Pick<Agent, 'instructions'>, cwd: string): string {
  const names = instructions?.files.map((file) => path.relative(cwd, file).split(path.sep).join('/')) ?? [];
  return oneLine(names.join(', '), 300);
}

/** A line for each file that was cut, left out or unreadable. */
export function instructionNotes({ instructions }: Pick<Agent, 'instructions'>): readonly string[] {
  return instructions?.notes.map((note) => `Instructions: ${oneLine(note, 300)}.`) ?? [];
}
