import type { ListTaskRunsRequest, ListTaskRunsResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { decodePageToken, encodePageToken, toPageSize } from '../page.ts';
import { toTaskRun } from '../rows-to-run.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import { isLost, readExecutors } from '../store/read-executors.ts';
import { readRun } from '../store/read-runs.ts';
import { readAttempts, readTaskRuns } from '../store/read-task-runs.ts';
import type { AttemptRow, TaskRunRow } from '../store/read-task-runs.ts';
import { readUpstreamTasks } from '../upstream-tasks.ts';
import { waitingReason, type Offer } from '../waiting-reason.ts';

// The sizes that the contract promises.
const PAGE_SIZES = { standard: 200, max: 1_000 };
// A workflow has fewer tasks than five digits count.
const TASK_INDEX = /^\d{1,5}$/;

export async function listTaskRuns(
  deps: Deps,
  request: ListTaskRunsRequest,
): Promise<ListTaskRunsResponse> {
  const runId = parseRunId(request.runId);
  const limit = toPageSize(request.pageSize, PAGE_SIZES);
  const after = decodePageToken({ runId }, request.pageToken, (key) => TASK_INDEX.test(key));
  const run = await readRun(deps.db, runId);
  if (run === undefined) throw runNotFound(runId);
  const afterIndex = after === undefined ? -1 : Number(after);
  const rows = await readTaskRuns(deps.db, runId, { afterIndex, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const [attempts, upstream, offers] = await Promise.all([
    attemptsOf(deps, page),
    readUpstreamTasks(deps.db, run),
    page.some(isWaiting) ? readOffers(deps) : [],
  ]);
  const lastIndex = String(page.at(-1)?.task_index ?? -1);
  return {
    taskRuns: page.map((row) =>
      toTaskRun(row, {
        attempts: attempts.get(row.task_index) ?? [],
        upstreamTaskIds: upstream.get(row.task_id) ?? [],
        waitingReason: isWaiting(row) ? waitingReason(row, offers) : undefined,
      }),
    ),
    nextPageToken: rows.length > limit ? encodePageToken({ runId }, lastIndex) : '',
  };
}

function isWaiting({ state }: TaskRunRow): boolean {
  return state === 'ready';
}

/** What the executors offer that take work at present. */
async function readOffers(deps: Deps): Promise<readonly Offer[]> {
  const executors = await readExecutors(deps.db);
  const now = deps.now();
  return executors.filter((row) => row.state === 'active' && !isLost(row, now));
}

async function attemptsOf(
  deps: Deps,
  page: readonly TaskRunRow[],
): Promise<ReadonlyMap<number, readonly AttemptRow[]>> {
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const range = { firstIndex: first.task_index, lastIndex: last.task_index };
  const rows = await readAttempts(deps.db, first.run_id, range);
  return Map.groupBy(rows, (row) => row.task_index);
}
