/** Asks a model to sum up a conversation, in as much of it as fits. */
import type { Message, ModelRequest } from '../core/models.ts';
import type { CallInput } from '../core/calls.ts';
import { shortenText } from '../core/shorten.ts';

/**
 * How much of the conversation the request carries. `whole`: all, so that the prompt cache holds. `shortened`: long
 * results and inputs by their beginnings and ends. `text`: all as one text that surely fits, without tools.
 */
export const summaryDepths = ['whole', 'shortened', 'text'] as const;
export type SummaryDepth = (typeof summaryDepths)[number];

const instruction = [
  'The conversation is about to be cut, because it no longer fits. Write the summary from which the work will go on,',
  'as plain text, without calling any tool. Whoever goes on has nothing else of it, so put down: what was asked for,',
  'in which words where they matter; what was decided, and what was refused; what was done, with the paths of the',
  'files that were read, made and changed, and what is in them as far as it matters; what failed and why; which agents',
  'are at work, by their ids; what is under way, and the very next step.',
].join(' ');

const keptOfLongText = { headBytes: 2000, tailBytes: 1000 };

/** The request that is about to be sent, turned into one for a summary. `windowTokens` bounds the text. */
export function summaryRequest(
  request: ModelRequest,
  depth: SummaryDepth,
  windowTokens: number,
): ModelRequest {
  switch (depth) {
    case 'whole':
      return { ...request, messages: withInstruction(request.messages) };
    case 'shortened':
      return { ...request, messages: withInstruction(request.messages.map(shortened)) };
    case 'text':
      return { ...request, messages: [userText(asText(request.messages, windowTokens))], tools: [] };
  }
}

/** The request of a person or a parent, word for word, for the end of a summary. */
export function withLatestPrompt(summary: string, prompt: string): string {
  if (prompt.trim() === '') return summary;
  const words = shortenText(prompt, { headBytes: 16_000, tailBytes: 4000 });
  return `${summary}\n\nThe latest request, word for word:\n\n${words}`;
}

function withInstruction(messages: readonly Message[]): readonly Message[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, userText(instruction)];
  // A user's words may follow results in one message, and two messages of one role may not follow each other.
  return [
    ...messages.slice(0, -1),
    { ...last, content: [...last.content, ...userText(instruction).content] },
  ];
}

function userText(text: string): Extract<Message, { role: 'user' }> {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function shortened(message: Message): Message {
  if (message.role === 'user') {
    const content = message.content.map((block) => ({
      ...block,
      text: shortenText(block.text, keptOfLongText),
    }));
    return { role: 'user', content };
  }
  const content = message.content.map((block) =>
    block.type === 'tool_use' ? { ...block, input: shortenedInput(block.input) } : block,
  );
  return { role: 'assistant', content };
}

function shortenedInput(input: CallInput): CallInput {
  if (input.kind === 'unparsable') return { ...input, raw: shortenText(input.raw, keptOfLongText) };
  const text = JSON.stringify(input.value, (_, value: unknown) =>
    typeof value === 'string' ? shortenText(value, keptOfLongText) : value,
  );
  return { kind: 'parsed', value: JSON.parse(text) as unknown };
}

/** A token has seldom less than two characters, and half of the window is left for the rest. */
function asText(messages: readonly Message[], windowTokens: number): string {
  const parts = messages.map(shortened).flatMap(({ role, content }) =>
    content.map((block): string => {
      switch (block.type) {
        case 'text':
          return `${role}: ${block.text}`;
        case 'tool_use':
          return `call ${block.id}: ${block.name} ${block.input.kind === 'parsed' ? JSON.stringify(block.input.value) : block.input.raw}`;
        case 'tool_result':
          return `result of ${block.toolUseId}: ${block.text}`;
        case 'thinking':
        case 'redacted_thinking':
          return '';
      }
    }),
  );
  const whole = parts.filter((part) => part !== '').join('\n\n');
  const text = shortenText(whole, { headBytes: windowTokens / 4, tailBytes: (windowTokens * 3) / 4 });
  return `Here is a conversation of an agent with its tools.\n\n<conversation>\n${text}\n</conversation>\n\n${instruction}`;
}
