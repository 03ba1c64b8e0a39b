import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export type ItemCounts = {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
};

/** What became of the items, without the state of each. */
export const ITEM_COUNTS = sql<ItemCounts | null>`
  case when extra ? 'items' then jsonb_build_object('total', extra -> 'items' -> 'total',
    'succeeded', extra -> 'items' -> 'succeeded', 'failed', extra -> 'items' -> 'failed') end`.as(
  'items',
);

const ROWS_UNCOUNTED = sql<boolean>`coalesce((extra -> 'hasUncountedRows')::boolean, false)`.as(
  'rows_uncounted',
);

export type TaskRunRow = Awaited<ReturnType<typeof readTaskRuns>>[number];

/** Task runs of a run after a position, in the order of the workflow; or of one task alone. */
export async function readTaskRuns(
  db: Deps['db'],
  runId: string,
  page: {
    readonly afterIndex: number;
    readonly limit: number;
    readonly taskId?: string | undefined;
  },
) {
  const query = db
    .selectFrom('task_run')
    .select([
      'run_id',
      'task_index',
      'task_id',
      'type',
      'state',
      'attempt_count',
      'loss_count',
      'ready_at',
      'started_at',
      'ended_at',
      'next_attempt_at',
      'rows',
      'bytes',
      'peak_memory_bytes',
      'dataset',
      'failure',
      'answer',
      'pool',
      'labels',
      'generation',
      'known_from',
    ])
    .select([ITEM_COUNTS, ROWS_UNCOUNTED])
    .where('run_id', '=', runId)
    .where('task_index', '>', page.afterIndex)
    .orderBy('task_index')
    .limit(page.limit);
  const asked = page.taskId === undefined ? query : query.where('task_id', '=', page.taskId);
  return asked.execute().catch(fail);
}

export type AttemptRow = Awaited<ReturnType<typeof readAttempts>>[number];

// A task is tried at most some dozen times; a page of task runs has fewer attempts than this.
const ATTEMPTS_MAX = 20_000;

/** The attempts of a range of task runs, oldest first. */
export async function readAttempts(
  db: Deps['db'],
  runId: string,
  range: { readonly firstIndex: number; readonly lastIndex: number },
) {
  return db
    .selectFrom('attempt')
    .select([
      'run_id',
      'task_index',
      'epoch',
      'number',
      'state',
      'executor_id',
      'ready_at',
      'claimed_at',
      'ended_at',
      'failure',
      'rows',
      'bytes',
      'peak_memory_bytes',
    ])
    .where('run_id', '=', runId)
    .where('task_index', '>=', range.firstIndex)
    .where('task_index', '<=', range.lastIndex)
    .orderBy('task_index')
    .orderBy('epoch')
    .limit(ATTEMPTS_MAX)
    .execute()
    .catch(fail);
}

export type LastAttemptRow = Awaited<ReturnType<typeof readLastAttempts>>[number];

/** The newest attempt of every task run of a run. */
export async function readLastAttempts(db: Deps['db'], runId: string) {
  return db
    .selectFrom('attempt')
    .distinctOn('task_index')
    .select(['task_index', 'state', 'ready_at', 'claimed_at', 'ended_at'])
    .where('run_id', '=', runId)
    .orderBy('task_index')
    .orderBy('epoch', 'desc')
    .execute()
    .catch(fail);
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
