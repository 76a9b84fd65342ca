import { query } from './database.ts';

/** Hours of one person on one day. */
export interface Entry {
  readonly day: string;
  readonly person: string;
  readonly projectId: number;
  readonly hours: number;
}

export async function book(entry: Entry): Promise<void> {
  await query('insert into hours (day, person, project_id, hours) values ($1, $2, $3, $4)', [
    entry.day,
    entry.person,
    entry.projectId,
    entry.hours,
  ]);
}
