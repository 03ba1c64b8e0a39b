import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { OutboxKind, StoredOutboxRow } from '../commit/rows.ts';
import { OUTBOX_ADOPT_MS, TRACE_KEEP_MS } from '../limits.ts';

type Db = ControlDatabase['db'];

/** Rows that their publisher left behind, oldest first. Two schedulers may get the same: receivers drop doubles. */
export async function adoptOutboxRows(
  db: Db,
  wanted: { readonly kinds: readonly OutboxKind[]; readonly limit: number },
): Promise<StoredOutboxRow[]> {
  const rows = await sql<StoredOutboxRow>`
    /* scheduler.adopt_outbox_rows */
    select id, kind, run_id, payload, traceparent from outbox
    where kind = any(${wanted.kinds}::text[])
      and created_at < clock_timestamp() - make_interval(secs => ${OUTBOX_ADOPT_MS / 1_000})
    order by id limit ${wanted.limit}`.execute(db);
  return rows.rows;
}

/** Gives up the traces that no collector has taken for long. Returns how many. */
export async function dropOldTraces(db: Db): Promise<number> {
  const dropped = await sql<{ id: number }>`
    /* scheduler.drop_old_traces */
    delete from outbox
    where kind = 'trace' and created_at < clock_timestamp() - make_interval(secs => ${TRACE_KEEP_MS / 1_000})
    returning id`.execute(db);
  return dropped.rows.length;
}

/** The receiver has confirmed these rows. */
export async function deleteOutboxRows(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`/* scheduler.delete_outbox_rows */ delete from outbox where id = any(${ids}::bigint[])`.execute(
    db,
  );
}
