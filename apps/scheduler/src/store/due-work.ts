import type { ControlDatabase } from '@floe/database';
import type { ExpiredLease, UnclaimedVoid, Waiting } from '@floe/scheduling';

type Query = Pick<ControlDatabase, 'query'>;

const FIND_DUE_RUNS = {
  name: 'scheduler.find_due_runs',
  text: `/* scheduler.find_due_runs */
    select run_id from run where wake_at <= clock_timestamp() order by wake_at limit $1`,
};

/** Runs in which the engine has something to do by now. */
export async function findDueRuns({ query }: Query, limit: number): Promise<string[]> {
  const due = await query<{ run_id: string }>(FIND_DUE_RUNS, [limit]);
  return due.map((row) => row.run_id);
}

const FIND_EXPIRED_LEASES = {
  name: 'scheduler.find_expired_leases',
  text: `/* scheduler.find_expired_leases */
    select run_id as "runId", task_index as task, epoch, executor_id as "executorId" from attempt
    where lease_until < clock_timestamp() - make_interval(secs => $1)
    order by lease_until limit $2`,
};

/** Attempts whose holder did not renew in time, by the database's clock. */
export function findExpiredLeases(
  { query }: Query,
  { graceMs, limit }: { readonly graceMs: number; readonly limit: number },
): Promise<ExpiredLease[]> {
  return query<ExpiredLease>(FIND_EXPIRED_LEASES, [graceMs / 1_000, limit]);
}

// A look at them is a few milliseconds; what is not seen now is seen when these are gone.
const LABELLED_LOOKED_AT_MAX = 10_000;

// From place to place through the index of the queues, however many attempts wait in each. Of those that ask for labels
// there are few, and each of their labels is told.
const FIND_WAITING = {
  name: 'scheduler.find_waiting',
  text: `/* scheduler.find_waiting */
    with recursive place as (
      (select pool, lane from task_run where rank_at is not null and labels is null order by pool, lane limit 1)
      union all
      (select next.pool, next.lane from place cross join lateral (
        select pool, lane from task_run
        where rank_at is not null and labels is null and (pool, lane) > (place.pool, place.lane)
        order by pool, lane limit 1
      ) next)
    )
    select place.pool, place.lane, null as label, waiting.count as limit from place cross join lateral (
      select count(*)::int as count from (
        select from task_run t
        where t.pool = place.pool and t.lane = place.lane and t.rank_at is not null and t.labels is null
          and t.ready_at < clock_timestamp() - make_interval(secs => $1)
        order by t.rank_at limit $2
      ) first
    ) waiting
    where waiting.count > 0
    union all
    select pool, lane, label, least(count(*), $2)::int from (
      select pool, lane, unnest(labels) as label from (
        select pool, lane, labels from task_run
        where rank_at is not null and labels is not null
          and ready_at < clock_timestamp() - make_interval(secs => $1)
        limit ${LABELLED_LOOKED_AT_MAX}
      ) labelled
    ) asked
    group by pool, lane, label`,
};

type WaitingRow = Omit<Waiting, 'label'> & { readonly label: string | null };

/** Pools and lanes in which an attempt has been ready for this long, with how many are, at most `limit` each. */
export async function findWaiting(
  { query }: Query,
  { readyForMs, limit }: { readonly readyForMs: number; readonly limit: number },
): Promise<Waiting[]> {
  const rows = await query<WaitingRow>(FIND_WAITING, [readyForMs / 1_000, limit]);
  return rows.map(({ label, ...place }) => (label === null ? place : { ...place, label }));
}

const FIND_UNCLAIMED_VOIDS = {
  name: 'scheduler.find_unclaimed_voids',
  text: `/* scheduler.find_unclaimed_voids */
    select run_id as "runId", task_index as task, epoch from task_run
    where rank_at is not null and extra -> 'voiding' is not null
      and ready_at < clock_timestamp() - make_interval(secs => $1)
    order by ready_at limit $2`,
};

/** Attempts to rule out a load that nobody has claimed for this long. */
export async function findUnclaimedVoids(
  { query }: Query,
  { readyForMs, limit }: { readonly readyForMs: number; readonly limit: number },
): Promise<UnclaimedVoid[]> {
  return query<UnclaimedVoid>(FIND_UNCLAIMED_VOIDS, [readyForMs / 1_000, limit]);
}
