/** Writes our request in the Messages API's format. */
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  TextBlockParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import type { TurnBlock } from '../core/agents.ts';
import type { CallInput } from '../core/calls.ts';
import type { Message, ModelRequest, TextBlock, ToolResultBlock, ToolUseBlock } from '../core/models.ts';
import type { ToolDescription } from '../core/tools.ts';
import { withCacheBreakpoints, type BlockMessage } from './promptCaching.ts';
import { wellFormed } from './wellFormed.ts';
import { WireIds, wireName } from './wireNames.ts';

/** The API takes only objects as a call's input: any other input is echoed as the value of this key. */
export const unparsableInputKey = 'unparsable_input';

/** `off` sends no thinking parameter, so that the model's own default holds. */
export type Thinking = 'off' | 'adaptive';

/** What the user's settings say of a request. */
export interface RequestSettings {
  readonly maxTokens: number;
  readonly thinking: Thinking;
}

const ephemeral = { type: 'ephemeral' } as const;

/** The body of the request, its cache breakpoints included. */
export function toAnthropicRequest(
  request: ModelRequest,
  settings: RequestSettings,
): MessageCreateParamsStreaming {
  const hasSystem = !isBlank(request.system);
  return {
    model: request.model,
    max_tokens: request.maxTokens ?? settings.maxTokens,
    stream: true,
    messages: withCacheBreakpoints(toMessages(request.messages)),
    ...(hasSystem && {
      system: [{ type: 'text', text: wellFormed(request.system), cache_control: ephemeral }],
    }),
    // Tools come before the system prompt in the cached prefix: one breakpoint at its end covers both.
    ...(request.tools.length > 0 && { tools: toTools(request.tools, !hasSystem) }),
    ...(settings.thinking === 'adaptive' && { thinking: { type: 'adaptive' } }),
  };
}

function toTools(tools: readonly ToolDescription[], endsPrefix: boolean): Tool[] {
  return tools.map((tool, place) => ({
    name: tool.name,
    description: tool.description,
    input_schema: tool.inputSchema as Tool.InputSchema,
    ...(endsPrefix && place === tools.length - 1 && { cache_control: ephemeral }),
  }));
}

function toMessages(messages: readonly Message[]): BlockMessage[] {
  const ids = new WireIds();
  return withSendableEnd(messages.flatMap((message) => toMessage(message, ids)));
}

/** No message where nothing is left that the API would take. */
function toMessage(message: Message, ids: WireIds): BlockMessage[] {
  const content = message.content.flatMap((block) => toBlock(block, ids));
  return content.length > 0 ? [{ role: message.role, content }] : [];
}

/** A paused turn comes last, and the API refuses it where it ends with thinking or with blanks. */
function withSendableEnd(messages: BlockMessage[]): BlockMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return messages;
  const end = last.content.findLastIndex(({ type }) => type !== 'thinking' && type !== 'redacted_thinking');
  const content = last.content.slice(0, end + 1).map((block, place) => {
    const isEnd = place === end && block.type === 'text';
    return isEnd ? { ...block, text: block.text.trimEnd() } : block;
  });
  return [...messages.slice(0, -1), ...(content.length > 0 ? [{ ...last, content }] : [])];
}

function toBlock(
  block: TextBlock | ToolResultBlock | TurnBlock | ToolUseBlock,
  ids: WireIds,
): ContentBlockParam[] {
  switch (block.type) {
    case 'text':
      return toText(block.text);
    case 'thinking':
      // The API refuses it where it was cut before its signature; what is signed can't be mended.
      return block.signature === '' || !block.thinking.isWellFormed()
        ? []
        : [{ type: 'thinking', thinking: block.thinking, signature: block.signature }];
    case 'redacted_thinking':
      return block.data === '' ? [] : [{ type: 'redacted_thinking', data: block.data }];
    case 'tool_use': {
      const input = wellFormed(echo(block.input));
      return [{ type: 'tool_use', id: ids.of(block.id), name: wireName(block.name), input }];
    }
    case 'tool_result':
      return [toResult(block, ids)];
  }
}

/** The API refuses an error without a text. */
function toResult({ toolUseId, text, isError }: ToolResultBlock, ids: WireIds): ContentBlockParam {
  const content = isBlank(text) && isError ? 'failed without a message' : wellFormed(text);
  return {
    type: 'tool_result',
    tool_use_id: ids.of(toolUseId),
    is_error: isError,
    ...(!isBlank(content) && { content }),
  };
}

/** The API refuses a text block of blanks alone. */
function toText(text: string): TextBlockParam[] {
  return isBlank(text) ? [] : [{ type: 'text', text: wellFormed(text) }];
}

function echo(input: CallInput): Readonly<Record<string, unknown>> {
  if (input.kind === 'unparsable') return { [unparsableInputKey]: input.raw };
  return isObject(input.value) ? input.value : { [unparsableInputKey]: JSON.stringify(input.value) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
