import type { Endpoints } from '@floe/embedded';
import type { Figures } from '../bench.ts';
import { rounded } from '../statistics.ts';
import { openControl } from './control-database.ts';

/**
 * Where the time of the attempts of runs went, by Floe's own record: from ready to claimed, from there until the work
 * began, and from that until its outcome was accepted.
 */
const TIMES = `
  with times as (
    select extract(epoch from a.claimed_at - a.ready_at) * 1000 as queued,
           extract(epoch from a.began_at - a.claimed_at) * 1000 as brought,
           extract(epoch from a.ended_at - a.began_at) * 1000 as ran
    from floe.attempt a where a.run_id = any($1::uuid[])
  )
  select percentile_disc(0.5) within group (order by queued) as ready_to_claimed_p50_ms,
         percentile_disc(0.99) within group (order by queued) as ready_to_claimed_p99_ms,
         percentile_disc(0.5) within group (order by brought) as claimed_to_running_p50_ms,
         percentile_disc(0.99) within group (order by brought) as claimed_to_running_p99_ms,
         percentile_disc(0.5) within group (order by ran) as running_to_ended_p50_ms,
         percentile_disc(0.99) within group (order by ran) as running_to_ended_p99_ms,
         count(*) as attempts
  from times`;

const GAPS = `
  select percentile_disc(0.5) within group (order by gap) as ended_to_next_ready_p50_ms,
         percentile_disc(0.99) within group (order by gap) as ended_to_next_ready_p99_ms
  from (
    select extract(epoch from next.ready_at - a.ended_at) * 1000 as gap
    from floe.attempt a
    join floe.attempt next on next.run_id = a.run_id and next.task_index = a.task_index + 1
    where a.run_id = any($1::uuid[])
  ) gaps`;

type RunIds = readonly string[];

export function readAttemptTimes(endpoints: Endpoints, runIds: RunIds): Promise<Figures> {
  return readFigures(endpoints, TIMES, runIds);
}

/** Of a run whose tasks follow each other in the order of the document. */
export function readChainGaps(endpoints: Endpoints, runIds: RunIds): Promise<Figures> {
  return readFigures(endpoints, GAPS, runIds);
}

async function readFigures(endpoints: Endpoints, text: string, runIds: RunIds): Promise<Figures> {
  await using session = await openControl(endpoints);
  const [row] = await session.query<Record<string, string>>(text, [runIds]);
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [name, rounded(Number(value))]),
  );
}
