/** The tool runner of @anthropic-ai/sdk, over the loopback server. */
import Anthropic from '@anthropic-ai/sdk';
import { valueOf, valueSchema, type Contestant, type Job } from '../contestant.ts';
import { answersOf } from '../messageServer.ts';

export const plainRunner = runner('@anthropic-ai/sdk runner', false);
export const eagerRunner = runner('@anthropic-ai/sdk runner, eager', true);

function runner(name: string, runToolsEagerly: boolean): Contestant {
  return {
    name,
    run: (job) =>
      answersOf(job, (url) => {
        const client = new Anthropic({ apiKey: 'bench', baseURL: url, maxRetries: 0, logLevel: 'off' });
        const about = {
          model: 'bench',
          max_tokens: 1000,
          stream: true,
          thread: false,
          runToolsEagerly,
          messages: [{ role: 'user', content: 'go' }],
          tools: runnableTools(job),
        } as const;
        const options = job.signal ? { signal: job.signal } : {};
        return client.beta.messages
          .toolRunner({ ...about, messages: [...about.messages] }, options)
          .runUntilDone();
      }),
  };
}

type RunnableTools = Parameters<Anthropic['beta']['messages']['toolRunner']>[0]['tools'];

function runnableTools({ tools }: Job): RunnableTools {
  return tools.map(({ name, run }) => ({
    name,
    description: name,
    input_schema: { ...valueSchema, required: [...valueSchema.required] },
    parse: (input: unknown) => {
      const value = valueOf(input);
      if (value === undefined) throw new Error('The input is wrong.');
      return value;
    },
    run: (value: string, context?: { readonly signal?: AbortSignal | null | undefined }) =>
      run(value, context?.signal ?? undefined) as string,
  }));
}
