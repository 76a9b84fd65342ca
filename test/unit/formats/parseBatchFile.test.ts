import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemLine } from '../../../src/formats/fileProblem.ts';
import { parseBatchFile } from '../../../src/formats/parseBatchFile.ts';
import type { ToolCatalog } from '../../../src/formats/toolCatalog.ts';

const tools: ToolCatalog = {
  names: ['read_file', 'git', 'terminal'],
  check(tool, input) {
    const value = input as Record<string, unknown> | null;
    if (typeof value !== 'object' || value === null) return [{ path: [], message: 'must be an object' }];
    if (tool === 'terminal' && !('command' in value)) return [{ path: ['command'], message: 'is missing' }];
    if (tool === 'git' && !Array.isArray(value['args']))
      return [{ path: ['args'], message: 'must be an array' }];
    if (tool === 'git' && (value['args'] as unknown[])[1] === 7)
      return [{ path: ['args', 1], message: 'must be a string' }];
    return [];
  },
};

function problemsOf(text: string): readonly string[] {
  const parsed = parseBatchFile(text, tools);
  return parsed.ok ? [] : parsed.problems.map((problem) => problemLine(problem));
}

function batch(calls: string, rest = ''): string {
  return `{"version":1${rest},"calls":[${calls}]}`;
}

const good = '{"id":"a","tool":"git","input":{"args":[]}}';

const badFiles: readonly { name: string; text: string; problems: readonly string[] }[] = [
  { name: 'an empty file', text: ' \n', problems: ['1:1 The file is empty: a JSON object was expected.'] },
  {
    name: 'a missing comma and an unknown word, both named',
    text: '{\n  "version": 1\n  "calls": [nope]\n}',
    problems: [
      '3:3 Not JSON: a comma was expected.',
      '3:13 Not JSON: a word that JSON does not know; text needs double quotes.',
    ],
  },
  {
    name: 'a file that ends too early',
    text: '{"version": 1, "calls": [',
    problems: [
      '1:26 Not JSON: a closing bracket ] was expected at the end of the file.',
      '1:26 Not JSON: a closing brace } was expected at the end of the file.',
    ],
  },
  {
    name: 'text without an end',
    text: '{"version": 1, "cwd": "x\n}',
    problems: ['1:23 Not JSON: the text does not end: a double quote is missing.'],
  },
  {
    name: 'too many levels',
    text: '['.repeat(100_000),
    problems: ['1:201 Nested too deeply: at most 200 levels are allowed.'],
  },
  { name: 'an array', text: '[]', problems: ['1:1 A batch file must be an object, not an array.'] },
  {
    name: 'an empty object',
    text: '{}',
    problems: ['1:1 The file has no "version": write "version": 1.', '1:1 The file has no "calls".'],
  },
  {
    name: 'a later version',
    text: '{"version":2,"calls":[]}',
    problems: [
      '1:12 Version 2 is not supported: this program reads version 1.',
      '1:22 "calls" is empty: nothing would run.',
    ],
  },
  {
    name: 'a version in quotes, calls as an object',
    text: '{"version":"1","calls":{}}',
    problems: [
      '1:12 "version" must be the number 1, not a string.',
      '1:24 "calls" must be an array, not an object.',
    ],
  },
  {
    name: 'unknown keys',
    text: batch(good, ',"failfast":true,"notes":""'),
    problems: [
      '1:14 Unknown key "failfast", did you mean "failFast"?',
      '1:30 Unknown key "notes". Known are: version, calls, failFast, permission, cwd.',
    ],
  },
  {
    name: 'repeated keys, also deep in an input',
    text: batch('{"id":"a","id":"b","tool":"git","input":{"args":[],"x":{"y":1,"y":2}}}'),
    problems: ['1:33 The key "id" stands here a second time.', '1:85 The key "y" stands here a second time.'],
  },
  {
    name: 'wrong values of the file',
    text: batch(good, ',"failFast":"yes","permission":"readonly","cwd":""'),
    problems: [
      '1:25 "failFast" must be true or false, not a string.',
      '1:44 "permission" must be one of "read-only", "workspace-write", "unlimited", not "readonly", did you mean "read-only"?',
      '1:61 "cwd" must not be empty.',
    ],
  },
  {
    name: 'a call that is no object',
    text: batch('null'),
    problems: ['1:23 A call must be an object, not null.'],
  },
  {
    name: 'a call with nothing in it',
    text: batch('{}'),
    problems: ['1:23 The call has no "id".', '1:23 The call has no "tool".', '1:23 The call has no "input".'],
  },
  {
    name: 'bad ids',
    text: batch('{"id":"","tool":"git","input":{"args":[]}},{"id":"a/b","tool":"git","input":{"args":[]}}'),
    problems: [
      '1:29 "id" must not be empty.',
      '1:72 The id "a/b" must not contain "/": it separates the ids of nested calls.',
    ],
  },
  {
    name: 'repeated ids name the first place, on lines that end with CRLF',
    text: `{"version":1,"calls":[\r\n${good},\r\n${good},\r\n ${good}]}`,
    problems: ['3:7 The id "a" is taken already, at 2:7.', '4:8 The id "a" is taken already, at 2:7.'],
  },
  {
    name: 'unknown tools',
    text: batch('{"id":"a","tool":"readfile","input":{}},{"id":"b","tool":"browser","input":{}}'),
    problems: [
      '1:40 Unknown tool "readfile", did you mean "read_file"?',
      '1:80 Unknown tool "browser". Known are: read_file, git, terminal.',
    ],
  },
  {
    name: 'bad inputs at their places, a missing property at its object',
    text: batch(
      '{"id":"a","tool":"terminal","input":{}},\n{"id":"b","tool":"git","input":{"args":["log",7]}},\n{"id":"c","tool":"git","input":3}',
    ),
    problems: [
      '1:59 terminal: input.command: is missing',
      '2:47 git: input.args.1: must be a string',
      '3:32 git: input: must be an object',
    ],
  },
  {
    name: 'policies out of range',
    text: batch(
      '{"id":"a","tool":"git","input":{"args":[]},"timeoutMs":0,"retries":1.5,"onFailure":"stop"},{"id":"b","tool":"git","input":{"args":[]},"timeoutMs":86400001,"retries":11}',
    ),
    problems: [
      '1:78 "timeoutMs" must be a whole number from 1 to 86400000, not 0.',
      '1:90 "retries" must be a whole number from 0 to 10, not 1.5.',
      '1:106 "onFailure" must be one of "continue", "abort", not "stop".',
      '1:169 "timeoutMs" must be a whole number from 1 to 86400000, not 86400001.',
      '1:188 "retries" must be a whole number from 0 to 10, not 11.',
    ],
  },
  {
    name: 'dependencies of a wrong shape',
    text: batch(
      '{"id":"a","tool":"git","input":{"args":[]},"after":"b"},\n{"id":"b","tool":"git","input":{"args":[]},"after":[1,{},{"id":"a","when":"done"}]}',
    ),
    problems: [
      '1:74 "after" must be an array of ids, not a string.',
      '2:53 "after" must be a string, not a number.',
      '2:55 The dependency has no "id".',
      '2:75 "when" must be one of "succeeded", "settled", not "done".',
    ],
  },
  {
    name: 'dependencies on nobody, on oneself, and twice on one call',
    text: batch(
      '{"id":"first","tool":"git","input":{"args":[]},"after":["frist","first"]},\n{"id":"b","tool":"git","input":{"args":[]},"after":["first",{"id":"first"}]}',
    ),
    problems: [
      '1:79 "after" names "frist", which no call has as its id, did you mean "first"?',
      '1:87 The call "first" can\'t wait for itself.',
      '2:67 "after" names "first" a second time.',
    ],
  },
  {
    name: 'a circle, named whole at its first link',
    text: batch(
      '{"id":"a","tool":"git","input":{"args":[]},"after":["b"]},\n{"id":"b","tool":"git","input":{"args":[]},"after":["c"]},\n{"id":"c","tool":"git","input":{"args":[]},"after":["a"]},\n{"id":"d","tool":"git","input":{"args":[]},"after":["a"]}',
    ),
    problems: ['1:75 Calls wait for each other in a circle: a -> b -> c -> a. None could start.'],
  },
];

describe('a bad batch file names each problem at its place', () => {
  for (const { name, text, problems } of badFiles)
    test(name, () => {
      assert.deepEqual(problemsOf(text), problems);
    });
});

test('a good file is read whole, with comments, trailing commas and a byte order mark', () => {
  const parsed = parseBatchFile(
    `\uFEFF// The incident.
{
  "version": 1,
  "failFast": true,
  "permission": "workspace-write",
  "cwd": "..",
  "calls": [
    { "id": "a", "tool": "git", "input": { "args": ["log"] } },
    { "id": "b", "tool": "terminal", "input": { "command": "ls", "__proto__": 1 }, "timeoutMs": 5, "retries": 2,
      "onFailure": "abort", "after": ["a", { "id": "c", "when": "settled" }], }, /* last but one */
    { "id": "c", "tool": "git", "input": { "args": [] }, "after": [] },
  ],
}`,
    tools,
  );
  assert.deepEqual(parsed, {
    ok: true,
    batch: {
      version: 1,
      failFast: true,
      permission: 'workspace-write',
      cwd: '..',
      calls: [
        { id: 'a', tool: 'git', input: { args: ['log'] } },
        {
          id: 'b',
          tool: 'terminal',
          input: { command: 'ls', ['__proto__']: 1 },
          timeoutMs: 5,
          retries: 2,
          onFailure: 'abort',
          after: [
            { id: 'a', when: 'succeeded' },
            { id: 'c', when: 'settled' },
          ],
        },
        { id: 'c', tool: 'git', input: { args: [] } },
      ],
    },
  });
});

test('a problem covers its value, and only the brace of an object', () => {
  const parsed = parseBatchFile('{"version":1,"calls":[{"id":"a","tool":"nope","input":{}},\n{}]}', tools);
  assert.deepEqual(!parsed.ok && parsed.problems.map(({ offset, length }) => [offset, length]), [
    [39, 6],
    [59, 1],
    [59, 1],
    [59, 1],
  ]);
});

test('more calls than the limit are refused at the first one too many', () => {
  const calls = Array.from({ length: 10_001 }, (_, n) => `{"id":"c${n}","tool":"git","input":{"args":[]}}`);
  assert.deepEqual(problemsOf(batch(calls.join(',\n'))), [
    '10001:1 10001 calls: a file may hold at most 10000.',
  ]);
});

test('a chain of 10,000 calls is no circle', () => {
  const calls = Array.from(
    { length: 10_000 },
    (_, n) => `{"id":"c${n}","tool":"git","input":{"args":[]}${n < 9_999 ? `,"after":["c${n + 1}"]` : ''}}`,
  );
  assert.deepEqual(problemsOf(batch(calls.join(',\n'))), []);
});

test('K21: a $schema at the head of a file is passed over, and below it is an unknown key', () => {
  const call = { id: 'a', tool: 'git', input: { args: ['status'] } };
  const of = (file: object): unknown => parseBatchFile(JSON.stringify(file), tools).ok;
  assert.equal(of({ $schema: './batch.schema.json', version: 1, calls: [call] }), true);
  assert.equal(of({ version: 1, calls: [{ ...call, $schema: 'x' }] }), false);
});
