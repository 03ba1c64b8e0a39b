/**
 * Transactions of named statements on one connection, for the few places where each round trip and each plan counts.
 *
 *   T1. A statement is parsed and planned once for each connection. Its name stands for its text: never two texts under
 *       one name.
 *   T2. A transaction that lost a race is rolled back and its work called again, a bounded number of times.
 *   T3. A connection whose transaction could not be ended is closed, not given to the next.
 */
import type { Pool, PoolClient } from 'pg';

export type NamedStatement = {
  /** At most 63 bytes. */
  readonly name: string;
  readonly text: string;
};

/** Speaks to PostgreSQL within one transaction. */
export type ControlSession = {
  query<Row>(statement: NamedStatement, values: readonly unknown[]): Promise<Row[]>;
};

// Serialization failure, deadlock, lock timeout: the same transaction again succeeds.
const LOST_RACES = new Set(['40001', '40P01', '55P03']);
// Each try waits for the winner before it; more than this means that something else is wrong.
const ATTEMPTS_MAX = 4;

export async function transact<Result>(
  pool: Pool,
  work: (session: ControlSession) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transactOnce(pool, work);
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isLostRace(error)) throw error;
    }
  }
}

async function transactOnce<Result>(
  pool: Pool,
  work: (session: ControlSession) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let isClean = false;
  try {
    await client.query('begin');
    const result = await work(sessionOf(client));
    await client.query('commit');
    isClean = true;
    return result;
  } catch (error) {
    isClean = await rollback(client);
    throw error;
  } finally {
    client.release(!isClean);
  }
}

function sessionOf(client: PoolClient): ControlSession {
  return {
    async query<Row>({ name, text }: NamedStatement, values: readonly unknown[]): Promise<Row[]> {
      const result = await client.query({ name, text, values: [...values] });
      return result.rows as Row[];
    },
  };
}

async function rollback(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    // The first error is the one to tell; this one only says that the connection is gone (T3).
    return false;
  }
}

/** The work may have wrapped what the driver threw. */
function isLostRace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  return (typeof code === 'string' && LOST_RACES.has(code)) || isLostRace(error.cause);
}
