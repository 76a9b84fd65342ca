/** Prints tables side by side with their headings. */
import type { Row, Table } from './scenario.ts';

/** The table as text, its columns aligned. */
export function tableText({ title, rows, note }: Table): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => cellText(row[column])))];
  const widths = columns.map((_, place) => Math.max(...cells.map((line) => line[place]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((text, place) => pad(text, widths[place] ?? 0, place)).join('  '),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [title, '', ...lines.toSpliced(1, 0, rule), ...(note === undefined ? [] : ['', note]), ''].join(
    '\n',
  );
}

function pad(text: string, width: number, place: number): string {
  return place === 0 ? text.padEnd(width) : text.padStart(width);
}

function cellText(value: Row[string] | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return String(Math.round(value));
  return value.toPrecision(Math.abs(value) < 10 && Math.abs(value) >= 1 ? 4 : 3);
}
