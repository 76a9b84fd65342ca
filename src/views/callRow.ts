/** The row of a call. */
import { isSettled } from '../core/calls.ts';
import type { ApprovalRequest, CallState, SettledState } from '../core/calls.ts';
import type { Call, SessionState } from '../core/states.ts';
import { askedAgain, notHeldLine } from './approvalText.ts';
import { callArgument, inputPreview } from './callArgument.ts';
import { spentText } from './duration.ts';
import { callLook } from './looks.ts';
import { callProblem } from './personText.ts';
import { exactLine, exactLines, manyLines, middleCut, oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { callRowId, parentRowId } from './rowIds.ts';
import { isEdit } from './waitingCalls.ts';

const containers = new Set(['run_batch', 'spawn_agent', 'run_agents']);
const tooltipPartLength = 600;
/** So that the outcome beside it shows in a side bar of the usual width. */
const maxArgument = 28;

/** Tool and argument; then what became of it and how long it took. */
export function callRow(state: SessionState, call: Call): Row {
  const tool = oneLine(call.tool);
  const argument = callArgument(call.tool, call.input);
  const standing = standingText(call.state);
  const parentId = parentRowId(state, { kind: 'call', sessionId: state.id, callId: call.id });
  return {
    id: callRowId(state, call.id),
    label: `${tool} ${middleCut(callArgument(call.tool, call.input, 400), maxArgument)}`.trim(),
    // A tree is narrow, and the icon tells success; every other outcome is worth its words.
    description: joined(call.state.status === 'succeeded' ? '' : standing, spentOf(call.state)),
    tooltip: tooltip(call),
    icon: callLook(call.state.status).icon,
    contextValue: contextValue(call),
    isExpandable: containers.has(call.tool),
    accessibilityLabel: [tool, argument, standing, spentOf(call.state)].filter(Boolean).join(', '),
    ...(parentId !== undefined && { parentId }),
  };
}

/** Where a call stands, in a few words: `succeeded`, `failed, exit code 3`, `waits for b`. */
export function standingText(state: CallState): string {
  const { word } = callLook(state.status);
  switch (state.status) {
    case 'blocked':
      return state.waitsFor.length > 0 ? oneLine(`waits for ${state.waitsFor.join(', ')}`) : word;
    case 'running':
      return state.attempt > 1 ? `${word}, attempt ${state.attempt}` : word;
    case 'skipped':
      return oneLine(`${word} because of ${state.because}`);
    case 'failed':
      return joinedByComma(word, exitText(state));
    case 'timedOut':
    case 'cancelled':
      return joinedByComma(word, state.mayStillRun && 'may still run');
    case 'awaitingApproval':
      return state.request.changed ? `asked again, ${word}` : word;
    case 'queued':
    case 'succeeded':
    case 'denied':
    case 'interrupted':
      return word;
    default:
      return callLook((state as CallState).status).word;
  }
}

/** `exit code 3` or `signal SIGKILL`; undefined where no process ended. */
export function exitText(state: SettledState): string | undefined {
  const output = 'output' in state ? state.output : undefined;
  if (output?.signal !== undefined) return `signal ${oneLine(output.signal)}`;
  return output?.exitCode === undefined ? undefined : `exit code ${output.exitCode}`;
}

function spentOf(state: CallState): string {
  return isSettled(state) ? spentText(state) : '';
}

function tooltip(call: Call): string {
  const { state } = call;
  const lines = [
    `${oneLine(call.tool)}: ${joined(standingText(state), spentOf(state))}`,
    `Call id: ${oneLine(call.id, 200)}`,
    'output' in state && state.output?.confined
      ? 'Ran in the sandbox: no network, no writing outside of the workspace'
      : '',
    call.renamedFrom === undefined ? '' : `Asked for as: ${oneLine(call.renamedFrom, 200)}`,
    `Input: ${exactLines(inputPreview(call.input), tooltipPartLength)}`,
    manyLines(callProblem(call) ?? '', tooltipPartLength),
    state.status === 'awaitingApproval' ? askedText(call.tool, state.request) : '',
  ];
  return lines.filter(Boolean).join('\n');
}

/** An edit is read in its diff, and a call's own words stand in its input. */
function askedText(tool: string, request: ApprovalRequest): string {
  const { subject, cwd, changed } = request;
  const again = changed ? askedAgain : '';
  if (isEdit(tool)) return [again, 'A click shows the changes.'].filter(Boolean).join('\n');
  const asked = `Asks to run in ${exactLine(cwd, 300)}: ${exactLines(subject, tooltipPartLength)}`;
  return [again, asked, notHeldLine(request)].filter(Boolean).join('\n');
}

/** A rule can be made of a shell command alone. */
function contextValue({ tool, state }: Call): string {
  if (state.status === 'awaitingApproval') {
    if (isEdit(tool)) return 'call.awaitingEdit';
    return tool === 'terminal' ? 'call.awaitingApproval.command' : 'call.awaitingApproval';
  }
  return isSettled(state) ? 'call.settled' : 'call.open';
}

function joinedByComma(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(', ');
}
