import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
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

/** Runs of all workflows in stretches of time: a range of the ids, whatever the history holds besides. */
export async function readTrend(
  db: Deps['db'],
  {
    fromMs,
    toMs,
    stepMs,
  }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
): Promise<readonly TrendRow[]> {
  const query = sql<TrendRow>`/* reporting.read_trend */
    with made as (
      select state, ended_at, floor(extract(epoch from created_at) * 1000 / ${stepMs})::bigint * ${stepMs} as start,
             (extract(epoch from ended_at - created_at) * 1000)::float8 as took
      from floe.run where run_id >= ${firstRunIdAt(fromMs)}::uuid and run_id < ${firstRunIdAt(toMs)}::uuid
    )
    select start, count(*) as run_count, count(*) filter (where state = 'succeeded') as succeeded_count,
           count(*) filter (where state in ('failed', 'timed_out')) as failed_count,
           count(*) filter (where ended_at is null) as open_count,
           percentile_disc(0.5) within group (order by took) filter (where state = 'succeeded') as duration_p50,
           percentile_disc(0.9) within group (order by took) filter (where state = 'succeeded') as duration_p90
    from made group by start order by start`;
  const { rows } = await query.execute(db).catch((thrown: unknown) => {
    throw toControlError(thrown);
  });
  return rows;
}
