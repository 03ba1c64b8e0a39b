import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';

// Whoever tells people of them looks every second; what it has not seen for a week is no news.
const KEEP_DAYS = 7;

/** Forgets the ends of runs that somebody was told of, or should have been. */
export async function forgetRunEnds(db: ControlDatabase['db'], limit: number): Promise<void> {
  await sql`
    /* scheduler.forget_run_ends */
    delete from run_end where run_end_id in (
      select run_end_id from run_end
      where recorded_at < clock_timestamp() - make_interval(days => ${KEEP_DAYS})
      limit ${limit})`.execute(db);
}
