/** An agent's conversation as Markdown, a pure function of the state and of what is just being written. */
import type { TurnId } from '../core/agents.ts';
import { isSettled } from '../core/calls.ts';
import type { Agent, Call, Run, SessionState, Turn } from '../core/states.ts';
import { callArgument } from './callArgument.ts';
import { standingText } from './callRow.ts';
import { callsPhrase } from './callsPhrase.ts';
import { durationText } from './duration.ts';
import { callLook, runLook } from './looks.ts';
import { contained, inlineCode, quoted, words } from './markdown.ts';
import { oneLine } from './plainText.ts';
import { callsOfTurn, turnNumber } from './turnRow.ts';

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
    ...agent.runs.flatMap((run) => runParagraphs(state, run, partial)),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function runParagraphs(state: SessionState, run: Run, partial: PartialText): readonly string[] {
  return [
    run.follows === undefined ? '## Prompt' : '## Follow-up',
    quoted(run.prompt),
    ...run.turnIds.flatMap((turnId) => {
      const turn = state.turns.get(turnId);
      return turn ? turnParagraphs(state, turn, partial(turnId)) : [];
    }),
    ...endingParagraphs(run),
  ];
}

function turnParagraphs(
  state: SessionState,
  turn: Turn,
  partial: readonly PartialBlock[],
): readonly string[] {
  const calls = callsOfTurn(state, turn);
  const phrase = callsPhrase(calls);
  const received = new Set(turn.blocks.map(({ index }) => index));
  const unfinished = partial.filter(({ index }) => !received.has(index));
  const pieces = [
    ...turn.blocks.map(({ index, block }) => ({ index, text: blockText(block) })),
    ...unfinished.map(({ index, block, text }) => ({ index, text: written(block, text) })),
  ].sort((a, b) => a.index - b.index);
  return [
    `### Turn ${turnNumber(state, turn)}${phrase && `: ${phrase}`}`,
    ...pieces.map(({ text }) => text).filter(Boolean),
    ...(calls.length > 0 ? [calls.map(callLine).join('\n')] : []),
    ...(turn.state.status === 'discarded' ? [`*Discarded: ${words(oneLine(turn.state.reason, 300))}*`] : []),
  ];
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

function callLine(call: Call): string {
  const { state } = call;
  const spent =
    isSettled(state) && state.startedAt !== undefined ? `, ${durationText(state.durationMs)}` : '';
  const argument = inlineCode(callArgument(call.tool, call.input));
  const name = [inlineCode(oneLine(call.tool)), argument].filter(Boolean).join(' ');
  if (!('error' in state)) return `- ${name} ${words(standingText(state))}${spent}`;
  return `- ${name} ${callLook(state.status).word}${spent}: ${words(oneLine(state.error.message, 200))}`;
}

function endingParagraphs(run: Run): readonly string[] {
  const { word } = runLook(run.state);
  if (!('endedAt' in run.state)) return run.state.status === 'running' ? [] : [`*The agent ${word}.*`];
  const { message, terminationReason, stopReason, usage, status } = run.state;
  const tokens = `${usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens} tokens in, ${usage.outputTokens} out`;
  const spent = durationText(run.state.endedAt - run.startedAt);
  const reason =
    status === 'completed' ? '' : ` (${terminationReason}, stop reason ${words(stopReason ?? 'none')})`;
  return [
    '---',
    `**${word[0]?.toUpperCase()}${word.slice(1)}**${reason} after ${spent}, ${tokens}`,
    ...(status === 'completed' || message === '' ? [] : [quoted(message)]),
  ];
}
