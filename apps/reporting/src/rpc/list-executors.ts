import { ExecutorState } from '@floe/rpc/contracts';
import type { Executor, ListExecutorsResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { toDate } from '../rows-to-run.ts';
import { toExecutorState } from '../states.ts';
import { isLost, readExecutors } from '../store/read-executors.ts';
import type { ExecutorRow } from '../store/read-executors.ts';

export async function listExecutors(deps: Deps): Promise<ListExecutorsResponse> {
  const rows = await readExecutors(deps.db);
  const now = deps.now();
  return { executors: rows.map((row) => toExecutor(row, now)) };
}

function toExecutor(row: ExecutorRow, now: number): Executor {
  return {
    executorId: row.executor_id,
    address: row.address,
    pool: row.pool,
    slots: row.slots,
    busySlots: row.busy_slots,
    state: isLost(row, now) ? ExecutorState.LOST : toExecutorState(row.state),
    startTime: toDate(row.started_at),
    lastSeenTime: toDate(row.last_seen_at),
    version: row.version,
    labels: row.labels,
  };
}
