/** The loop of `ai` (streamText) with its Anthropic provider, over the loopback server. */
import { started, valueSchema, type BenchTool, type Contestant } from '../contestant.ts';
import { loadPeer } from '../loadPeer.ts';
import { answersOf } from '../messageServer.ts';

interface AiSdk {
  readonly streamText: (options: Readonly<Record<string, unknown>>) => {
    consumeStream(): PromiseLike<void>;
  };
  readonly tool: (about: Readonly<Record<string, unknown>>) => object;
  readonly jsonSchema: (schema: object) => object;
  readonly stepCountIs: (count: number) => object;
}

interface AnthropicProvider {
  readonly createAnthropic: (options: {
    readonly apiKey: string;
    readonly baseURL: string;
  }) => (model: string) => object;
}

export async function aiSdk(): Promise<Contestant> {
  const { streamText, tool, jsonSchema, stepCountIs } = (await loadPeer('ai')) as AiSdk;
  const { createAnthropic } = (await loadPeer('@ai-sdk/anthropic')) as AnthropicProvider;
  const wrap = ({ name, run }: BenchTool): [string, object] => [
    name,
    tool({
      description: name,
      inputSchema: jsonSchema(valueSchema),
      execute: (input: { readonly value: string }, options: { readonly abortSignal?: AbortSignal }) =>
        started(() => run(input.value, options.abortSignal)),
    }),
  ];
  return {
    name: 'ai, streamText',
    run: (job) =>
      answersOf(job, (url) =>
        streamText({
          model: createAnthropic({ apiKey: 'bench', baseURL: `${url}/v1` })('bench'),
          prompt: 'go',
          maxOutputTokens: 1000,
          maxRetries: 0,
          tools: Object.fromEntries(job.tools.map(wrap)),
          stopWhen: stepCountIs(2),
          onError: () => undefined,
          ...(job.signal && { abortSignal: job.signal }),
        }).consumeStream(),
      ),
  };
}
