import { toControlError } from '@floe/database';
import type { EventBatch } from '@floe/scheduling';
import type { Deps } from '../deps.ts';

// What one commit did to one run: some hundred kilobytes at most, save for the first of a run with thousands of tasks.
const BATCHES_PER_PAGE = 4;

/**
 * Events of a run after a number, oldest first, as they were committed. The scheduler writes the events of one run in
 * the order of their numbers, one transaction after the other, so what is visible has no gap. The first batch may begin
 * before the number.
 */
export async function readRunEvents(
  db: Deps['db'],
  runId: string,
  afterSequence: number,
): Promise<EventBatch[]> {
  const query = db
    .selectFrom('run_event_batch')
    .select(['run_id', 'first_sequence', 'occurred_at', 'before', 'events'])
    .where('run_id', '=', runId)
    .where('last_sequence', '>', afterSequence)
    .orderBy('last_sequence')
    .limit(BATCHES_PER_PAGE);
  const rows = await query.execute().catch((thrown: unknown) => {
    throw toControlError(thrown);
  });
  return rows.map((row) => ({
    runId: row.run_id,
    firstSequence: row.first_sequence,
    at: row.occurred_at,
    before: row.before as EventBatch['before'],
    events: row.events as EventBatch['events'],
  }));
}
