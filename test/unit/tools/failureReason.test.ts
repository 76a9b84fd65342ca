/** The lines that tell why a process failed, of what real tools wrote. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureReason } from '../../../src/tools/failureReason.ts';

interface Written {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly reason: string;
}

const npmEcho = '\n> shop@1.0.0 test\n> node --test\n\n';
const npmNotice =
  'npm notice\nnpm notice New minor version of npm available! 11.0.0 -> 11.4.2\nnpm notice Changelog: https://github.com/npm/cli/releases/tag/v11.4.2\nnpm notice To update run: npm install -g npm@11.4.2\nnpm notice\n';

const written: Readonly<Record<string, Written>> = {
  'npm test with the test runner of Node, and a notice of npm': {
    stdout: `${npmEcho}✖ adds (14.27ms)\n✔ ok (0.34ms)\nℹ tests 2\nℹ suites 0\nℹ pass 1\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\nℹ duration_ms 367.66\n\n✖ failing tests:\n\ntest at a.test.js:1:72\n✖ adds (14.27ms)\n  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n  \n  2 !== 3\n  \n      at TestContext.<anonymous> (file:///w/a.test.js:1:98)\n    code: 'ERR_ASSERTION',\n`,
    stderr: npmNotice,
    reason: '✖ adds (14.27ms)\nAssertionError [ERR_ASSERTION]: Expected values to be strictly equal:',
  },
  'the same as TAP, whose last lines are counts': {
    stdout: `${npmEcho}TAP version 13\n# Subtest: adds\nnot ok 1 - adds\n  ---\n  failureType: 'testCodeFailure'\n  error: |-\n    Expected values to be strictly equal:\n    \n    2 !== 3\n  ...\n# Subtest: ok\nok 2 - ok\n1..2\n# tests 2\n# pass 1\n# fail 1\n# skipped 0\n# todo 0\n# duration_ms 160.4\n`,
    reason: 'not ok 1 - adds\nerror: |-',
  },
  'a script of npm that checks types': {
    stdout:
      "\n> shop@1.0.0 build\n> tsc -p .\n\nsrc/a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.\n",
    stderr:
      'npm error Lifecycle script `build` failed with error:\nnpm error code 2\nnpm error path /w\nnpm error workspace shop@1.0.0\nnpm error location /w\nnpm error command failed\nnpm error command sh -c tsc -p .\n',
    reason: "src/a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.",
  },
  'npm of an older version': {
    stdout:
      'src/index.js\n  3:1  error  Unexpected console statement  no-console\n\n✖ 1 problem (1 error, 0 warnings)\n',
    stderr:
      'npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\nnpm ERR! shop@1.0.0 lint: `eslint .`\nnpm ERR! Exit status 1\nnpm ERR! \nnpm ERR! Failed at the shop@1.0.0 lint script.\nnpm ERR! A complete log of this run can be found in:\nnpm ERR!     /root/.npm/_logs/x.log\n',
    reason: '3:1  error  Unexpected console statement  no-console',
  },
  'a script that npm does not have': {
    stderr:
      'npm error Missing script: "nope"\nnpm error\nnpm error To see a list of scripts, run:\nnpm error   npm run\nnpm error A complete log of this run can be found in: /root/.npm/_logs/x.log\n',
    reason: 'npm error Missing script: "nope"',
  },
  'eslint, after the name of the file': {
    stdout:
      "\n> shop@1.0.0 lint\n> eslint .\n\n\n/w/src/b.js\n  1:7  error  'unused' is assigned a value but never used  no-unused-vars\n\n✖ 1 problem (1 error, 0 warnings)\n\n",
    reason: "1:7  error  'unused' is assigned a value but never used  no-unused-vars",
  },
  'a module that Node does not find': {
    stderr:
      "node:internal/modules/cjs/loader:1568\n  throw err;\n  ^\n\nError: Cannot find module '/w/nope.mjs'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1564:15)\n    at node:internal/main/run_main_module:33:47 {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v24.21.0\n",
    reason: "Error: Cannot find module '/w/nope.mjs'",
  },
  'an exception of Node': {
    stderr:
      "<anonymous_script>:1\n{\n\nSyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)\n    at JSON.parse (<anonymous>)\n    at [eval]:1:6\n\nNode.js v24.21.0\n",
    reason: "SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
  },
  'a compiler below make': {
    stdout: 'cc -o app a.c\n',
    stderr:
      'a.c: In function ‘main’:\na.c:2:11: error: ‘y’ undeclared (first use in this function)\n    2 |   int x = y;\n      |           ^\na.c:2:11: note: each undeclared identifier is reported only once for each function it appears in\nmake: *** [Makefile:3: app] Error 1\n',
    reason: 'a.c:2:11: error: ‘y’ undeclared (first use in this function)',
  },
  'a linker below make': {
    stderr:
      "/usr/bin/ld: /tmp/cc8yCinp.o: in function `main':\na.c:(.text+0xa): undefined reference to `f'\ncollect2: error: ld returned 1 exit status\nmake: *** [Makefile:3: app] Error 1\n",
    reason: "a.c:(.text+0xa): undefined reference to `f'",
  },
  'make itself': {
    stderr: "make: *** No rule to make target 'nope'.  Stop.\n",
    reason: "make: *** No rule to make target 'nope'.  Stop.",
  },
  git: {
    stderr: 'fatal: not a git repository (or any of the parent directories): .git\n',
    reason: 'fatal: not a git repository (or any of the parent directories): .git',
  },
  'a shell without the program': {
    stderr: 'bash: line 1: nope: command not found\n',
    reason: 'bash: line 1: nope: command not found',
  },
  'a file that is not there': {
    stderr: 'cat: missing.txt: No such file or directory\n',
    reason: 'cat: missing.txt: No such file or directory',
  },
  'a traceback of Python': {
    stderr:
      'Traceback (most recent call last):\n  File "/w/a.py", line 4, in <module>\n    load("{")\n  File "/w/a.py", line 3, in load\n    return json.loads(x)\n           ^^^^^^^^^^^^^\njson.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)\n',
    reason:
      'json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)',
  },
  pytest: {
    stdout:
      '============================= test session starts ==============================\nplatform linux -- Python 3.11.7, pytest-9.0.3\ncollected 2 items\n\ntest_a.py F.                                                             [100%]\n\n=================================== FAILURES ===================================\n___________________________________ test_add ___________________________________\n\n    def test_add():\n>       assert 1 + 1 == 3\nE       assert (1 + 1) == 3\n\ntest_a.py:2: AssertionError\n=========================== short test summary info ============================\nFAILED test_a.py::test_add - assert (1 + 1) == 3\n========================= 1 failed, 1 passed in 3.17s ==========================\n',
    reason:
      'E       assert (1 + 1) == 3\ntest_a.py:2: AssertionError\nFAILED test_a.py::test_add - assert (1 + 1) == 3',
  },
  'cargo build': {
    stderr:
      '   Compiling shop v0.1.0 (/w)\nerror[E0308]: mismatched types\n --> src/lib.rs:1:25\n  |\n1 | pub fn total() -> u32 { "3" }\n  |                   ---   ^^^ expected `u32`, found `&str`\n\nFor more information about this error, try `rustc --explain E0308`.\nerror: could not compile `shop` (lib) due to 1 previous error\n',
    reason: 'error[E0308]: mismatched types',
  },
  'cargo test, whose last words are how to run it again': {
    stdout:
      "\nrunning 1 test\ntest adds ... FAILED\n\nfailures:\n\n---- adds stdout ----\n\nthread 'adds' (30316) panicked at src/lib.rs:3:13:\nassertion `left == right` failed: wrong total\n  left: 3\n right: 4\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\n\nfailures:\n    adds\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.70s\n",
    stderr:
      '   Compiling shop v0.1.0 (/w)\n    Finished `test` profile [unoptimized + debuginfo] target(s) in 2.06s\n     Running unittests src/lib.rs (target/debug/deps/shop-507999230d6984fa)\nerror: test failed, to rerun pass `--lib`\n',
    reason:
      "test adds ... FAILED\nthread 'adds' (30316) panicked at src/lib.rs:3:13:\nassertion `left == right` failed: wrong total",
  },
  'go build': {
    stderr: '# example.com/shop\n./main.go:4:2: undefined: total\n',
    reason: './main.go:4:2: undefined: total',
  },
  'go test': {
    stdout:
      '--- FAIL: TestTotal (0.00s)\n    main_test.go:7: total is 3, want 4\nFAIL\nexit status 1\nFAIL\texample.com/shop\t0.002s\n',
    reason: '--- FAIL: TestTotal (0.00s)\nmain_test.go:7: total is 3, want 4',
  },
  javac: {
    stderr:
      'A.java:1: error: incompatible types: String cannot be converted to int\nclass A { public static void main(String[] a) { int x = "s"; } }\n                                                        ^\n1 error\n',
    reason: 'A.java:1: error: incompatible types: String cannot be converted to int',
  },
  java: {
    stderr: 'Exception in thread "main" java.lang.IllegalStateException: no rows\n\tat B.main(B.java:1)\n',
    reason: 'Exception in thread "main" java.lang.IllegalStateException: no rows',
  },
  'maven, after its advice': {
    stdout:
      '[INFO] BUILD FAILURE\n[ERROR] COMPILATION ERROR : \n[ERROR] /w/src/main/java/A.java:[3,9] cannot find symbol\n[ERROR] -> [Help 1]\n[ERROR] \n[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.\n[ERROR] Re-run Maven using the -X switch to enable full debug logging.\n[ERROR] For more information about the errors and possible solutions, please read the following articles:\n[ERROR] [Help 1] http://cwiki.apache.org/confluence/x\n',
    reason: '[ERROR] COMPILATION ERROR :\n[ERROR] /w/src/main/java/A.java:[3,9] cannot find symbol',
  },
  'yarn and pnpm, which say last that a command failed': {
    stdout:
      'yarn run v1.22.22\n$ node build.mjs\ninfo Visit https://yarnpkg.com/en/docs/cli/run for documentation about this command.\n',
    stderr:
      'TypeError: total is not a function\nerror Command failed with exit code 1.\n ELIFECYCLE  Command failed with exit code 1.\n',
    reason: 'TypeError: total is not a function',
  },
  'colours and a line that was drawn over': {
    stderr: '\u001b[33mwarning: old\u001b[0m\r\u001b[31merror\u001b[0m: no such column\n',
    reason: 'error: no such column',
  },
  'words without the name of an error': {
    stdout: 'one\n',
    stderr: 'npm notice x\nfirst\nsecond\nthird\nthe disk is full\n',
    reason: 'second\nthird\nthe disk is full',
  },
  'nothing but notices': {
    stderr: npmNotice,
    reason:
      'npm notice Changelog: https://github.com/npm/cli/releases/tag/v11.4.2\nnpm notice To update run: npm install -g npm@11.4.2\nnpm notice',
  },
  'no output': { reason: '' },
};

for (const [name, { stdout = '', stderr = '', reason }] of Object.entries(written))
  test(`why it failed: ${name}`, () => {
    assert.equal(failureReason(stderr, stdout), reason);
  });
