/** How the end of a process is told to the model. */
import type { CallId, CallOutput } from '../core/calls.ts';
import type {
  CapturedStream,
  LeftProcess,
  LeftRunning,
  ProcessEnd,
  ProcessOutput,
} from '../core/processPorts.ts';
import { markLeftOut } from '../core/shorten.ts';
import { readFormText } from '../core/textForm.ts';
import type { ToolResult } from '../core/tools.ts';
import { withVisibleNuls } from '../core/unreadable.ts';
import { failureReason } from './failureReason.ts';

type Ended = Exclude<ProcessEnd, { kind: 'cannotStart' }>;

const maxReasonChars = 500;

/** A result in which every exit code but 0 is a failure, unless `isAnswer` says that it answers the question. */
export function toToolResult(
  end: ProcessEnd,
  callId: CallId,
  isAnswer: (exitCode: number, output: ProcessOutput) => boolean,
): ToolResult {
  if (end.kind === 'cannotStart') return { ok: false, error: end.error };
  const shown = show(end.output, callId);
  const output = toCallOutput(end, shown);
  switch (end.kind) {
    case 'killed':
      return { ok: false, error: { kind: 'cancelled', message: 'It was stopped before its end.' }, output };
    case 'signalled': {
      const message = withReason(`ended by signal ${end.signal}`, end.output, shown);
      return { ok: false, error: { kind: 'signal', message }, output };
    }
    case 'exited': {
      if (end.exitCode === 0 || isAnswer(end.exitCode, end.output)) return { ok: true, output };
      const message = withReason(`exit ${end.exitCode}`, end.output, shown);
      return { ok: false, error: { kind: 'exitCode', message }, output };
    }
  }
}

/** What the model is shown of the two streams. */
interface Shown {
  readonly stdout: string;
  readonly stderr: string;
}

function show({ stdout, stderr, file: kept, fileProblem }: ProcessOutput, callId: CallId): Shown {
  // Of a file that was not written to its end nobody knows whether it holds what is left out here.
  const file = fileProblem === undefined ? kept : undefined;
  return { stdout: showStream(stdout, callId, file), stderr: showStream(stderr, callId, file) };
}

function showStream(stream: CapturedStream, callId: CallId, file: string | undefined): string {
  const { shown, bytes, isBinary, firstLine } = stream;
  if (isBinary) {
    const input = JSON.stringify({ callId, startLine: firstLine, raw: true });
    const where = file === undefined ? '' : `; read_output ${input} shows it all the same`;
    return `[binary data, not shown: ${bytes} bytes${where}]`;
  }
  return withVisibleNuls(markLeftOut(shown, file === undefined ? undefined : { callId, firstLine }));
}

function toCallOutput(end: Ended, shown: Shown): CallOutput {
  const { stdout, stderr, file, notKept } = end.output;
  return {
    text: describe(end, shown),
    ...shown,
    bytes: stdout.bytes + stderr.bytes,
    ...(end.kind === 'exited' ? { exitCode: end.exitCode } : {}),
    ...(end.kind === 'signalled' ? { signal: end.signal } : {}),
    ...(file === undefined ? {} : { file }),
    ...(notKept === undefined || file === undefined ? {} : { notKeptBytes: notKept.bytes }),
    ...(end.left && { leftRunning: end.left.processes.map(({ pid, name }) => ({ pid, name })) }),
  };
}

function describe(end: Ended, shown: Shown): string {
  const { stdout, stderr } = end.output;
  const how = describeEnding(end);
  const left = end.left === undefined ? [] : describeLeft(end.left, end.kind === 'killed');
  if (stdout.bytes + stderr.bytes === 0) return [`no output (0 bytes), ${how}`, ...left].join('\n');
  const parts = [how];
  if (stdout.bytes > 0) parts.push('stdout:', withoutLastLineEnd(shown.stdout), ...describeForm(stdout));
  if (stderr.bytes > 0) parts.push('stderr:', withoutLastLineEnd(shown.stderr), ...describeForm(stderr));
  parts.push(...describeKeeping(end.output), ...left);
  return parts.join('\n');
}

function describeForm({ isBinary, form }: CapturedStream): readonly string[] {
  const text = isBinary ? undefined : readFormText(form);
  return text === undefined ? [] : [`[${text}]`];
}

/** Lines that say what of a command runs on. */
function describeLeft({ isOutputHeld, processes }: LeftRunning, wasKilled: boolean): readonly string[] {
  if (wasKilled) return [`[it was stopped, but this could not be ended and still runs: ${named(processes)}]`];
  const holders = processes.filter(({ holdsOutput }) => holdsOutput);
  const others = processes.filter(({ holdsOutput }) => !holdsOutput);
  const lines: string[] = [];
  if (isOutputHeld) {
    const who = holders.length > 0 ? `: ${named(holders)}` : '';
    lines.push(`[something that it started goes on and holds its output${who}]`);
  }
  if (others.length > 0) lines.push(`[something that it started goes on: ${named(others)}]`);
  return lines;
}

const mostNamed = 10;

// A process names itself, so the name is shown as a part of a line and no more.
function named(processes: readonly LeftProcess[]): string {
  const shown = processes.slice(0, mostNamed).map(({ pid, name }) => `${plain(name)} (${pid})`);
  const more = processes.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N} ._+-]/gu, '?').slice(0, 40);
}

function describeKeeping({ file, fileProblem, notKept }: ProcessOutput): readonly string[] {
  if (fileProblem !== undefined) {
    if (file === undefined)
      return [`[this output could not be kept in a file: ${fileProblem}; only what is shown here is left]`];
    const lacks = notKept === undefined ? '' : `; it lacks ${notKept.bytes} bytes`;
    return [`[the file of this output could not be written to its end: ${fileProblem}${lacks}]`];
  }
  if (notKept === undefined) return [];
  const { bytes, maxBytes } = notKept;
  return [
    `[of this output the first ${maxBytes} bytes are kept, which is the cap; ${bytes} bytes that came later are not]`,
  ];
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

function withReason(what: string, { stdout, stderr }: ProcessOutput, shown: Shown): string {
  const reason = failureReason(stderr.isBinary ? '' : shown.stderr, stdout.isBinary ? '' : shown.stdout);
  if (reason === '')
    return `${what}, ${stdout.isBinary || stderr.isBinary ? 'with binary output' : 'without any output'}`;
  return `${what}: ${reason.length > maxReasonChars ? `${reason.slice(0, maxReasonChars)}[...]` : reason}`;
}

function withoutLastLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
