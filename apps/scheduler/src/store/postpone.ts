import type { ControlSession } from '@floe/database';

const POSTPONE = {
  name: 'scheduler.postpone',
  text: `/* scheduler.postpone */
    update task_run set rank_at = floor(extract(epoch from clock_timestamp()) * 1000) + 60000
    where run_id = any($1::uuid[]) and rank_at is not null`,
};

/** Others come first for a minute: these runs cannot be decided, and must not stand at the head of a queue. */
export async function postpone(session: ControlSession, runIds: readonly string[]): Promise<void> {
  await session.query(POSTPONE, [runIds]);
}
