/** The save file of parallel agents: one block for each task that has ended. */
import type { RunStatistics } from '../core/runStatistics.ts';
import { withoutAbsent } from './agentKeys.ts';
import { escapeAttribute, escapeText, unescape } from './escapedText.ts';

/** How a task ended, as a save file tells it. */
export interface AgentOutput {
  /** The agent's id in its session; empty for a task that was skipped. */
  readonly agent: string;
  /** With it a task of another run continues the conversation; empty for a task that was skipped. */
  readonly continuationId: string;
  readonly note: string;
  /** The task's place in its list, from 0. */
  readonly index: number;
  readonly status: string;
  readonly stopReason?: string;
  readonly terminationReason?: string;
  /** For a person: why it did not complete. */
  readonly message?: string;
  /** What was asked for with `debugStatistics`. */
  readonly statistics?: RunStatistics;
  /** The answer, or as much of it as arrived. */
  readonly text: string;
}

type CountedStatistic = Exclude<keyof RunStatistics, 'isEstimated'>;

const statisticNames: Readonly<Record<CountedStatistic, string>> = {
  turns: 'turns',
  calls: 'calls',
  repeatedRequests: 'repeated_requests',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheReadTokens: 'cache_read_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  durationMs: 'duration_ms',
};

/** The block, ended by a line feed. No text in it can end it or begin another one. */
export function formatAgentOutput(output: AgentOutput): string {
  const { agent, continuationId, note, index, status, stopReason, terminationReason, message } = output;
  const attributes: Readonly<Record<string, string | undefined>> = {
    agent,
    continuation_id: continuationId,
    task_note: note,
    task_index: String(index),
    status,
    stop_reason: stopReason,
    termination_reason: terminationReason,
    message,
    ...formatStatistics(output.statistics),
  };
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${escapeAttribute(value)}"`],
  );
  return `<agent-output ${written.join(' ')}>\n${escapeText(output.text)}\n</agent-output>\n`;
}

function formatStatistics(statistics: RunStatistics | undefined): Readonly<Record<string, string>> {
  if (!statistics) return {};
  const entries = Object.entries(statisticNames) as [keyof RunStatistics, string][];
  return Object.fromEntries(entries.map(([key, name]) => [name, String(statistics[key])]));
}

/** Whether a file that begins so is a save file. */
export function isSaveFile(beginning: string): boolean {
  return /^\s*<agent-output /.test(beginning);
}

/** What a save file holds: its whole blocks in order, and how many were cut off or are no blocks. */
export interface SavedOutputs {
  readonly outputs: readonly AgentOutput[];
  /** Blocks without an end, or without what each block has. */
  readonly broken: number;
}

// A block begins and ends at a line of its own; inside, every angle bracket is escaped.
const block = /^<agent-output([^<>\n]*)>\n(?:([^<>]*)\n)?<\/agent-output>$/gm;
const beginning = /^<agent-output\b/gm;
const attribute = /([a-z_]+)="([^"]*)"/g;

/** Reads a save file. What stands between blocks is passed over. */
export function parseAgentOutputs(file: string): SavedOutputs {
  const outputs = [...file.matchAll(block)].flatMap(
    ([, attributes = '', text = '']) => readOutput(attributes, text) ?? [],
  );
  return { outputs, broken: [...file.matchAll(beginning)].length - outputs.length };
}

function readOutput(written: string, text: string): AgentOutput | undefined {
  const values = new Map(
    [...written.matchAll(attribute)].map(([, name = '', value = '']) => [name, unescape(value)]),
  );
  const index = Number(values.get('task_index'));
  const status = values.get('status');
  if (!values.has('task_index') || !Number.isInteger(index) || status === undefined) return undefined;
  return {
    agent: values.get('agent') ?? '',
    continuationId: values.get('continuation_id') ?? '',
    note: values.get('task_note') ?? '',
    index,
    status,
    ...withoutAbsent({
      stopReason: values.get('stop_reason'),
      terminationReason: values.get('termination_reason'),
      message: values.get('message'),
      statistics: readStatistics(values),
    }),
    text: unescape(text),
  };
}

function readStatistics(values: ReadonlyMap<string, string>): RunStatistics | undefined {
  if (!values.has(statisticNames.turns)) return undefined;
  const count = (key: CountedStatistic): number => Number(values.get(statisticNames[key]) ?? 0);
  return {
    turns: count('turns'),
    calls: count('calls'),
    repeatedRequests: count('repeatedRequests'),
    inputTokens: count('inputTokens'),
    outputTokens: count('outputTokens'),
    cacheReadTokens: count('cacheReadTokens'),
    cacheWriteTokens: count('cacheWriteTokens'),
    durationMs: count('durationMs'),
  };
}
