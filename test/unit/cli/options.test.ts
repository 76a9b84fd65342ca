/** The options that the command line knows, that `--help` tells, and that the README explains are the same. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseArguments } from '../../../src/cli/arguments.ts';
import { helpText } from '../../../src/cli/helpText.ts';

const commands = ['run', 'agent', 'agents', 'resume'] as const;
const explainedByHelp = ['--help', '--version'];
const readme = readFileSync(path.join(import.meta.dirname, '../../../README.md'), 'utf8');

function optionsIn(text: string): readonly string[] {
  return [...new Set(text.match(/--[a-z]+(?:-[a-z]+)*/g))].toSorted();
}

/** By what a command says to an option that it does not know. */
function knownTo(command: string): readonly string[] {
  const parsed = parseArguments([command, 'x', '--nope']);
  const [, list = ''] = (parsed.kind === 'usageError' ? parsed.message : '').split('Known are:');
  return optionsIn(list).filter((option) => !explainedByHelp.includes(option));
}

/** The options of a command by the README's table: `all`, `all but` one, or its name in a list. */
function explainedFor(command: string): readonly string[] {
  const rows = [...readme.matchAll(/^\| `(--[a-z-]+)[^|]*\| ([^|]+) \|/gm)];
  const isOf = (column: string): boolean =>
    column === 'all' || column.startsWith('all but') !== column.includes(`\`${command}\``);
  return rows.flatMap(([, option = '', column = '']) => (isOf(column) ? [option] : [])).toSorted();
}

test('the README explains the options that each command knows, and no other', () => {
  for (const command of commands) assert.deepEqual(explainedFor(command), knownTo(command), command);
});

test('--help tells the options that the commands know, and no other', () => {
  const known = [...new Set(commands.flatMap(knownTo)), ...explainedByHelp].toSorted();
  assert.deepEqual(optionsIn(helpText), known);
});
