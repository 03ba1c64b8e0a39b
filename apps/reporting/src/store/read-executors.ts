import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export type ExecutorRow = Awaited<ReturnType<typeof readExecutors>>[number];

// The newest of them: rows of executors that stopped long ago are of no use to anybody.
const EXECUTORS_MAX = 1_000;

// An executor that lives is heard of with each renewal of its leases; after this it counts as dead.
const LOST_AFTER_MS = 10_000;

/** One that said goodbye is not lost, however long ago. */
export function isLost(row: ExecutorRow, now: number): boolean {
  return row.state !== 'stopped' && now - row.last_seen_at > LOST_AFTER_MS;
}

export async function readExecutors(db: Deps['db']) {
  return db
    .selectFrom('executor')
    .selectAll()
    .orderBy('last_seen_at', 'desc')
    .orderBy('executor_id')
    .limit(EXECUTORS_MAX)
    .execute()
    .catch((thrown: unknown) => {
      throw toControlError(thrown);
    });
}
