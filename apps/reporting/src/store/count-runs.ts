import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

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

// Those that waited longest are at the head of their queue, save for what priority moves; a look at more of them costs more
// than the number is worth.
const WAITING_LOOKED_AT_MAX = 5_000;

/** When the oldest task that nobody has claimed became ready; null when none waits. */
export async function readOldestReady(db: Deps['db']): Promise<number | null> {
  const waiting = (asksForLabels: boolean) =>
    db
      .selectFrom('task_run')
      .select('ready_at')
      .where('rank_at', 'is not', null)
      .where('labels', asksForLabels ? 'is not' : 'is', null)
      .orderBy('pool')
      .orderBy('lane')
      .orderBy('rank_at')
      .limit(WAITING_LOOKED_AT_MAX);
  // Each has the index of a queue: what is not ready, however much it is, is not looked at.
  const query = db
    .selectFrom(waiting(false).as('plain'))
    .select('ready_at')
    .unionAll(db.selectFrom(waiting(true).as('labelled')).select('ready_at'));
  const row = await db
    .selectFrom(query.as('waiting'))
    .select(({ fn }) => fn.min('ready_at').as('oldest'))
    .executeTakeFirst()
    .catch(fail);
  return row?.oldest ?? null;
}

function toMap(rows: readonly { state: string; count: number }[]): ReadonlyMap<string, number> {
  return new Map(rows.map(({ state, count }) => [state, count]));
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
