import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { StoredOutboxRow } from '../commit/rows.ts';
import { DUTY_ROWS_MAX, OUTBOX_ADOPT_MS } from '../limits.ts';

type Db = ControlDatabase['db'];

/** Rows that their publisher left behind, oldest first. Two schedulers may get the same: receivers drop doubles. */
export async function adoptOutboxRows(db: Db): Promise<StoredOutboxRow[]> {
  const rows = await sql<StoredOutboxRow>`
    /* scheduler.adopt_outbox_rows */
    select id, kind, run_id, payload, traceparent from outbox
    where created_at < clock_timestamp() - make_interval(secs => ${OUTBOX_ADOPT_MS / 1_000})
    order by id limit ${DUTY_ROWS_MAX}`.execute(db);
  return rows.rows;
}

/** The receiver has confirmed these rows. */
export async function deleteOutboxRows(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`/* scheduler.delete_outbox_rows */ delete from outbox where id = any(${ids}::bigint[])`.execute(
    db,
  );
}
