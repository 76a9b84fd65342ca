/** What the benchmark asks of everyone alike: run one message's calls and hand back what the model would be given. */

/** A tool that does what a scenario says: it may return and throw anything, now or later. */
export interface BenchTool {
  readonly name: string;
  readonly run: (value: string, signal: AbortSignal | undefined) => unknown;
}

/** One call as the model writes it; `rawInput` is its JSON, valid or not. */
export interface BenchCall {
  readonly id: string;
  readonly tool: string;
  readonly rawInput: string;
}

export interface Job {
  readonly tools: readonly BenchTool[];
  readonly calls: readonly BenchCall[];
  /** Aborts when a person cancels. */
  readonly signal?: AbortSignal;
  /** The deadline of each call, for those who know deadlines. */
  readonly deadlineMs?: number;
  /** How many calls may run at once, for those who bound that. */
  readonly width?: number;
  /** Milliseconds between the ends of two calls in the message, where it is not written at once. */
  readonly gapMs?: number;
  /** Hears when the end of a call's block was sent, where the message is streamed. */
  readonly onBlockSent?: (id: string) => void;
}

/** One result as the model is given it. */
export interface Answer {
  readonly id: string;
  readonly text: string;
}

export interface Contestant {
  readonly name: string;
  /** Settles when the results are ready for the model; rejects where there are none. */
  run(job: Job): Promise<readonly Answer[]>;
}

export const defaultWidth = 16;

/** An ordinary call of the tool, told apart by its value. */
export function benchCall(tool: string, id: string, value = id): BenchCall {
  return { id, tool, rawInput: JSON.stringify({ value }) };
}

/** The schema of every tool: an object with the text `value`. */
export const valueSchema = {
  type: 'object',
  properties: { value: { type: 'string' } },
  required: ['value'],
  additionalProperties: false,
} as const;

/** The value of an input, or undefined where the input has the wrong shape. */
export function valueOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('value' in input)) return undefined;
  return typeof input.value === 'string' ? input.value : undefined;
}

/** The tool and the value of a call, as a careful caller without a framework would find them. Throws where it can't. */
export function bind({ tools }: Pick<Job, 'tools'>, call: BenchCall): () => Promise<unknown> {
  const tool = tools.find(({ name }) => name === call.tool);
  if (!tool) throw new Error(`There is no tool ${call.tool}.`);
  const value = valueOf(JSON.parse(call.rawInput));
  if (value === undefined) throw new Error('The input is wrong.');
  return () => started(() => tool.run(value, undefined));
}

/** Runs the work now; what it throws becomes a rejection, as in an async function. */
export function started(work: () => unknown): Promise<unknown> {
  return new Promise((resolve) => resolve(work()));
}
