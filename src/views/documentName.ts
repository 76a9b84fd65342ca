/** Names of documents and files that are made of what others wrote. */
import type { Agent, SessionState } from '../core/states.ts';
import { visibleText } from '../core/visibleText.ts';

const longest = 40;

/** The words of a text as a file's name without an ending: visible letters, digits, dots and dashes alone. */
export function documentName(text: string, fallback: string, maxLength = longest): string {
  // A letter without a glyph is one all the same: it is a code by now, and its brackets go.
  const words = visibleText(text.slice(0, maxLength * 4)).replace(/[^\p{L}\p{N}._-]+/gu, ' ');
  const name = [...words.trim()].slice(0, maxLength).join('').trim();
  return name.replaceAll('.', '') === '' ? fallback : name;
}

/** The name of a conversation's tab: that of a sub-agent or a task says whose it is. */
export function conversationName(state: SessionState, agent: Agent): string {
  const parent = agent.parent && state.agents.get(agent.parent.agentId);
  const owner = parent?.label ?? (agent.task ? state.title : undefined);
  if (owner === undefined) return documentName(agent.label, 'conversation');
  return `${documentName(agent.label, 'conversation', 24)} of ${documentName(owner, 'conversation', 24)}`;
}

/** An id of a model's as one part of an address, and back: also one with slashes or halves of characters. */
export function addressPart(id: string): string {
  return encodeURIComponent(id.isWellFormed() && !id.startsWith('"') ? id : JSON.stringify(id));
}

export function idOfAddress(part: string): string {
  const id = decodeURIComponent(part);
  return id.startsWith('"') ? (JSON.parse(id) as string) : id;
}
