/** The examples that new batch and agents files begin with: they run as they are and change nothing. */

export const newBatchText = `{
  "version": 1,
  "permission": "read-only",
  // Calls run at once; each keeps its own result.
  "calls": [
    { "id": "documents", "tool": "list_files", "input": { "pattern": "**/*.md" } },
    { "id": "todos", "tool": "search_text", "input": { "pattern": "TODO" } },
    // Waits for both, whatever they end with; "succeeded" in place of "settled" asks for their success.
    {
      "id": "folder",
      "tool": "terminal",
      "input": { "command": "ls" },
      "after": [{ "id": "documents", "when": "settled" }, { "id": "todos", "when": "settled" }]
    }
  ]
}
`;

export const newAgentsText = `{
  "version": 1,
  // Every answer is appended to this file the moment its task ends.
  "saveFile": "answers.txt",
  // 1 to 100 at the same time; 20 where absent.
  "maxConcurrency": 20,
  "permission": "read-only",
  "tasks": [
    { "note": "Overview", "prompt": "Describe in ten sentences what this workspace is for." },
    { "note": "Tests", "prompt": "Name the parts of this workspace that no test covers." }
  ]
}
`;
