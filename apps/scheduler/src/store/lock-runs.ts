import type { ControlSession } from '@floe/database';
import type { Demand, Locked, ReadyAttempt } from '@floe/scheduling';

/**
 * Locks the named runs in the order of their ids; then, and only then, looks into the queues and locks the runs of what
 * it finds there, unless another transaction has them. Queues are read as they were when the statement began: what has
 * been claimed since is refused by the engine, on the newest revision.
 */
const LOCK_RUNS = {
  name: 'scheduler.lock_runs',
  text: lockRunsText('scheduler.lock_runs', readyWhere('labels is null')),
};

// Beside what asks for no labels; the index of what asks for some is looked at only here.
const WITH_LABELS = `
  select * from (
    (${readyWhere('labels is null')})
    union all
    (${readyWhere("labels is not null and labels <@ string_to_array(demand.labels, ',')")})
  ) each_kind
  order by rank_at limit demand.wanted + 1`;

/** The same, where an executor offers labels. */
const LOCK_RUNS_WITH_LABELS = {
  name: 'scheduler.lock_runs_with_labels',
  text: lockRunsText('scheduler.lock_runs_with_labels', WITH_LABELS),
};

function readyWhere(condition: string): string {
  return `
        select run_id, task_index, epoch, rank_at from task_run
        where pool = demand.pool and lane = demand.lane and rank_at is not null and waited.runs >= 0 and ${condition}
          and (place_key is null or extra -> 'voiding' is not null or place_limit > (
            select count(*) from attempt a where a.place_key = task_run.place_key and a.lease_until is not null
          ))
        order by rank_at
        limit demand.wanted + 1`;
}

function lockRunsText(name: string, ready: string): string {
  return `/* ${name} */
    with named as materialized (
      select run_id, revision from run where run_id = any($1::uuid[]) order by run_id for update
    ), waited as materialized (
      select count(*) as runs from named
    ), ready as materialized (
      select demand.place, t.run_id, t.task_index, t.epoch, t.rank_at
      from waited, unnest($2::text[], $3::text[], $4::int[], $5::text[]) with ordinality
        as demand(pool, lane, wanted, labels, place)
      cross join lateral (${ready}
      ) t
    ), found as materialized (
      select run_id, revision from run where run_id in (select run_id from ready) for update skip locked
    )
    select
      (select json_object_agg(run_id, revision) from named) as named,
      (select json_object_agg(run_id, revision) from found) as found,
      (select json_agg(json_build_array(place, run_id, task_index, epoch, rank_at) order by place, rank_at)
        from ready) as ready,
      floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
}

type Revisions = Readonly<Record<string, number>>;
type ReadyRow = readonly [
  place: number,
  runId: string,
  task: number,
  epoch: number,
  rankAt: number,
];
type LockRow = {
  readonly named: Revisions | null;
  readonly found: Revisions | null;
  readonly ready: readonly ReadyRow[] | null;
  readonly now: number;
};

export async function lockRuns(
  session: ControlSession,
  runIds: readonly string[],
  demands: readonly Demand[],
): Promise<Locked> {
  const hasLabels = demands.some(({ labels }) => labels.length > 0);
  const [row] = await session.query<LockRow>(hasLabels ? LOCK_RUNS_WITH_LABELS : LOCK_RUNS, [
    runIds,
    demands.map(({ pool }) => pool),
    demands.map(({ lane }) => lane),
    demands.map(({ limit }) => limit),
    demands.map(({ labels }) => labels.join()),
  ]);
  const { named, found, ready, now } = row!;
  const revisions = new Map([...Object.entries(named ?? {}), ...Object.entries(found ?? {})]);
  const byPlace = Map.groupBy(ready ?? [], ([place]) => place);
  const supplies = demands.map((demand, index) => {
    const rows = byPlace.get(index + 1) ?? [];
    const attempts = rows.slice(0, demand.limit).map(toAttempt);
    return {
      ...demand,
      attempts: attempts.filter(({ runId }) => revisions.has(runId)),
      hasMore: rows.length > demand.limit,
    };
  });
  return { now, revisions, supplies };
}

function toAttempt([, runId, task, epoch, rankAt]: ReadyRow): ReadyAttempt {
  return { runId, task, epoch, rankAt };
}
