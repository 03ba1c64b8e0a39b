/**
 * The tables in which the replaced service kept its runs, read from one snapshot.
 *
 *   T1. Memory holds one run with its nodes and a few rows behind it: both tables come sorted by the run.
 *   T2. Every row is given once, with its run or as one that has none; of far too many for one run the first ones, and that
 *       there are more.
 *   T3. Nothing is written, and nobody who writes is held up.
 */
import {
  openTarget,
  quoteIdentifier,
  type TargetAddress,
  type TargetSession,
} from '@floe/database';
import { FloeError } from '@floe/errors';
import { NODE_RUNS_MAX, textOf, type JsonRecord } from '@floe/legacy';

/** Rows of one run. */
export type OldRun = {
  /** The row of the run; undefined where only its nodes are there. */
  readonly run: JsonRecord | undefined;
  readonly runId: string;
  /** Rows of the same id that are older: the first ones, and how many there are beyond. */
  readonly doubles: readonly JsonRecord[];
  readonly moreDoubles: number;
  /** The newest first; at most one more than a run may have. */
  readonly nodes: readonly JsonRecord[];
};

export type OldTables = AsyncDisposable & {
  /** For people, without a password. */
  readonly name: string;
  readonly counts: { readonly runs: number; readonly nodes: number };
  runs(): AsyncGenerator<OldRun>;
};

type Options = { readonly schema: string; readonly signal: AbortSignal };

const RUNS = 'workflow_run_stats';
const NODES = 'node_run_details';
// Rows that are fetched at once: a few hundred KiB.
const FETCH_ROWS = 1_000;
// Sorting ten million rows takes a minute on a slow disk.
const STATEMENT_MS = 1_800_000;

/** Errors: CONNECTION_FAILED, CREDENTIALS_REFUSED, ARGUMENT_INVALID where the tables are not there. */
export async function openOldTables(
  address: TargetAddress,
  { schema, signal }: Options,
): Promise<OldTables> {
  const session = await openTarget(address, {
    applicationName: 'floe-import',
    statementTimeoutMs: STATEMENT_MS,
    signal,
  });
  try {
    await session.query('begin isolation level repeatable read read only');
    // Times without a zone were UTC, and those with one are written in it.
    await session.query(
      `set local timezone = 'UTC'; set local idle_in_transaction_session_timeout = 0`,
    );
    const runs = await declareCursor(session, { schema, table: RUNS, newest: 'start_timestamp' });
    if (runs === undefined) throw noTables(address, schema);
    const nodes = await declareCursor(session, {
      schema,
      table: NODES,
      newest: 'node_start_timestamp',
    });
    const { host, port, database } = address;
    return {
      name: `postgres://${host}:${port}/${database} ${schema}`,
      counts: { runs: runs.count, nodes: nodes?.count ?? 0 },
      runs: () =>
        merge(rowsOf(session, RUNS), nodes === undefined ? NO_ROWS : rowsOf(session, NODES)),
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    };
  } catch (thrown) {
    await session[Symbol.asyncDispose]();
    throw thrown;
  }
}

function noTables({ host, port, database }: TargetAddress, schema: string): FloeError {
  return new FloeError(
    'ARGUMENT_INVALID',
    `${host}:${port}/${database} has no table ${schema}.${RUNS} with a column workflow_run_id`,
    { hint: 'Name the schema with --schema, and a user that may read the table.' },
  );
}

type Table = { readonly schema: string; readonly table: string; readonly newest: string };

/** Undefined where there is no such table. */
async function declareCursor(
  session: TargetSession,
  { schema, table, newest }: Table,
): Promise<{ readonly count: number } | undefined> {
  const columns = await readColumns(session, schema, table);
  if (!columns.some(({ name }) => name === 'workflow_run_id')) return undefined;
  const from = `${quoteIdentifier(schema)}.${table}`;
  const order = columns.some(({ name }) => name === newest) ? `, ${newest} desc nulls last` : '';
  await session.query(
    `declare ${table} no scroll cursor for select row_to_json(r)::text as row
     from (select ${columns.map(exactly).join(', ')} from ${from}
       order by workflow_run_id::text collate "C" nulls first${order}) r`,
  );
  const [row] = await session.query<{ count: number }>(
    `select count(*)::float8 as count from ${from}`,
  );
  return { count: row!.count };
}

type Column = { readonly name: string; readonly type: string };

/** None where there is no such table, or only the view that Floe offers of its own runs under that name. */
function readColumns(
  session: TargetSession,
  schema: string,
  table: string,
): Promise<readonly Column[]> {
  return session.query<Column>(
    `select a.attname as name, t.typname as type
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     join pg_type t on t.oid = a.atttypid
     where n.nspname = $1 and c.relname = $2 and not exists (
       select from pg_rewrite r
       join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         and d.refclassid = 'pg_class'::regclass
       join pg_class s on s.oid = d.refobjid and s.relnamespace = to_regnamespace('floe')
       where r.ev_class = c.oid)
     order by a.attnum`,
    [schema, table],
  );
}

/** JSON's numbers are floats to whoever reads them here: whole numbers of 64 bits come as text. */
function exactly({ name, type }: Column): string {
  const column = quoteIdentifier(name);
  return type === 'int8' || type === 'numeric' ? `${column}::text as ${column}` : column;
}

type Rows = AsyncIterator<JsonRecord, void>;

async function* rowsOf(session: TargetSession, cursor: string): AsyncGenerator<JsonRecord, void> {
  for (;;) {
    const rows = await session.query<{ row: string }>(`fetch ${FETCH_ROWS} from ${cursor}`);
    for (const { row } of rows) yield JSON.parse(row) as JsonRecord;
    if (rows.length < FETCH_ROWS) return;
  }
}

const NO_ROWS: Rows = { next: async () => ({ done: true, value: undefined }) };

/** T1 and T2. */
async function* merge(runs: Rows, nodes: Rows): AsyncGenerator<OldRun> {
  const [runRows, nodeRows] = [new Group(runs), new Group(nodes)];
  for (;;) {
    const [nextRun, nextNode] = [await runRows.id(), await nodeRows.id()];
    const runId = first(nextRun, nextNode);
    if (runId === undefined) return;
    const same = nextRun === runId ? await runRows.take(DOUBLES_MAX) : NONE;
    const found = nextNode === runId ? await nodeRows.take(NODE_RUNS_MAX + 1) : NONE;
    const [run, ...doubles] = same.rows;
    yield { runId, run, doubles, moreDoubles: same.more, nodes: found.rows };
  }
}

type Taken = { readonly rows: readonly JsonRecord[]; readonly more: number };
const NONE: Taken = { rows: [], more: 0 };

// More rows of one id than this are one mistake, and told as one.
const DOUBLES_MAX = 100;

/** The lower of two ids, as PostgreSQL orders them byte by byte. */
function first(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) <= 0 ? left : right;
}

/** Sorted rows, run by run. */
class Group {
  readonly #rows: Rows;
  #next: JsonRecord | undefined;
  #isRead = false;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Of the run that comes next; undefined at the end. */
  async id(): Promise<string | undefined> {
    if (!this.#isRead) await this.#read();
    return this.#next === undefined ? undefined : textOf(this.#next['workflow_run_id']);
  }

  /** The rows of that run, and of more than `most` the first ones. */
  async take(most: number): Promise<Taken> {
    const id = await this.id();
    const rows: JsonRecord[] = [];
    let more = 0;
    while (this.#next !== undefined && (await this.id()) === id) {
      if (rows.length < most) rows.push(this.#next);
      else more += 1;
      await this.#read();
    }
    return { rows, more };
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#rows.next();
    this.#next = done === true ? undefined : value;
    this.#isRead = true;
  }
}
