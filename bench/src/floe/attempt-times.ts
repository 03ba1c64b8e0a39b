import type { Endpoints } from '@floe/embedded';
import type { Figures } from '../bench.ts';
import { rounded } from '../statistics.ts';
import { openControl } from './control-database.ts';

/**
 * How long the attempts of a run waited and ran, by Floe's own record: ready to claimed, claimed to ended, and from the
 * end of the last upstream task to ready.
 */
const TIMES = `
  with times as (
    select extract(epoch from a.claimed_at - a.ready_at) * 1000 as queued,
           extract(epoch from a.ended_at - a.claimed_at) * 1000 as ran
    from floe.attempt a where a.run_id = $1
  )
  select percentile_disc(0.5) within group (order by queued) as ready_to_claimed_p50_ms,
         percentile_disc(0.99) within group (order by queued) as ready_to_claimed_p99_ms,
         percentile_disc(0.5) within group (order by ran) as claimed_to_ended_p50_ms,
         percentile_disc(0.99) within group (order by ran) as claimed_to_ended_p99_ms,
         count(*) as attempts
  from times`;

const GAPS = `
  select percentile_disc(0.5) within group (order by gap) as ended_to_next_claimed_p50_ms,
         percentile_disc(0.99) within group (order by gap) as ended_to_next_claimed_p99_ms
  from (
    select extract(epoch from next.claimed_at - a.ended_at) * 1000 as gap
    from floe.attempt a
    join floe.attempt next on next.run_id = a.run_id and next.task_index = a.task_index + 1
    where a.run_id = $1
  ) gaps`;

export function readAttemptTimes(endpoints: Endpoints, runId: string): Promise<Figures> {
  return readFigures(endpoints, TIMES, runId);
}

/** Of a run whose tasks follow each other in the order of the document. */
export function readChainGaps(endpoints: Endpoints, runId: string): Promise<Figures> {
  return readFigures(endpoints, GAPS, runId);
}

async function readFigures(endpoints: Endpoints, text: string, runId: string): Promise<Figures> {
  await using session = await openControl(endpoints);
  const [row] = await session.query<Record<string, string>>(text, [runId]);
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [name, rounded(Number(value))]),
  );
}
