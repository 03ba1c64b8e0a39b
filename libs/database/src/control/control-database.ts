import pg from 'pg';
import { Kysely, PostgresDialect } from 'kysely';
import { transact, type ControlSession, type NamedStatement } from './control-session.ts';
import { toControlError } from './control-error.ts';
import type { FloeTables } from './generated/tables.ts';
import { POOL_SIZES } from './pool-sizes.ts';
import type { ControlRole } from './control-role.ts';
import { sessionOptions } from './session-options.ts';

export type ControlDatabaseOptions = {
  readonly url: string;
  readonly role: ControlRole;
  /** Shown in pg_stat_activity, at most 63 bytes. */
  readonly applicationName: string;
  /** Connections at most; as POOL_SIZES says when absent. */
  readonly connectionsMax?: number;
};

/** The control database, seen through the role of one service. */
export type ControlDatabase = {
  readonly db: Kysely<FloeTables>;
  /** A transaction of named statements; called again when it lost a race. */
  transact<Result>(work: (session: ControlSession) => Promise<Result>): Promise<Result>;
  /** One named statement, a transaction of its own. */
  query<Row>(statement: NamedStatement, values: readonly unknown[]): Promise<Row[]>;
  /** Resolves when the database answers; rejects with DATABASE_UNAVAILABLE. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

// A free connection must turn up within this time, or the caller is told that the database is overloaded.
const ACQUIRE_TIMEOUT_MS = 5_000;
// No statement of a service takes longer in health; a longer one is stuck behind a lock.
const STATEMENT_TIMEOUT_MS = 15_000;
// A process that was stopped within a transaction keeps its rows from everybody else: after this it loses them.
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;

// The scheduler's statements reach rows through indexes whatever their values are: one plan for all values is as good as
// one for each, and planning anew costs as much as running.
const PLANS: Readonly<Record<ControlRole, Readonly<Record<string, string>>>> = {
  floe_scheduler: { plan_cache_mode: 'force_generic_plan' },
  floe_metadata: {},
  floe_reporting: {},
  floe_gateway: {},
};

/**
 * Opens a pool on the control database. Instants come back as numbers (milliseconds since 1970), bigints as numbers:
 * Floe's own counters stay below 2^53. Users' data never passes through this pool.
 */
export function openControlDatabase(options: ControlDatabaseOptions): ControlDatabase {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax ?? POOL_SIZES[options.role],
    application_name: options.applicationName,
    connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    options: sessionOptions({ role: options.role, search_path: 'floe', ...PLANS[options.role] }),
    types: { getTypeParser: controlTypeParser },
    keepAlive: true,
    // What is asked without waiting for the answer before it goes out at once.
    pipeline: true,
  });
  // A connection that breaks is replaced; the query that used it, or the next one, reports the failure. The pool listens
  // to idle connections only, and an error that nobody listens to would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<FloeTables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    transact: (work) => transact(pool, work),
    async query<Row>({ name, text }: NamedStatement, values: readonly unknown[]) {
      return (await pool.query({ name, text, values: [...values] })).rows as Row[];
    },
    async ping() {
      try {
        await pool.query('select 1');
      } catch (error) {
        throw toControlError(error);
      }
    },
    close: () => db.destroy(),
  };
}

const INT8_OID = 20;
const TIMESTAMPTZ_OID = 1184;

const controlTypeParser = ((oid: number, format?: string): unknown => {
  if (oid === INT8_OID) return parseSafeInteger;
  if (oid === TIMESTAMPTZ_OID) return parseInstant;
  return pg.types.getTypeParser(oid, format as 'text');
}) as typeof pg.types.getTypeParser;

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`control database holds ${text}, above 2^53`);
  return value;
}

function parseInstant(text: string): number {
  return Date.parse(text);
}
