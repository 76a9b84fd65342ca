/** How the end of a process is told to the model. */
import type { CallOutput } from '../core/calls.ts';
import type { ProcessEnd, ProcessOutput } from '../core/ports.ts';
import type { ToolResult } from '../core/tools.ts';

type Ended = Exclude<ProcessEnd, { kind: 'cannotStart' }>;

const maxReasonChars = 500;

/** A result in which every exit code but 0 is a failure, unless `isAnswer` says that it answers the question. */
export function toToolResult(
  end: ProcessEnd,
  isAnswer: (exitCode: number, output: ProcessOutput) => boolean,
): ToolResult {
  if (end.kind === 'cannotStart') return { ok: false, error: end.error };
  const output = toCallOutput(end);
  switch (end.kind) {
    case 'killed':
      return { ok: false, error: { kind: 'cancelled', message: 'It was stopped before its end.' }, output };
    case 'signalled': {
      const message = withReason(`ended by signal ${end.signal}`, end.output);
      return { ok: false, error: { kind: 'signal', message }, output };
    }
    case 'exited': {
      if (end.exitCode === 0 || isAnswer(end.exitCode, end.output)) return { ok: true, output };
      const message = withReason(`exit ${end.exitCode}`, end.output);
      return { ok: false, error: { kind: 'exitCode', message }, output };
    }
  }
}

function toCallOutput(end: Ended): CallOutput {
  const { stdout, stderr, file } = end.output;
  return {
    text: describe(end),
    stdout: stdout.text,
    stderr: stderr.text,
    bytes: stdout.bytes + stderr.bytes,
    ...(end.kind === 'exited' ? { exitCode: end.exitCode } : {}),
    ...(end.kind === 'signalled' ? { signal: end.signal } : {}),
    ...(file === undefined ? {} : { file }),
  };
}

function describe(end: Ended): string {
  const { stdout, stderr, fileProblem } = end.output;
  const how = describeEnding(end);
  if (stdout.bytes + stderr.bytes === 0) return `no output (0 bytes), ${how}`;
  const parts = [how];
  if (stdout.bytes > 0) parts.push('stdout:', withoutLastLineEnd(stdout.text));
  if (stderr.bytes > 0) parts.push('stderr:', withoutLastLineEnd(stderr.text));
  if (fileProblem !== undefined)
    parts.push(`[the file with the whole output is not complete: ${fileProblem}]`);
  return parts.join('\n');
}

function describeEnding(end: Ended): string {
  switch (end.kind) {
    case 'exited':
      return `exit ${end.exitCode}`;
    case 'signalled':
      return `ended by signal ${end.signal}`;
    case 'killed':
      return 'stopped before its end';
  }
}

// Programs say last what went wrong, most of them on stderr.
function withReason(what: string, output: ProcessOutput): string {
  const said = output.stderr.text.trim() || output.stdout.text.trim();
  if (said === '') return `${what}, without any output`;
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const reason = lines.slice(-3).join('\n');
  return `${what}: ${reason.length > maxReasonChars ? `[...]${reason.slice(-maxReasonChars)}` : reason}`;
}

function withoutLastLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
