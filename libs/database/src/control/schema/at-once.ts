import type pg from 'pg';

// Whoever waits behind a lock that is waited for waits no longer than this.
const LOCK_TIMEOUT_MS = 100;

/** Statements in a transaction of their own, given up where their locks are not had at once. */
export async function atOnce(client: pg.Client, statements: string): Promise<void> {
  await client.query(`begin; set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query(statements);
    await client.query('commit');
  } catch (error) {
    // The connection may be gone; the first error is the one to tell.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
