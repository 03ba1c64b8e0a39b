import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export type ExecutorRow = Awaited<ReturnType<typeof readExecutors>>[number];

// The newest of them: rows of executors that stopped long ago are of no use to anybody.
const EXECUTORS_MAX = 1_000;

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
