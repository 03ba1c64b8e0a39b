/**
 * Keeps the tables of the replaced service, where an installation has them, up to the runs of Floe, so that old readers
 * see old rows and new ones.
 *
 *   F1. One writer: whoever writes holds the row of progress, and what was written is noted in the same transaction. A
 *       writer that dies leaves nothing, or everything.
 *   F2. It reads the runs as they are, not their events: a run that changed many times is written once.
 *   F3. A run that the tables do not take is noted with the reason and holds up no other one.
 *   F4. Runs are seen in the order of their ids. Those of the last minute are kept in mind one by one, for a transaction may
 *       commit an id that is lower than one that was seen.
 */
import { sql, type Transaction } from 'kysely';
import type { ControlDatabase, FloeTables } from '@floe/database';
import { saidOf } from '@floe/errors';
import type { Log } from '@floe/telemetry';
import { readOldTables, writeRows, type OldTable } from './write-rows.ts';

type Tx = Transaction<FloeTables>;
type Head = { readonly run_id: string; readonly revision: number; readonly is_ended: boolean };

// Runs in one transaction: some tens of milliseconds.
const PAGE_SIZE = 200;
// F4: longer than any start of a run takes.
const YOUNG = sql`interval '1 minute'`;

/** Goes on until there is nothing left to write, or the service stops. */
export async function followAll(
  database: ControlDatabase,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  let hasMore = true;
  while (hasMore && !signal.aborted) ({ hasMore } = await followRuns(database, log));
}

type Followed = { readonly written: number; readonly hasMore: boolean };

/** Writes what has changed since the last time, at most a page of it. */
async function followRuns({ db }: ControlDatabase, log: Log): Promise<Followed> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ cursor_run_id: string }>`
      select cursor_run_id from old_table_progress
      where exists (select from old_table where kind = 'table') for update skip locked`.execute(tx);
    const cursor = rows[0]?.cursor_run_id;
    if (cursor === undefined) return { written: 0, hasMore: false };
    const tables = await readOldTables(tx);
    const fresh = await readFresh(tx, cursor);
    const changed = await readChanged(tx);
    const heads = [...fresh, ...changed];
    if (heads.length > 0) await writeAll(tx, { tables, heads, log });
    await moveCursor(tx, { cursor, fresh });
    const hasMore = fresh.length === PAGE_SIZE || changed.length === PAGE_SIZE;
    return { written: heads.length, hasMore };
  });
}

async function readFresh(tx: Tx, cursor: string): Promise<Head[]> {
  const { rows } = await sql<Head>`
    select h.run_id, h.revision, h.is_ended from run_head h
    where h.run_id > ${cursor} and not exists (select from old_table_run o where o.run_id = h.run_id)
    order by h.run_id limit ${PAGE_SIZE}`.execute(tx);
  return rows;
}

async function readChanged(tx: Tx): Promise<Head[]> {
  const { rows } = await sql<Head>`
    select h.run_id, h.revision, h.is_ended from old_table_run o join run_head h using (run_id)
    where h.revision <> o.revision order by h.run_id limit ${PAGE_SIZE}`.execute(tx);
  return rows;
}

type Writing = {
  readonly tables: readonly OldTable[];
  readonly heads: readonly Head[];
  readonly log: Log;
};

/** F3: what cannot be written together is written one by one. */
async function writeAll(tx: Tx, writing: Writing): Promise<void> {
  const { heads, log } = writing;
  const problem = await tryWrite(tx, writing);
  if (problem === undefined) return note(tx, heads);
  if (heads.length > 1) {
    for (const head of heads) await writeAll(tx, { ...writing, heads: [head] });
    return;
  }
  log.warn({ run_id: heads[0]!.run_id, problem }, 'a table of the replaced service takes no row');
  await note(tx, heads, problem);
}

/** Gives the reason when the tables do not take the rows; nothing of them is left then. */
async function tryWrite(tx: Tx, { tables, heads }: Writing): Promise<string | undefined> {
  const runIds = heads.map(({ run_id }) => run_id);
  await sql`savepoint rows_of_runs`.execute(tx);
  try {
    for (const table of tables) await writeRows(tx, table, runIds);
    await sql`release savepoint rows_of_runs`.execute(tx);
    return undefined;
  } catch (error) {
    // Also throws when the connection is gone: then there is no transaction to go on with.
    await sql`rollback to savepoint rows_of_runs`.execute(tx);
    return saidOf(error);
  }
}

async function note(tx: Tx, heads: readonly Head[], problem: string | null = null): Promise<void> {
  await sql`
    insert into old_table_run (run_id, revision, is_ended, problem)
    select run_id, revision, is_ended, ${problem} from unnest(${heads.map(({ run_id }) => run_id)}::uuid[],
      ${heads.map(({ revision }) => revision)}::bigint[], ${heads.map(({ is_ended }) => is_ended)}::boolean[])
      as h(run_id, revision, is_ended)
    on conflict (run_id) do update
    set revision = excluded.revision, is_ended = excluded.is_ended, problem = excluded.problem`.execute(
    tx,
  );
}

/** Over what is old enough (F4); what has ended and lies behind it need not be kept in mind. */
async function moveCursor(
  tx: Tx,
  { cursor, fresh }: { readonly cursor: string; readonly fresh: readonly Head[] },
): Promise<void> {
  const last = fresh.length === PAGE_SIZE ? fresh.at(-1)!.run_id : null;
  const { rows } = await sql<{ cursor_run_id: string }>`
    update old_table_progress set cursor_run_id = greatest(${cursor}::uuid,
      least(${last}::uuid, first_id_at(clock_timestamp() - ${YOUNG})))
    returning cursor_run_id`.execute(tx);
  const moved = rows[0]!.cursor_run_id;
  await sql`
    delete from old_table_run o where o.run_id <= ${moved} and (
      (o.is_ended and o.problem is null) or not exists (select from run_head h where h.run_id = o.run_id))`.execute(
    tx,
  );
}
