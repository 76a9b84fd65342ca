import { readFile } from 'node:fs/promises';
import { query } from './database.ts';

/** The hours of each project since a Monday. */
export async function weeklyReport(monday: string): Promise<readonly unknown[]> {
  const text = await readFile('queries/report.sql', 'utf8');
  return query(text, [monday]);
}
