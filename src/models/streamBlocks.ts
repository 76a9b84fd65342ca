/** Puts the blocks of one streamed message together from their deltas. */
import type { RawContentBlockDelta, RawContentBlockStartEvent } from '@anthropic-ai/sdk/resources/messages';
import type { TurnBlock } from '../core/agents.ts';
import type { CallInput } from '../core/calls.ts';
import type { ModelEvent, ToolUseBlock } from '../core/models.ts';

/** A block under way; `ignored` has a type that we don't know. */
type OpenBlock =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'thinking'; thinking: string; signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      rawInput: string;
      readonly input: unknown;
    }
  | { readonly type: 'ignored' };

type DeltaEvent = Extract<ModelEvent, { readonly type: 'delta' }>;

/** Holds the blocks that have begun and not ended; one for each message. */
export class StreamBlocks {
  private readonly open = new Map<number, OpenBlock>();

  /** Whether some block has begun and not ended. */
  get areOpen(): boolean {
    return this.open.size > 0;
  }

  start(index: number, block: RawContentBlockStartEvent['content_block']): void {
    this.open.set(index, openBlock(block));
  }

  /** Takes a delta in, and returns what there is to show of it. */
  add(index: number, delta: RawContentBlockDelta): DeltaEvent | undefined {
    const block = this.open.get(index);
    if (block?.type === 'text' && delta.type === 'text_delta') {
      block.text += delta.text;
      return { type: 'delta', index, block: 'text', delta: delta.text };
    }
    if (block?.type === 'thinking' && delta.type === 'thinking_delta') {
      block.thinking += delta.thinking;
      return { type: 'delta', index, block: 'thinking', delta: delta.thinking };
    }
    if (block?.type === 'thinking' && delta.type === 'signature_delta') block.signature = delta.signature;
    if (block?.type === 'tool_use' && delta.type === 'input_json_delta') block.rawInput += delta.partial_json;
    return undefined;
  }

  /** Ends a block, and returns it unless its type is unknown. */
  end(index: number): TurnBlock | ToolUseBlock | undefined {
    const block = this.open.get(index);
    this.open.delete(index);
    if (block === undefined || block.type === 'ignored') return undefined;
    if (block.type !== 'tool_use') return block;
    return { type: 'tool_use', id: block.id, name: block.name, input: inputOf(block) };
  }
}

/** Some gateways send the whole input with the block's start, and no deltas. */
function inputOf({ rawInput, input }: Extract<OpenBlock, { type: 'tool_use' }>): CallInput {
  if (rawInput === '' && typeof input === 'object' && input !== null) return { kind: 'parsed', value: input };
  return parseInput(rawInput);
}

function openBlock(block: RawContentBlockStartEvent['content_block']): OpenBlock {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'thinking':
      return { type: 'thinking', thinking: block.thinking, signature: block.signature };
    case 'redacted_thinking':
      return { type: 'redacted_thinking', data: block.data };
    case 'tool_use':
      return {
        type: 'tool_use',
        id: wordIn(block.id),
        name: wordIn(block.name),
        rawInput: '',
        input: block.input,
      };
    default:
      return { type: 'ignored' };
  }
}

/** Gateways send calls without an id or a name: one such call must not void its whole turn. */
function wordIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Strict: JSON that was cut or is wrong fails this call, and no other. No JSON at all is an empty object. */
export function parseInput(raw: string): CallInput {
  if (raw === '') return { kind: 'parsed', value: {} };
  try {
    return { kind: 'parsed', value: JSON.parse(raw) };
  } catch (error) {
    return { kind: 'unparsable', raw, problem: error instanceof Error ? error.message : String(error) };
  }
}
