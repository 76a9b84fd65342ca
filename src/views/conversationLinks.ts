/** The lines of a conversation that stand for calls, so that a click opens what became of them. */
import { callsOfTurn, type Agent, type Call, type SessionState } from '../core/states.ts';
import { callLines } from './conversation.ts';
import { startedBy } from './shownAgents.ts';
import { turnNumber } from './turnRow.ts';

export interface ConversationLink {
  /** Of the first word of the line, in UTF-16 code units. */
  readonly offset: number;
  readonly length: number;
  readonly call: Call;
  /** The agent that the line tells of, in place of the call that started it. */
  readonly agent?: Agent;
}

/** In the order of the text. A line that is older than the state has none until it is drawn again. */
export function conversationLinks(
  text: string,
  state: SessionState,
  agent: Agent,
): readonly ConversationLink[] {
  const links: ConversationLink[] = [];
  let from = 0;
  for (const turnId of agent.runs.flatMap(({ turnIds }) => turnIds)) {
    const turn = state.turns.get(turnId);
    const calls = turn ? callsOfTurn(state, turn) : [];
    if (!turn || calls.length === 0) continue;
    const lines = callLines(state, calls);
    const heading = text.indexOf(`\n### Turn ${turnNumber(state, turn)}`, from);
    const list = heading < 0 ? -1 : text.indexOf(`\n\n${lines.join('\n')}\n`, heading);
    if (list < 0) continue;
    from = list + 2;
    for (const [index, call] of calls.entries()) {
      const started = startedBy(state, call);
      links.push({ ...firstWord(text, from), call, ...(started && { agent: started }) });
      from += (lines[index]?.length ?? 0) + 1;
    }
  }
  return links;
}

/** After the mark of the list. */
function firstWord(text: string, line: number): Pick<ConversationLink, 'offset' | 'length'> {
  const offset = line + '- '.length;
  const end = text.slice(offset).search(/\s/);
  return { offset, length: end < 0 ? text.length - offset : end };
}
