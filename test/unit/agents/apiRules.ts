/** What the Messages API refuses, as far as a request can tell; each rule with a name for the test's message. */
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
} from '@anthropic-ai/sdk/resources/messages';

type Blocks = readonly ContentBlockParam[];

const allowedId = /^[a-zA-Z0-9_-]+$/;
const allowedName = /^[a-zA-Z0-9_-]{1,128}$/;

/** Every rule that the request breaks. `mayResume`: the last message may be a paused turn. */
export function brokenRules(request: MessageCreateParamsStreaming, mayResume: boolean): readonly string[] {
  const { messages } = request;
  return [
    ...rule(messages[0]?.role === 'user', 'the first message is the user’s'),
    ...rule(mayResume || messages.at(-1)?.role === 'user', 'the last message is the user’s'),
    ...rule(
      messages.every(({ role }, place) => role !== messages[place - 1]?.role),
      'roles take turns',
    ),
    ...rule(
      messages.every((message) => blocksOf(message).length > 0),
      'no message is empty',
    ),
    ...messages.flatMap((message) => blocksOf(message).flatMap(brokenByBlock)),
    ...brokenByCalls(messages),
    ...brokenByEnd(messages),
    ...rule(
      (JSON.stringify(request).match(/"cache_control"/g) ?? []).length <= 4,
      'at most four cache breakpoints',
    ),
    ...rule(isWellFormed(request), 'no half characters'),
  ];
}

function brokenByBlock(block: ContentBlockParam): readonly string[] {
  switch (block.type) {
    case 'text':
      return rule(block.text.trim() !== '', 'no text is blank');
    case 'thinking':
      return rule(block.signature !== '', 'thinking is signed');
    case 'redacted_thinking':
      return rule(block.data !== '', 'redacted thinking has data');
    case 'tool_use':
      return [
        ...rule(allowedId.test(block.id), 'the id of a call is allowed'),
        ...rule(allowedName.test(block.name), 'the name of a tool is allowed'),
        ...rule(
          typeof block.input === 'object' && block.input !== null && !Array.isArray(block.input),
          'an input is an object',
        ),
      ];
    case 'tool_result': {
      const text = typeof block.content === 'string' ? block.content : '';
      return rule(!block.is_error || text.trim() !== '', 'an error has a text');
    }
    default:
      return [`the type ${block.type} is known`];
  }
}

function brokenByCalls(messages: readonly MessageParam[]): readonly string[] {
  const ids = messages.flatMap((message) => useIds(blocksOf(message)));
  return [
    ...rule(new Set(ids).size === ids.length, 'the ids of calls are unique'),
    ...messages.flatMap((message, place) => {
      const asked = useIds(place > 0 ? blocksOf(messages[place - 1]) : []);
      const blocks = blocksOf(message);
      const answered = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
      return [
        ...rule(
          asked.join() === answered.join(),
          'the next message answers each call, in order, and no other',
        ),
        ...rule(
          blocks.slice(0, answered.length).every(({ type }) => type === 'tool_result'),
          'results come first',
        ),
      ];
    }),
    ...rule(useIds(blocksOf(messages.at(-1))).length === 0, 'every call is answered'),
  ];
}

function brokenByEnd(messages: readonly MessageParam[]): readonly string[] {
  const last = messages.at(-1);
  const end = blocksOf(last).at(-1);
  if (last?.role !== 'assistant') return [];
  return [
    ...rule(end?.type !== 'thinking' && end?.type !== 'redacted_thinking', 'thinking is not the end'),
    ...rule(end?.type !== 'text' || end.text === end.text.trimEnd(), 'blanks are not the end'),
  ];
}

function useIds(blocks: Blocks): readonly string[] {
  return blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
}

function blocksOf(message: MessageParam | undefined): Blocks {
  return typeof message?.content === 'object' ? message.content : [];
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, entry]) => key.isWellFormed() && isWellFormed(entry));
}

function rule(holds: boolean, name: string): readonly string[] {
  return holds ? [] : [name];
}
