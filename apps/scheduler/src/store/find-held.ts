import type { ControlSession } from '@floe/database';
import type { ReadyAttempt } from '@floe/scheduling';

// Only running attempts have a lease, so this looks at those alone.
const FIND_HELD = {
  name: 'scheduler.find_held',
  text: `/* scheduler.find_held */
    select run_id, task_index, epoch from attempt
    where lease_until is not null and token_hash = $1
    order by run_id, task_index`,
};

type HeldRow = { readonly run_id: string; readonly task_index: number; readonly epoch: number };

/** The running attempts that were claimed with a token. */
export async function findHeld(
  session: ControlSession,
  tokenHash: string,
): Promise<ReadyAttempt[]> {
  const rows = await session.query<HeldRow>(FIND_HELD, [tokenHash]);
  return rows.map((row) => ({
    runId: row.run_id,
    task: row.task_index,
    epoch: row.epoch,
    rankAt: 0,
  }));
}
