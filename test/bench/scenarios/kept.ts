/** Measures the cost of the texts that edits could be reverted to. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openJournalFile } from '../../../src/store/journalFile.ts';
import { keptText, readKeptText } from '../../../src/store/keptTexts.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { inRounds, median, timed } from '../measure.ts';
import type { Row, Scenario } from '../scenario.ts';

const edits = 40;
const fileBytes = 5_000_000;

interface Figures {
  readonly megabytes: number;
  readonly keepMs: number;
  readonly readMs: number;
}

export const scenario: Scenario = {
  about: 'what the texts from before edits take on the disk',
  async measure(rounds) {
    const entries = (['whole', 'by what differs'] as const).map((way) => ({
      name: way,
      measure: () => keep(way === 'by what differs'),
    }));
    const figures = await inRounds(rounds, entries);
    const rows = [...figures].map(([way, each]): Row => ({
      '': way,
      'on the disk, MB': median(each.map(({ megabytes }) => megabytes)),
      'keeping one, ms': median(each.map(({ keepMs }) => keepMs)),
      'reading the last, ms': median(each.map(({ readMs }) => readMs)),
    }));
    return [{ title: `The texts from before ${edits} edits of a file of ${fileBytes / 1e6} MB`, rows }];
  },
};

async function keep(isShared: boolean): Promise<Figures> {
  const folder = await mkdtemp(path.join(tmpdir(), 'allsettled-bench-'));
  try {
    const file = await openJournalFile(path.join(folder, 'journal'), folder);
    const texts = textsOfEdits();
    const hashes = texts.map(textHash);
    const allMs = await timed(async () => {
      for (const [index, text] of texts.entries()) {
        const like = isShared ? hashes[index - 1] : undefined;
        await file.writeBlob(keptText({ text, ...(like !== undefined && { like }) }));
      }
    });
    await file.close();
    const readMs = await timed(() => readKeptText(hashes.at(-1) ?? '', folder));
    return { megabytes: (await sizeOf(folder)) / 1e6, keepMs: allMs / edits, readMs };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Each edit changes another line. */
function textsOfEdits(): readonly string[] {
  const line = (number: number): string => `const line${number} = 'what stands in this line of the file';\n`;
  const lines = Array.from({ length: Math.ceil(fileBytes / line(10_000).length) }, (_, number) =>
    line(number),
  );
  return Array.from({ length: edits }, (_, edit) => {
    const text = lines.join('');
    lines[(edit * 7919) % lines.length] = `const edited = ${edit};\n`;
    return text;
  });
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(path.join(folder, name))).size;
  return bytes;
}
