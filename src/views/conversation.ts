/** An agent's conversation as Markdown, a pure function of the state and of what is just being written. */
import type { AgentId, TurnId } from '../core/agents.ts';
import { isSettled } from '../core/calls.ts';
import { callsOfTurn, hasEnded, latestRun } from '../core/states.ts';
import type { Agent, AgentMessage, Call, Run, SessionState, Turn } from '../core/states.ts';
import { agentDescription, agentSpent } from './agentRow.ts';
import { callArgument } from './callArgument.ts';
import { isDoneInPart } from './callParts.ts';
import { callStanding } from './callStanding.ts';
import { callsSummary } from './callsPhrase.ts';
import { durationText, spentText } from './duration.ts';
import { callLook, runLook } from './looks.ts';
import { instructionNames, instructionNotes } from './instructionsText.ts';
import { contained, inlineCode, quoted, words } from './markdown.ts';
import { callProblem, endingDetails, endingTitle } from './personText.ts';
import { oneLine } from './plainText.ts';
import { startedBy } from './shownAgents.ts';
import { tokensText } from './usageText.ts';
import { turnNumber, unrecordedOfTurn } from './turnRow.ts';
import { endingInTurn, unfinishedText } from '../core/unfinishedReply.ts';

/** A block of a turn that is being written: its text so far. */
export interface PartialBlock {
  readonly index: number;
  readonly block: 'text' | 'thinking';
  readonly text: string;
}

/** What arrived of a turn's unfinished blocks. */
export type PartialText = (turnId: TurnId) => readonly PartialBlock[];

/** The whole conversation, from the first prompt to how the newest run ended. */
export function conversation(state: SessionState, agent: Agent, partial: PartialText = () => []): string {
  const paragraphs = [
    `# ${words(oneLine(agent.label)) || 'Agent'}`,
    `Model ${inlineCode(oneLine(agent.model)) || 'not chosen'}, permission ${inlineCode(agent.permission)}`,
    ...instructionParagraphs(state, agent),
    ...agent.runs.flatMap((run) => runParagraphs(state, run, partial)),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function instructionParagraphs(state: SessionState, agent: Agent): readonly string[] {
  const names = instructionNames(agent, agent.cwd ?? state.cwd);
  const given = names === '' ? [] : [`Instructions: ${words(names)}`];
  return [...given, ...instructionNotes(agent).map((note) => words(note))];
}

function runParagraphs(state: SessionState, run: Run, partial: PartialText): readonly string[] {
  return [
    ...promptParagraphs(run),
    ...run.turnIds.flatMap((turnId) => {
      const turn = state.turns.get(turnId);
      return [
        ...messageParagraphs(state, run.agentId, turnId),
        ...(turn ? turnParagraphs(state, turn, partial(turnId)) : []),
      ];
    }),
    ...endingParagraphs(run),
  ];
}

function promptParagraphs(run: Run): readonly string[] {
  if (run.prompt.trim() === '') return ['## Goes on'];
  return [run.follows === undefined ? '## Prompt' : '## Follow-up', quoted(run.prompt)];
}

/** What reached the agent right before a turn, and was not a person's. */
function messageParagraphs(state: SessionState, agentId: AgentId, turnId: TurnId): readonly string[] {
  const messages = state.agents.get(agentId)?.messages ?? [];
  return messages
    .filter((message) => 'turnId' in message.state && message.state.turnId === turnId)
    .map((message) => messageParagraph(state, message));
}

function messageParagraph(state: SessionState, { kind, text, about }: AgentMessage): string {
  switch (kind) {
    case 'notification': {
      const agent = about && state.agents.get(about.agentId);
      const run = agent?.runs.find(({ id }) => id === about?.runId);
      const word = run ? runLook(run.state).word : 'ended';
      return `*Report of its sub-agent ${words(oneLine(agent?.label ?? ''))}: ${word}*`;
    }
    case 'reminder':
      return `*Reminder:*\n\n${quoted(text)}`;
    case 'parent':
      return `*From its parent agent:*\n\n${quoted(text)}`;
    case 'resume':
      return quoted(text);
  }
}

function turnParagraphs(
  state: SessionState,
  turn: Turn,
  partial: readonly PartialBlock[],
): readonly string[] {
  const calls = callsOfTurn(state, turn);
  const phrase = callsSummary(state, calls, unrecordedOfTurn(state, turn));
  return [
    `### Turn ${turnNumber(state, turn)}${phrase && `: ${phrase}`}`,
    ...replyParagraphs(state, turn, partial),
    ...(calls.length > 0 ? [callLines(state, calls).join('\n')] : []),
    ...discardedParagraphs(state, turn),
  ];
}

function replyParagraphs(
  state: SessionState,
  turn: Turn,
  partial: readonly PartialBlock[],
): readonly string[] {
  const received = new Set(turn.blocks.map(({ index }) => index));
  const isCut = endingInTurn(state, turn) !== undefined;
  const unfinished = isCut ? [] : partial.filter(({ index }) => !received.has(index));
  const pieces = [
    ...turn.blocks.map(({ index, block }) => ({ index, text: blockText(block) })),
    ...unfinished.map(({ index, block, text }) => ({ index, text: written(block, text) })),
  ].sort((a, b) => a.index - b.index);
  const texts = [...pieces.map(({ text }) => text), written('text', unfinishedText(state, turn))].filter(
    Boolean,
  );
  const isMarked = texts.length > 0 && (isCut || turn.state.status === 'discarded');
  return isMarked ? ['*Unfinished reply, not sent back to the model:*', ...texts] : texts;
}

/** Where the run ended with the turn, its ending says why. */
function discardedParagraphs(state: SessionState, turn: Turn): readonly string[] {
  if (turn.state.status !== 'discarded' || endingInTurn(state, turn)) return [];
  return [`*Discarded: ${words(oneLine(turn.state.reason, 300))}*`];
}

function blockText(block: Turn['blocks'][number]['block']): string {
  switch (block.type) {
    case 'text':
      return written('text', block.text);
    case 'thinking':
      return written('thinking', block.thinking);
    case 'redacted_thinking':
      return '*Thinking that the API keeps to itself*';
  }
}

function written(block: 'text' | 'thinking', text: string): string {
  if (text.trim() === '') return '';
  if (block === 'text') return contained(text.trim());
  return `<details><summary>Thinking</summary>\n\n${quoted(text.trim())}\n\n</details>`;
}

/** One line for each call. */
export function callLines(state: SessionState, calls: readonly Call[]): readonly string[] {
  return calls.map((call) => callLine(state, call));
}

function callLine(session: SessionState, call: Call): string {
  const agent = startedBy(session, call);
  if (agent) return agentLine(session, agent);
  const { state } = call;
  const spent = isSettled(state) && spentText(state) ? `, ${spentText(state)}` : '';
  const argument = inlineCode(callArgument(call.tool, call.input));
  const name = [inlineCode(oneLine(call.tool)), argument].filter(Boolean).join(' ');
  const problem = isDoneInPart(session, call) ? undefined : callProblem(call);
  const standing = callStanding(session, call).text.replaceAll(' · ', ', ');
  if (problem === undefined) return `- ${name} ${words(standing)}${spent}`;
  return `- ${name} ${callLook(state.status).word}${spent}: ${words(oneLine(problem, 200))}`;
}

/** An agent that a call started goes on after the call has told of its start. */
function agentLine(state: SessionState, agent: Agent): string {
  const background = agent.isBackground && isAtWork(agent) ? 'in the background' : '';
  const [word = '', ...details] = agentDescription(state, agent).split(' · ');
  const spent = agentSpent(agent);
  const line = [`- Sub-agent ${inlineCode(oneLine(agent.label))} ${words(word)}`, background].filter(Boolean);
  const why = details.length > 0 ? `: ${words(details.join(', '))}` : '';
  return `${line.join(' ')}${spent && `, ${spent}`}${why}`;
}

function isAtWork(agent: Agent): boolean {
  const run = latestRun(agent);
  return run !== undefined && !hasEnded(run);
}

function endingParagraphs(run: Run): readonly string[] {
  if (!('endedAt' in run.state))
    return run.state.status === 'running' ? [] : [`*The agent ${runLook(run.state).word}.*`];
  const spent = durationText(run.state.endedAt - run.startedAt);
  const details = endingDetails(run.state);
  return [
    '---',
    `**${endingTitle(run.state)}** after ${[spent, tokensText(run.state.usage)].filter(Boolean).join(', ')}`,
    ...(details === '' ? [] : [quoted(details)]),
  ];
}
