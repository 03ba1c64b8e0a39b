import type { ControlDatabase } from '@floe/database';
import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import { firstRunIdAt } from '../run-id.ts';

export type TrendRow = {
  /** The first millisecond of the stretch. */
  readonly start: number;
  readonly run_count: number;
  readonly succeeded_count: number;
  readonly failed_count: number;
  readonly open_count: number;
  readonly duration_p50: number | null;
  readonly duration_p90: number | null;
};

/**
 * Runs of all workflows in stretches of time: a range of the ids, whatever the history holds besides. Row by row PostgreSQL
 * adds times, which are integers, and makes milliseconds of the few that come out.
 */
export async function readTrend(
  db: ControlDatabase['db'],
  {
    fromMs,
    toMs,
    stepMs,
  }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
): Promise<readonly TrendRow[]> {
  const query = sql<TrendRow>`/* reporting.read_trend */
    with made as (
      select state, ended_at, ended_at - created_at as took,
             date_bin(make_interval(secs => ${stepMs / 1_000}), created_at, timestamptz 'epoch') as start
      from floe.run where run_id >= ${firstRunIdAt(fromMs)}::uuid and run_id < ${firstRunIdAt(toMs)}::uuid
    ), counted as (
      select start, count(*) as run_count, count(*) filter (where state = 'succeeded') as succeeded_count,
             count(*) filter (where state in ('failed', 'timed_out')) as failed_count,
             count(*) filter (where ended_at is null) as open_count,
             percentile_disc(array[0.5, 0.9]) within group (order by took) filter (where state = 'succeeded') as durations
      from made group by start
    )
    select (extract(epoch from start) * 1000)::bigint as start, run_count, succeeded_count, failed_count, open_count,
           (extract(epoch from durations[1]) * 1000)::float8 as duration_p50,
           (extract(epoch from durations[2]) * 1000)::float8 as duration_p90
    from counted order by start`;
  const { rows } = await query.execute(db).catch((thrown: unknown) => {
    throw toControlError(thrown);
  });
  return rows;
}
