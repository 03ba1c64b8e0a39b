import { sql, type Selectable, type Transaction } from 'kysely';
import type { BackfillTable, ControlDatabase, FloeTables } from '@floe/database';
import type { Schedule } from '@floe/schedule';
import type { OpenBackfill } from '@floe/scheduling';

type Db = ControlDatabase['db'];
type Tx = Transaction<FloeTables>;

export type BackfillRow = Omit<Selectable<BackfillTable>, 'definition'> & {
  readonly definition: Schedule;
};

/** A backfill with how many of its slots are under way. */
export type BackfillProgress = BackfillRow & { readonly active_slots: number };

export type NewBackfill = Pick<
  BackfillRow,
  | 'backfill_id'
  | 'schedule_id'
  | 'workflow_name'
  | 'only_missing'
  | 'max_active'
  | 'total_slots'
  | 'request_id'
  | 'request_digest'
> & { readonly definition: Schedule; readonly from: Date; readonly to: Date };

/** True when it was stored; false when its request id is known. */
export async function insertBackfill(db: Db, row: NewBackfill): Promise<boolean> {
  const { from, to, definition, ...rest } = row;
  const inserted = await db
    .insertInto('backfill')
    .values({
      ...rest,
      definition: JSON.stringify(definition),
      from_at: from,
      to_at: to,
      cursor_at: from,
      state: 'running',
    })
    .onConflict((conflict) =>
      conflict.column('request_id').where('request_id', 'is not', null).doNothing(),
    )
    .returning('backfill_id')
    .executeTakeFirst();
  return inserted !== undefined;
}

const PROGRESS = sql`b.*, (select count(*)::int from backfill_slot s
  where s.backfill_id = b.backfill_id and s.state = 'started') as active_slots`;

export async function findBackfill(db: Db | Tx, id: string): Promise<BackfillProgress | undefined> {
  const found = await sql<BackfillProgress>`
    /* scheduler.find_backfill */
    select ${PROGRESS} from backfill b where b.backfill_id = ${id}`.execute(db);
  return found.rows[0];
}

export async function findBackfillByRequestId(
  db: Db,
  requestId: string,
): Promise<BackfillProgress | undefined> {
  const found = await sql<BackfillProgress>`
    /* scheduler.find_backfill_by_request_id */
    select ${PROGRESS} from backfill b where b.request_id = ${requestId}`.execute(db);
  return found.rows[0];
}

/** Newest first, before one; ids are made in the order of time. */
export async function listBackfills(
  db: Db,
  page: { readonly before: string; readonly limit: number; readonly workflowName: string },
): Promise<BackfillProgress[]> {
  const { before, limit, workflowName } = page;
  const found = await sql<BackfillProgress>`
    /* scheduler.list_backfills */
    select ${PROGRESS} from backfill b
    where b.backfill_id < ${before}::uuid and (${workflowName} = '' or b.workflow_name = ${workflowName})
    order by b.backfill_id desc limit ${limit}`.execute(db);
  return found.rows;
}

export async function countOpenBackfills(db: Db): Promise<number> {
  const counted = await sql<{ count: number }>`
    /* scheduler.count_open_backfills */
    select count(*)::int as count from backfill where ended_at is null`.execute(db);
  return counted.rows[0]!.count;
}

/** Changes the state of a backfill that is in one of the states `from`; one that is not stays as it is. */
export async function changeBackfill(
  db: Db,
  id: string,
  change: { readonly from: readonly string[]; readonly to: string },
): Promise<void> {
  await sql`
    /* scheduler.change_backfill */
    update backfill set state = ${change.to}
    where backfill_id = ${id} and state = any(${change.from}::text[])`.execute(db);
}

/** Backfills that have not ended, the oldest first. */
export async function openBackfills(db: Db, limit: number): Promise<string[]> {
  const open = await sql<{ backfill_id: string }>`
    /* scheduler.open_backfills */
    select backfill_id from backfill where ended_at is null order by created_at limit ${limit}`.execute(
    db,
  );
  return open.rows.map((row) => row.backfill_id);
}

/** Locks a backfill; undefined when it has ended, or another scheduler sees to it at this moment. */
export async function lockBackfill(tx: Tx, id: string): Promise<OpenBackfill | undefined> {
  const locked = await sql<OpenBackfill>`
    /* scheduler.lock_backfill */
    select backfill_id as "backfillId", schedule_id as "scheduleId", workflow_name as "workflowName", definition, state,
      only_missing as "onlyMissing", max_active as "maxActive", cursor_at as "cursorAt", to_at as "toAt"
    from backfill where backfill_id = ${id} and ended_at is null for update skip locked`.execute(
    tx,
  );
  return locked.rows[0];
}

/** How many slots of a backfill ended badly. */
export async function countBadSlots(tx: Tx, id: string): Promise<number> {
  const found = await findBackfill(tx, id);
  return (found?.failed_slots ?? 0) + (found?.cancelled_slots ?? 0);
}
