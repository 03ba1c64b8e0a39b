/**
 * The ends of runs, each once, in the order of their numbers.
 *
 *   U1. A number below the cursor that was not there when the cursor passed it is a gap: its transaction was still open.
 *       It is looked for until no transaction of that time can be open any more.
 *   U2. Whoever reads holds the row of the cursor until the notices are stored: nobody else reads meanwhile, and what a
 *       killed process read is read again.
 */
import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { EndState } from '@floe/notification';

type Db = ControlDatabase['db'];

export type RunEnd = {
  readonly run_end_id: number;
  readonly run_id: string;
  readonly workflow_name: string;
  readonly state: EndState;
};

// The scheduler's transactions last at most 20 s: its statements 15 s, and 5 s without any.
const GAP_SECONDS_MAX = 60;
// Numbers that were given out and are not yet committed are among the last ones.
const GAPS_MAX = 10_000;

/** The next ends; undefined while another process looks at them. The cursor moves with the caller's commit. */
export async function takeRunEnds(tx: Db, limit: number): Promise<readonly RunEnd[] | undefined> {
  const { rows: cursors } = await sql<{ run_end_id: number }>`/* metadata.lock_notice_cursor */
    select run_end_id from notice_cursor for update skip locked`.execute(tx);
  const [cursor] = cursors;
  if (cursor === undefined) return undefined;
  const late = await takeGaps(tx);
  const { rows: ends } = await sql<RunEnd>`/* metadata.read_run_ends */
    select run_end_id, run_id, workflow_name, state from run_end
    where run_end_id > ${cursor.run_end_id} order by run_end_id limit ${limit}`.execute(tx);
  const last = ends.at(-1)?.run_end_id;
  if (last !== undefined) await moveCursor(tx, { from: cursor.run_end_id, to: last });
  return [...late, ...ends];
}

async function takeGaps(tx: Db): Promise<readonly RunEnd[]> {
  const { rows } = await sql<RunEnd>`/* metadata.take_notice_gaps */
    with found as (
      delete from notice_gap g using run_end e where e.run_end_id = g.run_end_id
      returning e.run_end_id, e.run_id, e.workflow_name, e.state
    ), hopeless as (
      delete from notice_gap
      where noted_at < clock_timestamp() - make_interval(secs => ${GAP_SECONDS_MAX})
        and run_end_id not in (select run_end_id from run_end)
    )
    select * from found`.execute(tx);
  return rows;
}

async function moveCursor(tx: Db, { from, to }: { from: number; to: number }): Promise<void> {
  await sql`/* metadata.note_notice_gaps */
    insert into notice_gap (run_end_id)
    select n from generate_series(greatest(${from}::bigint + 1, ${to}::bigint - ${GAPS_MAX}), ${to}::bigint) n
    where not exists (select from run_end where run_end_id = n)
    on conflict do nothing`.execute(tx);
  await sql`/* metadata.move_notice_cursor */
    update notice_cursor set run_end_id = ${to}`.execute(tx);
}
