import type { ControlDatabase } from '@floe/database';
import type { EventBatch, OutboxWish, StoredOutboxRow } from '@floe/scheduling';

type Query = Pick<ControlDatabase, 'query'>;

const ADOPT_OUTBOX = {
  name: 'scheduler.adopt_outbox',
  text: `/* scheduler.adopt_outbox */
    select id, kind, run_id as "runId", payload from outbox
    where kind = any($1::text[]) and created_at < clock_timestamp() - make_interval(secs => $2)
    order by id limit $3`,
};

/** Rows that their publisher left behind, oldest first. Two schedulers may get the same: receivers drop doubles. */
export function adoptOutbox(
  { query }: Query,
  { kinds, olderThanMs, limit }: OutboxWish,
): Promise<StoredOutboxRow[]> {
  return query<StoredOutboxRow>(ADOPT_OUTBOX, [kinds, olderThanMs / 1_000, limit]);
}

const DELETE_OUTBOX = {
  name: 'scheduler.delete_outbox',
  // Nobody waits for the disk: a delete that a crash of PostgreSQL takes back is a row that is sent once more.
  text: `/* scheduler.delete_outbox */
    with quick as materialized (select set_config('synchronous_commit', 'off', true))
    delete from outbox using quick where id = any($1::bigint[])`,
};

/** The receiver has confirmed these rows. */
export async function deleteOutbox({ query }: Query, ids: readonly number[]): Promise<void> {
  await query(DELETE_OUTBOX, [ids]);
}

const READ_EVENTS = {
  name: 'scheduler.read_events',
  text: `/* scheduler.read_events */
    select run_id as "runId", first_sequence as "firstSequence", occurred_at as at, before, events
    from run_event_batch where run_id = $1 and last_sequence = $2`,
};

/** The events that an outbox row names. */
export async function readEventBatch(
  { query }: Query,
  { runId, payload }: StoredOutboxRow,
): Promise<EventBatch | undefined> {
  const { last } = payload as { readonly last: number };
  const [batch] = await query<EventBatch>(READ_EVENTS, [runId, last]);
  return batch;
}
