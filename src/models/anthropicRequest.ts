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
    messages: withCacheBreakpoints(request.messages.flatMap(toMessage)),
    ...(hasSystem && { system: [{ type: 'text', text: request.system, cache_control: ephemeral }] }),
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

/** No message where nothing is left that the API would take. */
function toMessage(message: Message): BlockMessage[] {
  const content = message.content.flatMap(toBlock);
  return content.length > 0 ? [{ role: message.role, content }] : [];
}

function toBlock(block: TextBlock | ToolResultBlock | TurnBlock | ToolUseBlock): ContentBlockParam[] {
  switch (block.type) {
    case 'text':
      return toText(block.text);
    case 'thinking':
      return [{ type: 'thinking', thinking: block.thinking, signature: block.signature }];
    case 'redacted_thinking':
      return [{ type: 'redacted_thinking', data: block.data }];
    case 'tool_use':
      return [{ type: 'tool_use', id: block.id, name: block.name, input: echo(block.input) }];
    case 'tool_result':
      return [
        {
          type: 'tool_result',
          tool_use_id: block.toolUseId,
          is_error: block.isError,
          ...(!isBlank(block.text) && { content: block.text }),
        },
      ];
  }
}

/** The API refuses a text block of blanks alone. */
function toText(text: string): TextBlockParam[] {
  return isBlank(text) ? [] : [{ type: 'text', text }];
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
