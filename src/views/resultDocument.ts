/** A call's result as a plain text document: what was asked for, what became of it, and all its output. */
import { isSettled } from '../core/calls.ts';
import type { ApprovalRequest, CallId, CallInput, CallOutput, CallState } from '../core/calls.ts';
import type { Call, SessionState } from '../core/states.ts';
import { renderTerminal } from '../core/terminalLines.ts';
import { shownText, visibleCode } from '../core/visibleText.ts';
import { notHeldLine } from './approvalText.ts';
import { callArgument, inputText } from './callArgument.ts';
import { callStanding, exitText, standingText } from './callStanding.ts';
import { spentText, timeText } from './duration.ts';
import { callProblem, errorText, withNamedCalls } from './personText.ts';
import { partsTable } from './partsTable.ts';
import { exactLine, oneLine } from './plainText.ts';

/** A longer input would push the output out of sight. */
const shortInputLines = 20;

/** Output that is not in the state: what arrived while the call runs, or all of it, read from its file. */
export type OtherOutput =
  { readonly kind: 'soFar'; readonly text: string } | { readonly kind: 'whole'; readonly text: string };

/**
 * The document; without `other`, a long output is shown as the model was given it. What went wrong comes first, and a long
 * input last. `state`: of its session.
 */
export function resultDocument(call: Call, other?: OtherOutput, state?: SessionState): string {
  const output = isSettled(call.state) && 'output' in call.state ? call.state.output : undefined;
  const input = inputSections(call.input);
  const isLongInput = input.join('\n').split('\n').length > shortInputLines;
  const sections = [
    header(call, state).join('\n'),
    call.state.status === 'awaitingApproval'
      ? section('Waits for your approval', askedLines(call.state.request))
      : '',
    section(isFault(call.state) ? 'Error' : 'What happened', shownText(callProblem(call) ?? '')),
    ...call.failedAttempts.map(({ attempt, error }) =>
      section(`Attempt ${attempt} failed`, shownText(errorText(error))),
    ),
    state ? section(call.tool === 'run_agents' ? 'Tasks' : 'Calls', partsTable(state, call)) : '',
    ...(isLongInput ? [] : input),
    withNamedCalls(outputSections(output, other), (callId) => nameOf(callId, state)),
    ...(isLongInput ? input : []),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function inputSections(input: CallInput): readonly string[] {
  const words = section('Input', inputText(input));
  return input.kind === 'unparsable'
    ? [words, section('Why it could not be parsed', shownText(input.problem))]
    : [words];
}

function askedLines(request: ApprovalRequest): string {
  return [visibleCode(request.subject), notHeldLine(request)].filter(Boolean).join('\n\n');
}

function renamingText(wanted: string | undefined): string {
  if (wanted === undefined) return '';
  if (wanted === '') return 'The model gave the call no id.';
  return `Asked for as: ${exactLine(wanted, 200)} (that id was taken)`;
}

function header(call: Call, session?: SessionState): readonly string[] {
  const { state } = call;
  const lines = [
    `${oneLine(call.tool)}: ${session ? callStanding(session, call).text : standingText(state)}`,
    `Call id:   ${exactLine(call.id, 200)}`,
    renamingText(call.renamedFrom),
  ];
  if (isSettled(state)) {
    const exit = exitText(state);
    const output = 'output' in state ? state.output : undefined;
    if (state.startedAt !== undefined) lines.push(`Started:   ${timeText(state.startedAt)}`);
    lines.push(
      state.startedAt === undefined ? 'Never started' : `Duration:  ${spentText(state) || 'unknown'}`,
    );
    lines.push(`Attempts:  ${state.attempts}`);
    if (exit !== undefined) lines.push(`Ended:     ${exit}`);
    if (output) lines.push(`Output:    ${output.bytes} bytes`);
    if (output?.file !== undefined)
      lines.push(
        output.notKeptBytes === undefined
          ? `Whole output: ${output.file}`
          : `Kept in:   ${output.file}, but for the last ${output.notKeptBytes} bytes`,
      );
  }
  return lines.filter(Boolean);
}

function nameOf(callId: CallId, state: SessionState | undefined): string {
  const call = state?.calls.get(callId);
  return call
    ? `${oneLine(call.tool)} ${callArgument(call.tool, call.input)}`.trim()
    : exactLine(callId, 200);
}

/** A call that a person denied or stopped, or that never had its turn, has no error. */
function isFault({ status }: CallState): boolean {
  return status === 'failed' || status === 'timedOut';
}

function outputSections(output: CallOutput | undefined, other: OtherOutput | undefined): string {
  if (!output) return section('Output so far', shownOutput(other?.text ?? ''));
  if (other?.kind === 'whole') return section('All output', shownOutput(other.text));
  const isProcess = output.stdout !== undefined || output.stderr !== undefined;
  if (!isProcess) return section('Result', shownOutput(output.text));
  const parts = [
    section('stdout', shownOutput(output.stdout ?? '')),
    section('stderr', shownOutput(output.stderr ?? '')),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join('\n\n') : section('Result', shownOutput(output.text));
}

/** Also of a journal from before output was rendered, and of what arrives just now. */
function shownOutput(text: string): string {
  return shownText(renderTerminal(text));
}

function section(title: string, body: string): string {
  return body.trim() === '' ? '' : `--- ${title} ---\n${body.replace(/\n+$/, '')}`;
}
