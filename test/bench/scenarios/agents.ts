/** 100 agents, 20 at a time, on an API that fails every fifth request: wall time beside the best possible. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countTasks } from '../../../src/core/taskCounts.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesBody, type ServerReply } from '../../fixtures/sseServer.ts';
import { benchSettings, startRuntime } from '../benchRuntime.ts';
import { strictLog } from '../contestants/engine.ts';
import { bestListSchedule, seeded } from '../listSchedule.ts';
import { delay, median } from '../measure.ts';
import type { Row, Scenario } from '../scenario.ts';

const taskCount = 100;
const atOnce = 20;
const failing = 0.2;
/** So much faster than on the wall does time pass: turns of 2 to 8 s would make a round take a minute. */
const timesFaster = 10;
const retryAfterSeconds = 1;

interface Round {
  readonly wallMs: number;
  readonly bestMs: number;
  readonly requests: number;
  readonly failed: number;
  readonly completed: number;
}

export const scenario: Scenario = {
  about: '100 agents, 20 at a time, every fifth request fails',
  async measure(rounds) {
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measureOnce(round + 1));
    return [
      {
        title: '100 agents, 20 at a time, every fifth request fails',
        rows: measured.map(rowOf).concat(medianRow(measured)),
        note:
          'Turns take 2 to 8 s on a clock that is 10 times as fast as the wall, which leaves a tenth of the time for our own ' +
          'work. Best possible: the best of 300 list schedules of what the server took for each task and asked to wait.',
      },
    ];
  },
};

function rowOf({ wallMs, bestMs, requests, failed, completed }: Round, index: number): Row {
  return {
    '': `round ${index + 1}`,
    'wall, s': wallMs / 1000,
    'best possible, s': bestMs / 1000,
    ratio: wallMs / bestMs,
    requests,
    'failed requests': failed,
    completed,
  };
}

function medianRow(rounds: readonly Round[]): Row {
  return { '': 'median', ratio: median(rounds.map(({ wallMs, bestMs }) => wallMs / bestMs)) };
}

/** What the server dealt to each task: the time of its requests, and what it asked to wait, on the wall. */
class Dealt {
  readonly ms = new Map<number, number>();
  requests = 0;
  failed = 0;

  add(index: number, ms: number): void {
    this.ms.set(index, (this.ms.get(index) ?? 0) + ms);
  }
}

async function measureOnce(seed: number): Promise<Round> {
  const folder = await mkdtemp(path.join(tmpdir(), 'allsettled-bench-'));
  await writeFile(path.join(folder, 'note.txt'), 'one line\n');
  const random = seeded(seed);
  const dealt = new Dealt();
  const server = await startMessagesServer((body) => deal(body, random, dealt));
  const runtime = startRuntime(folder, {
    clock: fastClock(timesFaster),
    log: { ...strictLog, warn: () => undefined },
    settings: {
      ...benchSettings,
      lanes: () => ({ io: 16, process: 16, model: 64 }),
      retries: () => ({ turn: 6, longestWaitMs: 120_000 }),
      baseUrl: () => server.url,
    },
  });
  try {
    const startedAt = performance.now();
    const started = await runtime.runAgents({
      agents: { tasks: tasks(), maxConcurrency: atOnce },
      permission: 'read-only',
      saveFile: path.join(folder, 'answers.txt'),
      cwd: folder,
      roots: [folder],
    });
    if (!started.ok) throw new Error(JSON.stringify(started.problems));
    const { tasks: results } = await started.settled;
    const wallMs = performance.now() - startedAt;
    const calls = [...dealt.ms.values()].map((ms) => ({ ms, after: [] }));
    const { requests, failed } = dealt;
    const { completed } = countTasks(results);
    return { wallMs, bestMs: bestListSchedule(calls, atOnce, random), requests, failed, completed };
  } finally {
    await runtime.dispose();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function tasks(): readonly { readonly note: string; readonly prompt: string }[] {
  return Array.from({ length: taskCount }, (_, index) => ({
    note: `Task ${index}`,
    prompt: `Do task number ${index}.`,
  }));
}

async function deal(body: MessagesBody, random: () => number, dealt: Dealt): Promise<ServerReply> {
  const index = Number(/task number (\d+)/.exec(JSON.stringify(body.messages[0]))?.[1]);
  const whole = replyTo(body, index);
  const fault = random() < failing ? Math.floor(random() * 4) : undefined;
  const part = random();
  const ms = (2000 + random() * 6000) / timesFaster;
  dealt.requests += 1;
  if (fault !== undefined) dealt.failed += 1;
  switch (fault) {
    case 0:
      dealt.add(index, (retryAfterSeconds * 1000) / timesFaster);
      return {
        status: 429,
        headers: { 'retry-after': String(retryAfterSeconds) },
        body: sse.errorBody('rate_limit_error', 'Too many requests.'),
      };
    case 1:
      return { status: 529, body: sse.errorBody('overloaded_error', 'Overloaded.') };
    case 2:
      return { events: [], then: 'cut' };
    case 3:
      dealt.add(index, ms * part);
      await delay(ms * part);
      return { events: whole.slice(0, 2), then: 'cut' };
    default:
      dealt.add(index, ms);
      await delay(ms);
      return { events: whole };
  }
}

function replyTo({ messages }: MessagesBody, index: number): readonly sse.SseEvent[] {
  if (messages.length > 1) return sse.wholeMessage('end_turn', sse.textBlock(0, `Answer ${index}.`));
  return sse.wholeMessage(
    'tool_use',
    sse.toolUseBlock(0, `toolu_${index}`, 'read_file', '{"path":"note.txt"}'),
  );
}
