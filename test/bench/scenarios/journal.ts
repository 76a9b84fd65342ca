/** What the journal costs a batch, and how long reading one back takes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import type { EventBody, SessionEvent } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import { Batch } from '../../../src/engine/batch.ts';
import { openJournalFile, type JournalFile } from '../../../src/store/journalFile.ts';
import { sealed } from '../../../src/store/journalLine.ts';
import { readJournal } from '../../../src/store/journalReader.ts';
import { JournalWriter } from '../../../src/store/journalWriter.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { SessionLog } from '../../../src/store/sessionLog.ts';
import { defaultWidth } from '../contestant.ts';
import { enginePorts, engineTool, strictLog } from '../contestants/engine.ts';
import { delay, inRounds, median, timed } from '../measure.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

const calls = 14;
const callMs = 100;
const eventCount = 100_000;

export const scenario: Scenario = {
  about: 'what the journal costs, and how fast it is read back',
  async measure(rounds) {
    const root = await mkdtemp(path.join(tmpdir(), 'allsettled-bench-'));
    try {
      return [await costTable(root, 4 * rounds), await readTable(root, rounds)];
    } finally {
      await rm(root, { recursive: true });
    }
  },
};

/** How a batch's time is kept: without a journal, with a real one, and with one whose syncs do nothing. */
type Journal = 'none' | 'synced' | 'unsynced';

async function costTable(root: string, rounds: number): Promise<Table> {
  const folders = new SessionFolders(root);
  let sessions = 0;
  const entries = (['none', 'unsynced', 'synced'] as const).flatMap((journal) =>
    (['reads', 'writes'] as const).map((kind) => ({
      name: `${journal} ${kind}`,
      measure: () => batchMs(folders, `s${(sessions += 1)}`, journal, kind),
    })),
  );
  await inRounds(1, entries); // The first round is the compiler's.
  const figures = await inRounds(rounds, entries);
  const ms = (name: string): number => median(figures.get(name) ?? []);
  const rows = (['reads', 'writes'] as const).map((kind): Row => {
    const [none, unsynced, synced] = [ms(`none ${kind}`), ms(`unsynced ${kind}`), ms(`synced ${kind}`)];
    return {
      '': `${calls} ${kind} of ${callMs} ms`,
      'no journal, ms': none,
      'without sync, ms': unsynced,
      'journal, ms': synced,
      'share of wall time': `${(((synced - none) / synced) * 100).toFixed(2)} %`,
    };
  });
  return {
    title: 'What the journal costs a batch',
    rows,
    note: 'A write waits for its intent on the disk before it starts; every outcome is on the disk before it is told.',
  };
}

async function batchMs(
  folders: SessionFolders,
  id: string,
  journal: Journal,
  kind: 'reads' | 'writes',
): Promise<number> {
  await folders.create(id);
  const writer =
    journal === 'none'
      ? undefined
      : new JournalWriter(
          withSync(await openJournalFile(folders.journal(id), folders.blobs(id)), journal === 'synced'),
        );
  const log = await SessionLog.start(id, started, {
    clock: nodeClock,
    log: strictLog,
    onEvent: () => undefined,
    ...(writer && { journal: writer }),
  });
  const tool = engineTool({ name: 'work', run: () => delay(callMs).then(() => 'done') });
  const acting = { ...tool, effects: (input: unknown) => writesTo(input) };
  const ports = enginePorts(log, [kind === 'reads' ? tool : acting], defaultWidth);
  const ms = await timed(async () => {
    const batch = new Batch(
      {
        id: 'batch-1',
        source: { kind: 'api' },
        sessionId: id,
        permission: 'unlimited',
        cwd: '/',
        roots: ['/'],
        failFast: false,
      },
      ports,
    );
    for (let index = 0; index < calls; index += 1)
      batch.add({
        id: `call_${index}`,
        tool: 'work',
        input: { kind: 'parsed', value: { value: `call_${index}` } },
        index,
      });
    await batch.start();
  });
  await log.close();
  return ms;
}

function writesTo(input: unknown) {
  const { value } = input as { readonly value: string };
  return { kind: 'known', reads: [], writes: [`file:/${value}`] } as const;
}

function withSync(file: JournalFile, isSynced: boolean): JournalFile {
  return isSynced ? file : { ...file, sync: () => Promise.resolve() };
}

const started = {
  type: 'session.started',
  kind: 'batch',
  title: 'bench',
  roots: ['/'],
  cwd: '/',
  host: { name: 'bench', version: '1', pid: process.pid },
} as const satisfies EventBody;

async function readTable(root: string, rounds: number): Promise<Table> {
  const folders = new SessionFolders(root);
  await folders.create('long');
  const text = longJournal();
  await writeFile(folders.journal('long'), text);
  const read = () => readJournal(folders.journal('long'), folders.blobs('long'));
  let events: readonly SessionEvent[] = [];
  const figures = await inRounds(Math.max(rounds, 3), [
    { name: 'read', measure: () => timed(async () => (events = (await read()).events)) },
    { name: 'fold', measure: () => timed(() => Promise.resolve(fold(events))) },
  ]);
  if (events.length !== eventCount) throw new Error(`${events.length} events came back.`);
  const [readMs, foldMs] = [median(figures.get('read') ?? []), median(figures.get('fold') ?? [])];
  return {
    title: `Reading back ${eventCount} events`,
    rows: [
      {
        '': `a journal of ${(text.length / 1e6).toFixed(0)} MB`,
        'read and checked, ms': readMs,
        'folded, ms': foldMs,
        'together, ms': readMs + foldMs,
      },
    ],
  };
}

/** Turns of seven calls each, with outcomes of some hundred bytes. */
function longJournal(): string {
  const lines: string[] = [];
  const add = (body: EventBody): void => {
    const envelope = { v: 1, seq: lines.length + 1, at: 1_795_251_600_000 + lines.length, sessionId: 'long' };
    if (lines.length < eventCount) lines.push(sealed(JSON.stringify({ ...envelope, ...body })));
  };
  add(started);
  const output = `${'const answer = 42; // what the file says\n'.repeat(8)}`;
  for (let batch = 0; lines.length < eventCount; batch += 1) {
    const batchId = `batch-${batch}`;
    const source = { kind: 'api' } as const;
    add({ type: 'batch.started', batchId, source, permission: 'read-only', cwd: '/', failFast: false });
    const ids = Array.from({ length: 7 }, (_, index) => `toolu_${batch}_${index}`);
    for (const [index, callId] of ids.entries()) {
      const input = { kind: 'parsed', value: { path: `src/some/folder/file${index}.ts` } } as const;
      add({ type: 'call.queued', callId, batchId, index, tool: 'read_file', input });
    }
    for (const callId of ids) add({ type: 'call.started', callId, attempt: 1 });
    for (const callId of ids)
      add({
        type: 'call.settled',
        callId,
        outcome: { status: 'succeeded', output: { text: output, bytes: output.length } },
        times: { startedAt: 1_795_251_600_000, durationMs: 12, attempts: 1 },
      });
  }
  return `${lines.join('\n')}\n`;
}
