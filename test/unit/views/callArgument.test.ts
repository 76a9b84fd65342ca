import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callArgument } from '../../../src/views/callArgument.ts';

test('a git command that changes something is told by what it is about', () => {
  const argument = (tool: string, value: object): string => callArgument(tool, { kind: 'parsed', value });
  assert.equal(argument('git_add', { paths: ['a.txt', 'b c'] }), 'a.txt b c');
  assert.equal(argument('git_commit', { message: 'First\n\nmore', all: true }), 'First …');
  assert.equal(argument('git_commit', { amend: true }), 'amend');
  assert.equal(argument('git_switch', { branch: 'main', create: true }), 'main');
  assert.equal(argument('git_stash', { action: 'pop' }), 'pop');
});
