import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
import { firstRunIdAt } from '../run-id.ts';

/** Unfinished runs by state. They are few, whatever the history. */
export async function countOpenRuns(db: Deps['db']): Promise<ReadonlyMap<string, number>> {
  const open = ['queued', 'running', 'paused', 'cancelling'];
  const query = db
    .selectFrom('run')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('state', 'in', open)
    .groupBy('state');
  return toMap(await query.execute().catch(fail));
}

/** Ended runs by state, of those created since an instant: a range of one index. */
export async function countRunsSince(
  db: Deps['db'],
  sinceMs: number,
): Promise<ReadonlyMap<string, number>> {
  const query = db
    .selectFrom('run')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('state', 'in', ['succeeded', 'failed', 'timed_out'])
    .where('run_id', '>=', firstRunIdAt(sinceMs))
    .groupBy('state');
  return toMap(await query.execute().catch(fail));
}

/** When the oldest task that nobody has claimed became ready; null when none waits. */
export async function readOldestReady(db: Deps['db']): Promise<number | null> {
  const query = db
    .selectFrom('task_run')
    .select(({ fn }) => fn.min('ready_at').as('oldest'))
    .where('rank_at', 'is not', null);
  const row = await query.executeTakeFirst().catch(fail);
  return row?.oldest ?? null;
}

function toMap(rows: readonly { state: string; count: number }[]): ReadonlyMap<string, number> {
  return new Map(rows.map(({ state, count }) => [state, count]));
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
