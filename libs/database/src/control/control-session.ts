/**
 * Transactions of named statements on one connection, for the few places where each round trip and each plan counts.
 *
 *   T1. A statement is parsed and planned once for each connection. Its name stands for its text: never two texts under
 *       one name.
 *   T2. A transaction that lost a race is rolled back and its work called again, a bounded number of times.
 *   T3. A connection whose transaction could not be ended is closed, not given to the next.
 *   T4. The beginning goes out with the first statement, and the commit with the last where the work names it: each is a
 *       round trip less. A statement that fails makes of the commit behind it a rollback.
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
  /** The last statement: when it returns, the transaction is committed. */
  commit<Row>(statement: NamedStatement, values: readonly unknown[]): Promise<Row[]>;
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
    const session = new Session(client);
    const result = await work(session);
    await session.end();
    isClean = true;
    return result;
  } catch (error) {
    isClean = await rollback(client);
    throw error;
  } finally {
    client.release(!isClean);
  }
}

class Session implements ControlSession {
  readonly #client: PoolClient;
  #begun: Promise<unknown> | undefined;
  #isCommitted = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  readonly query = async <Row>(
    statement: NamedStatement,
    values: readonly unknown[],
  ): Promise<Row[]> => {
    const begun = this.#begin();
    const [result] = await Promise.all([this.#send(statement, values), begun]);
    return result.rows as Row[];
  };

  readonly commit = async <Row>(
    statement: NamedStatement,
    values: readonly unknown[],
  ): Promise<Row[]> => {
    const begun = this.#begin();
    const sent = this.#send(statement, values);
    const [result] = await Promise.all([sent, this.#client.query('commit'), begun]);
    this.#isCommitted = true;
    return result.rows as Row[];
  };

  async end(): Promise<void> {
    if (this.#begun !== undefined && !this.#isCommitted) await this.#client.query('commit');
  }

  /** Sent, not waited for (T4). It fails only together with its connection. */
  #begin(): Promise<unknown> {
    this.#begun ??= this.#client.query('begin');
    return this.#begun;
  }

  #send({ name, text }: NamedStatement, values: readonly unknown[]) {
    return this.#client.query({ name, text, values: [...values] });
  }
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
