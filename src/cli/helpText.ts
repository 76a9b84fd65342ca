/** What `--help` prints. */

export const helpText = `Runs tool calls so that one failure never takes its neighbours down.

  allsettled run FILE        run a batch file (*.batch.json)
  allsettled agent PROMPT    run an agent; - or nothing: the prompt comes from the standard input
  allsettled agents FILE     run an agents file (*.agents.json): many agents at once
  allsettled resume SESSION  go on with a session that was interrupted: its id, or how it begins

All but resume take
  --cwd DIR          work in this folder (default: the current one)
All take
  --permission P     read-only (default), workspace-write or unlimited; terminal commands
                     that do more than read need unlimited, because nobody can be asked here,
                     or the sandbox
  --sandbox USE      off (default); on: confine terminal commands where this machine can, under
                     every permission; required: refuse them where it can't
  --api-key-file FILE, --api-key-fd N
                     take the API key from this file, or from this open input (0: the standard
                     input); else it comes from the environment variable ANTHROPIC_API_KEY
  --json             print every event as one line of JSON; the last line is the result
  --state-dir DIR    keep sessions in this folder

run takes
  --fail-fast        once a call fails, skip those that have not started
  --report FILE      write the result as JSON to this file

agent takes
  --model M          ask this model
  --base-url URL     ask the Messages API at this address
  --replay FILE      play the model's turns from a transcript; the tools run for real

agents takes
  --save-file OUT       append each answer to this file the moment its task ends
  --max-concurrency N   at most N tasks at the same time, 1 to 100 (default: the file's, or 20)
  --fail-fast           once a task has not completed, skip those that have not started
  --model M, --base-url URL as above

resume takes
  --base-url URL, --replay FILE as agent does; folder, permission and sandbox
  are the session's own. A permission or sandbox that is weaker than theirs is refused, and an
  address of your own must be named again

Other
  --help, --version

Exit codes: 0 all succeeded or completed; 1 something failed; 2 wrong usage, an invalid file
or no API key, and nothing ran; 3 incomplete or interrupted (also by SIGTERM, SIGQUIT or
SIGHUP), or calls that are not on record, or answers that the save file lacks; 130 cancelled by
Ctrl-C.
`;
