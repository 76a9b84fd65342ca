import { Pool } from 'pg';

const pool = new Pool();

/** Runs one statement and returns its rows. */
export async function query(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
  const result = await pool.query(text, [...values]);
  return result.rows;
}
