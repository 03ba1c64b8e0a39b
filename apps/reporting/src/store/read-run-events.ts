import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export type RunEventRow = Awaited<ReturnType<typeof readRunEvents>>[number];

/**
 * Events of a run after a number, oldest first. The scheduler writes the events of one run in the order of their
 * numbers, one transaction after the other, so what is visible has no gap.
 */
export async function readRunEvents(
  db: Deps['db'],
  runId: string,
  page: { readonly afterSequence: number; readonly limit: number },
) {
  return db
    .selectFrom('run_event')
    .select(['sequence', 'type', 'occurred_at', 'data'])
    .where('run_id', '=', runId)
    .where('sequence', '>', page.afterSequence)
    .orderBy('sequence')
    .limit(page.limit)
    .execute()
    .catch((thrown: unknown) => {
      throw toControlError(thrown);
    });
}
