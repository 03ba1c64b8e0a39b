/** What needs somebody. Each query reads what waits or what is newest through an index made for it, never the history. */
import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
import { firstRunIdAt } from '../run-id.ts';

type Db = Deps['db'];

export type WaitingGroup = {
  readonly pool: string;
  readonly labels: readonly string[] | null;
  readonly count: number;
  readonly since: number;
};

// Places of queues: a pool and a set of labels each. More than these are a mistake in the documents.
const GROUPS_MAX = 200;

/** Tasks that wait for an executor, by what they want of it. What asks for labels has an index of its own. */
export async function readWaitingGroups(db: Db): Promise<readonly WaitingGroup[]> {
  const query = sql<WaitingGroup>`/* reporting.read_waiting_groups */
    select pool, labels, count(*) as count, min(ready_at) as since from (
      select pool, labels, ready_at from floe.task_run where rank_at is not null and labels is null
      union all
      select pool, labels, ready_at from floe.task_run where rank_at is not null and labels is not null
    ) waiting
    group by pool, labels order by since limit ${GROUPS_MAX}`;
  return (await query.execute(db).catch(fail)).rows;
}

export type WaitingTask = {
  readonly run_id: string;
  readonly task_id: string;
  readonly workflow_name: string;
};

/** The one of a group that has waited longest. */
export async function readOldestWaiting(
  db: Db,
  { pool, labels }: Pick<WaitingGroup, 'pool' | 'labels'>,
): Promise<WaitingTask | undefined> {
  const asked = labels === null ? sql`is null` : sql`= ${labels}::text[]`;
  const query = sql<WaitingTask>`/* reporting.read_oldest_waiting */
    select t.run_id, t.task_id, r.workflow_name
    from floe.task_run t join floe.run r on r.run_id = t.run_id
    where t.rank_at is not null and t.pool = ${pool} and t.labels ${asked}
    order by t.ready_at limit 1`;
  return (await query.execute(db).catch(fail)).rows[0];
}

export type StuckRun = {
  readonly run_id: string;
  readonly workflow_name: string;
  readonly state: string;
  readonly wake_at: number;
};

/** Runs to which a scheduler should have done something by now, and did not. */
export async function readStuckRuns(
  db: Db,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<readonly StuckRun[]> {
  const query = sql<StuckRun>`/* reporting.read_stuck_runs */
    select run_id, workflow_name, state, wake_at from floe.run
    where wake_at is not null and wake_at < ${new Date(before)} order by wake_at limit ${limit}`;
  return (await query.execute(db).catch(fail)).rows;
}

export type FailedWorkflow = {
  readonly workflow_name: string;
  readonly run_id: string;
  readonly ended_at: number | null;
  readonly created_at: number;
  readonly failure: unknown;
  readonly count: number;
};

/** Workflows whose runs failed since an instant, and none of whose later runs succeeded. */
export async function readFailedWorkflows(
  db: Db,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<readonly FailedWorkflow[]> {
  const from = firstRunIdAt(since);
  const query = sql<FailedWorkflow>`/* reporting.read_failed_workflows */
    with failed as (
      select workflow_name, max(run_id::text)::uuid as run_id, count(*) as count
      from floe.run where state in ('failed', 'timed_out') and run_id >= ${from}::uuid
      group by workflow_name
    )
    select f.workflow_name, f.run_id, f.count, r.ended_at, r.created_at, r.failure
    from failed f join floe.run r on r.run_id = f.run_id
    where not exists (
      select from floe.run later
      where later.workflow_name = f.workflow_name and later.run_id > f.run_id
        and later.run_id >= ${from}::uuid and later.state = 'succeeded'
      -- One look for each workflow instead of a join with all that succeeded.
      offset 0)
    order by f.run_id desc limit ${limit}`;
  return (await query.execute(db).catch(fail)).rows;
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
