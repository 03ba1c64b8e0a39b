import { sql } from 'kysely';
import type { Deps } from '../../deps.ts';

/** Who started runs of Floe, as lists show them (`run_by`): of those that were counted, and of those that are not yet. */
export const PEOPLE_OF_RUNS = sql<{ run_by: string }>`
  select run_by from run_count group by 1
  union
  select run_by_of(annotations, trigger) from run where run_id >= (select cursor_run_id from run_count_progress)
  union
  select run_by_of(r.annotations, r.trigger) from run_uncounted u join run r using (run_id)`;

export async function peopleOfRuns({ db }: Pick<Deps, 'db'>): Promise<string[]> {
  const { rows } = await PEOPLE_OF_RUNS.execute(db);
  return rows.map(({ run_by }) => run_by);
}
