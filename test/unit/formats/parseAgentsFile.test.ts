import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemLine } from '../../../src/formats/fileProblem.ts';
import { parseAgentsFile } from '../../../src/formats/parseAgentsFile.ts';

function problemsOf(text: string): readonly string[] {
  const parsed = parseAgentsFile(text);
  return parsed.ok ? [] : parsed.problems.map((problem) => problemLine(problem));
}

function file(tasks: string, rest = ''): string {
  return `{"version":1${rest},"tasks":[${tasks}]}`;
}

const good = '{"note":"a","prompt":"p"}';

const badFiles: readonly { name: string; text: string; problems: readonly string[] }[] = [
  { name: 'an empty file', text: '', problems: ['1:1 The file is empty: a JSON object was expected.'] },
  { name: 'an array', text: '[]', problems: ['1:1 An agents file must be an object, not an array.'] },
  { name: 'no tasks', text: '{}', problems: ['1:1 The file has no "tasks".'] },
  { name: 'an empty list', text: file(''), problems: ['1:22 "tasks" is empty: nothing would run.'] },
  {
    name: 'a later version',
    text: `{"version":2,"tasks":[${good}]}`,
    problems: ['1:12 Version 2 is not supported: this program reads version 1.'],
  },
  {
    name: 'more than 100 tasks',
    text: file(Array.from({ length: 101 }, () => good).join(',\n')),
    problems: ['101:1 101 tasks: a file may hold at most 100.'],
  },
  {
    name: 'several wrong tasks, each by its index and place',
    text: '{\n  "tasks": [\n    { "note": "a" },\n    { "note": "b", "prompt": " " },\n    7\n  ]\n}',
    problems: [
      '3:5 tasks[0]: The task has no "prompt".',
      '4:30 tasks[1]: "prompt" must not be blank.',
      '5:5 tasks[2]: A task must be an object, not a number.',
    ],
  },
  {
    name: 'unknown keys',
    text: file('{"note":"a","prompt":"p","modle":"m"}', ',"concurrency":3'),
    problems: [
      '1:14 Unknown key "concurrency", did you mean "maxConcurrency"?',
      '1:64 tasks[0]: Unknown key "modle", did you mean "model"?',
    ],
  },
  {
    name: 'a key that stands twice',
    text: file('{"note":"a","note":"b","prompt":"p"}'),
    problems: ['1:35 The key "note" stands here a second time.'],
  },
  {
    name: 'concurrency outside of 1 to 100',
    text: file(good, ',"maxConcurrency":0'),
    problems: ['1:31 "maxConcurrency" must be a whole number from 1 to 100, not 0.'],
  },
  {
    name: 'words that are not among those known',
    text: file('{"note":"a","prompt":"p","reportMode":"report"}', ',"permission":"all"'),
    problems: [
      '1:27 "permission" must be one of "read-only", "workspace-write", "unlimited", not "all".',
      '1:80 tasks[0]: "reportMode" must be one of "document", not "report".',
    ],
  },
  {
    name: 'context paths that are none',
    text: file('{"note":"a","prompt":"p","contextPaths":["",7]}', ',"contextPaths":"x"'),
    problems: [
      '1:29 "contextPaths" must be an array, not a string.',
      '1:83 tasks[0]: "contextPaths" must not be empty.',
      '1:86 tasks[0]: "contextPaths" must be a string, not a number.',
    ],
  },
  {
    name: 'a note that is no name',
    text: file(`{"note":"${'n'.repeat(201)}","prompt":"p"}`),
    problems: ['1:31 tasks[0]: "note" is a name of at most 200 characters, not 201.'],
  },
  {
    name: 'a continuation of another form',
    text: file('{"note":"a","prompt":"p","continuation_id":"../x"}'),
    problems: [
      '1:66 tasks[0]: "continuation_id" must be <session>/<agent>, as the save file gives it, not "../x".',
    ],
  },
  {
    name: 'two answers to what the agent is',
    text: file('{"note":"a","prompt":"p","agent":"x","systemPrompt":"y"}'),
    problems: [
      '1:75 tasks[0]: "systemPrompt" and "agent" both say what the agent is: give one. "appendSystemPrompt" can stand beside either.',
    ],
  },
];

describe('an agents file is refused for', () => {
  for (const { name, text, problems } of badFiles)
    test(name, () => assert.deepEqual(problemsOf(text), problems));
});

test('an agents file with comments and trailing commas is read whole', () => {
  const parsed = parseAgentsFile(`{
    // All of it.
    "version": 1, "maxConcurrency": 3, "failFast": true, "cwd": "..", "saveFile": "out.txt",
    "debugStatistics": true, "model": "m", "permission": "unlimited", "contextPaths": ["a.md"],
    "reportMode": "document", "systemPrompt": "s", "appendSystemPrompt": "t",
    "tasks": [
      { "note": "one", "prompt": "p", "model": "n", "agent": "reviewer", },
      { "note": "two", "prompt": "q", "continuation_id": "20261121-104233-ab/agent-7" },
    ],
  }`);
  assert.deepEqual(parsed.ok && parsed.agents, {
    maxConcurrency: 3,
    failFast: true,
    cwd: '..',
    saveFile: 'out.txt',
    debugStatistics: true,
    model: 'm',
    permission: 'unlimited',
    contextPaths: ['a.md'],
    reportMode: 'document',
    systemPrompt: 's',
    appendSystemPrompt: 't',
    tasks: [
      { note: 'one', prompt: 'p', model: 'n', agent: 'reviewer' },
      { note: 'two', prompt: 'q', continuation_id: '20261121-104233-ab/agent-7' },
    ],
  });
});

test('what only the workspace shows is told at its place in the file', () => {
  const parsed = parseAgentsFile('{"tasks":[\n{"note":"a","prompt":"p","contextPaths":["gone.md"]}]}');
  assert.ok(parsed.ok);
  const problems = parsed.locate([
    { path: ['tasks', 0, 'contextPaths', 0], message: 'Not there.' },
    { path: ['saveFile'], message: 'Missing.' },
  ]);
  assert.deepEqual(
    problems.map((problem) => problemLine(problem)),
    ['1:1 Missing.', '2:42 Not there.'],
  );
});

test('K21: a $schema at the head of an agents file is passed over', () => {
  const file = { $schema: './agents.schema.json', tasks: [{ note: 'n', prompt: 'p' }] };
  assert.equal(parseAgentsFile(JSON.stringify(file)).ok, true);
});
