/** LangGraph's ToolNode, given the message whole. */
import {
  started,
  valueSchema,
  type Answer,
  type BenchTool,
  type Contestant,
  type Job,
} from '../contestant.ts';
import { loadPeer } from '../loadPeer.ts';

interface ToolMessage {
  readonly tool_call_id: string;
  readonly content: unknown;
}

interface LangChainTools {
  readonly tool: (
    run: (input: { readonly value: string }, config: { readonly signal?: AbortSignal }) => Promise<unknown>,
    about: { readonly name: string; readonly description: string; readonly schema: unknown },
  ) => object;
}

interface LangChainMessages {
  AIMessage: new (fields: Readonly<Record<string, unknown>>) => object;
}

interface Prebuilt {
  ToolNode: new (tools: readonly object[]) => {
    invoke(input: object, config: object): Promise<{ readonly messages: readonly ToolMessage[] }>;
  };
}

export async function toolNode(): Promise<Contestant> {
  const { tool } = (await loadPeer('@langchain/core/tools')) as LangChainTools;
  const { AIMessage } = (await loadPeer('@langchain/core/messages')) as LangChainMessages;
  const { ToolNode } = (await loadPeer('@langchain/langgraph/prebuilt')) as Prebuilt;
  const wrap = ({ name, run }: BenchTool): object =>
    tool(({ value }, { signal }) => started(() => run(value, signal)), {
      name,
      description: name,
      schema: valueSchema,
    });
  return {
    name: 'LangGraph ToolNode',
    async run(job): Promise<readonly Answer[]> {
      const node = new ToolNode(job.tools.map(wrap));
      const message = new AIMessage({ content: '', ...callFields(job) });
      const { messages } = await node.invoke(
        { messages: [message] },
        job.signal ? { signal: job.signal } : {},
      );
      return messages.map((answer) => ({ id: answer.tool_call_id, text: String(answer.content) }));
    },
  };
}

/** As LangChain's own chat models put calls into a message: what can't be parsed goes beside the calls. */
function callFields({ calls }: Job): Readonly<Record<string, unknown>> {
  const parsed = calls.map((call) => ({ ...call, args: parse(call.rawInput) }));
  return {
    tool_calls: parsed
      .filter(({ args }) => args !== undefined)
      .map(({ id, tool, args }) => ({ id, name: tool, args, type: 'tool_call' })),
    invalid_tool_calls: parsed
      .filter(({ args }) => args === undefined)
      .map(({ id, tool, rawInput }) => ({ id, name: tool, args: rawInput, type: 'invalid_tool_call' })),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
