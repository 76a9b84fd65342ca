/** Reads single values of a file; a wrong one is reported at its node and read as undefined. */
import type { Node } from 'jsonc-parser';
import { kindOf, type Report } from './jsonNodes.ts';
import { suggestion } from './nearestName.ts';

export type ReadValue<T> = (node: Node, key: string, report: Report) => T | undefined;

/** Reads a key's value where the key is there. */
export function optional<T>(
  values: ReadonlyMap<string, Node>,
  key: string,
  read: ReadValue<T>,
  report: Report,
): T | undefined {
  const node = values.get(key);
  return node && read(node, key, report);
}

/** Text that is not empty. */
export const text: ReadValue<string> = (node, key, report) => {
  if (node.type !== 'string') return void report(node, `"${key}" must be a string, not ${kindOf(node)}.`);
  if (node.value === '') return void report(node, `"${key}" must not be empty.`);
  return node.value as string;
};

export const yesOrNo: ReadValue<boolean> = (node, key, report) => {
  if (node.type === 'boolean') return node.value as boolean;
  return void report(node, `"${key}" must be true or false, not ${kindOf(node)}.`);
};

/** A whole number in a range. */
export function integer(least: number, most: number): ReadValue<number> {
  return (node, key, report) => {
    const value = node.value as unknown;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    const found = typeof value === 'number' ? String(value) : kindOf(node);
    return void report(node, `"${key}" must be a whole number from ${least} to ${most}, not ${found}.`);
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): ReadValue<T> {
  return (node, key, report) => {
    const word = words.find((candidate) => candidate === node.value);
    if (word !== undefined) return word;
    const list = words.map((candidate) => `"${candidate}"`).join(', ');
    const found = node.type === 'string' ? `"${node.value as string}"` : kindOf(node);
    const hint = node.type === 'string' ? suggestion(node.value as string, words) : '.';
    const end = hint.startsWith(',') ? hint : '.';
    return void report(node, `"${key}" must be one of ${list}, not ${found}${end}`);
  };
}
