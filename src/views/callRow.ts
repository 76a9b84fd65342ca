/** The row of a call. */
import { isSettled } from '../core/calls.ts';
import type { ApprovalRequest, CallState } from '../core/calls.ts';
import type { Call, SessionState } from '../core/states.ts';
import { askedAgain, notHeldLine } from './approvalText.ts';
import { callArgument, inputPreview } from './callArgument.ts';
import { writtenId } from './callName.ts';
import { callStanding, endedBadly } from './callStanding.ts';
import type { CallStanding } from './callStanding.ts';
import { spentText } from './duration.ts';
import { callProblem } from './personText.ts';
import { exactLine, exactLines, manyLines, oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { parentRowId } from './parentRows.ts';
import { callRowId } from './rowIds.ts';
import { isEdit } from './waitingCalls.ts';

const containers = new Set(['run_batch', 'spawn_agent', 'run_agents']);
const tooltipPartLength = 600;
/** More is never seen in a row; the editor cuts what its width does not hold. */
const longestSubject = 160;

/** A call: its id where somebody wrote one, its tool and argument, what became of it and how long it took. */
export function callRow(state: SessionState, call: Call): Row {
  const standing = callStanding(state, call);
  const id = writtenId(state, call);
  const parentId = parentRowId(state, { kind: 'call', sessionId: state.id, callId: call.id });
  return {
    id: callRowId(state, call.id),
    ...wordsOf(call, standing, id),
    tooltip: tooltip(call, standing.text),
    icon: standing.icon,
    contextValue: contextOf(state, call),
    isExpandable: containers.has(call.tool),
    ...(call.tool === 'spawn_agent' && { startsClosed: true }),
    accessibilityLabel: [
      id,
      oneLine(call.tool),
      callArgument(call.tool, call.input),
      standing.text,
      spentOf(call.state),
    ]
      .filter(Boolean)
      .join(', '),
    ...(parentId !== undefined && { parentId }),
  };
}

/**
 * A side bar of the usual width shows the label and few words beside it. So of a call that did not succeed the label is
 * its id or its tool, and the description begins with what went wrong; the icon tells success and progress.
 */
function wordsOf(
  call: Call,
  { text, countsParts }: CallStanding,
  id: string | undefined,
): Pick<Row, 'label' | 'description'> {
  const { state } = call;
  const tool = oneLine(call.tool);
  const argument = callArgument(call.tool, call.input, longestSubject);
  const deed = `${tool} ${argument}`.trim();
  const spent = spentOf(state);
  if (endedBadly(state) || state.status === 'blocked')
    return { label: id ?? tool, description: joined(text, id === undefined ? argument : deed, spent) };
  // What a person is asked to allow comes first.
  if (state.status === 'awaitingApproval') return { label: deed, description: joined(text, id) };
  const label = countsParts ? tool : deed;
  const isPlain = state.status === 'succeeded' && !countsParts;
  return {
    label: id === undefined ? label : `${id}: ${label}`,
    description: joined(isPlain ? '' : text, spent),
  };
}

function spentOf(state: CallState): string {
  return isSettled(state) ? spentText(state) : '';
}

function tooltip(call: Call, standing: string): string {
  const { state } = call;
  const lines = [
    `${oneLine(call.tool)}: ${joined(standing, spentOf(state))}`,
    `Call id: ${oneLine(call.id, 200)}`,
    'output' in state && state.output?.confined
      ? 'Ran in the sandbox: no network, no writing outside of the workspace'
      : '',
    call.renamedFrom ? `Asked for as: ${oneLine(call.renamedFrom, 200)}` : '',
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

/** The row of a call while commands like it can be allowed by how they begin; no answer is asked for later. */
export function withPrefixOffered(row: Row): Row {
  const { contextValue } = row;
  return contextValue === askingCommand ? { ...row, contextValue: `${contextValue}.begins` } : row;
}

const askingCommand = 'call.awaitingApproval.command';

/** The menus look for these words. A rule can be made of a shell command alone. */
function contextOf({ batches }: SessionState, { tool, state, batchId }: Call): string {
  const inFile = batches.get(batchId)?.source.kind === 'file' ? '.inFile' : '';
  if (state.status === 'awaitingApproval') {
    if (isEdit(tool)) return 'call.awaitingEdit';
    return tool === 'terminal' ? askingCommand : 'call.awaitingApproval';
  }
  if (!isSettled(state)) return `call.open${inFile}`;
  const edited = state.status === 'succeeded' && isEdit(tool) ? '.edited' : '';
  return `call.settled${edited}${inFile}`;
}
