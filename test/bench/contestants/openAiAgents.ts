/** The runner of @openai/agents, with a model of our own that asks for the calls and then ends. */
import {
  started,
  valueSchema,
  type Answer,
  type BenchTool,
  type Contestant,
  type Job,
} from '../contestant.ts';
import { loadPeer } from '../loadPeer.ts';

interface OutputItem {
  readonly type?: string;
  readonly callId?: string;
  readonly output?: unknown;
}

interface Request {
  readonly input: string | readonly OutputItem[];
}

interface OpenAiAgents {
  readonly Agent: new (about: Readonly<Record<string, unknown>>) => object;
  readonly Runner: new (about: Readonly<Record<string, unknown>>) => {
    run(agent: object, input: string, options: object): Promise<unknown>;
  };
  readonly Usage: new () => object;
  readonly tool: (about: Readonly<Record<string, unknown>>) => object;
}

export async function openAiAgents(): Promise<Contestant> {
  const { Agent, Runner, Usage, tool } = (await loadPeer('@openai/agents')) as OpenAiAgents;
  const wrap = ({ name, run }: BenchTool): object =>
    tool({
      name,
      description: name,
      strict: false,
      parameters: valueSchema,
      execute: (input: { readonly value: string }, _context: unknown, details?: { signal?: AbortSignal }) =>
        started(() => run(input.value, details?.signal)),
    });
  return {
    name: '@openai/agents',
    async run(job) {
      const answers = Promise.withResolvers<readonly Answer[]>();
      const model = {
        getResponse: ({ input }: Request) => {
          const results = resultsIn(input);
          if (results.length === 0) return Promise.resolve({ usage: new Usage(), output: callItems(job) });
          answers.resolve(results);
          return Promise.resolve({ usage: new Usage(), output: [lastWords] });
        },
      };
      const agent = new Agent({ name: 'bench', model, tools: job.tools.map(wrap) });
      const runner = new Runner({ tracingDisabled: true });
      const ended = runner.run(agent, 'go', job.signal ? { signal: job.signal } : {}).then(() => {
        throw new Error('The run ended without the results.');
      });
      ended.catch(answers.reject);
      return answers.promise;
    },
  };
}

const lastWords = {
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'done' }],
};

function callItems({ calls }: Job): readonly object[] {
  return calls.map(({ id, tool, rawInput }) => ({
    type: 'function_call',
    callId: id,
    name: tool,
    arguments: rawInput,
    status: 'completed',
  }));
}

function resultsIn(input: Request['input']): readonly Answer[] {
  if (typeof input === 'string') return [];
  return input.flatMap(({ type, callId, output }) =>
    type === 'function_call_result' && callId !== undefined ? [{ id: callId, text: textOf(output) }] : [],
  );
}

function textOf(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}
