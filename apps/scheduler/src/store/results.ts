import { createHash } from 'node:crypto';
import type { ControlDatabase, ControlSession } from '@floe/database';
import type { KnownResult, ResultRow, ResultWish } from '@floe/scheduling';
import { instantOf, jsonOf, type Part } from './columns.ts';

const FIND_RESULTS = {
  name: 'scheduler.find_results',
  text: `/* scheduler.find_results */
    select wish.place, r.run_id as "runId", r.rows, r.bytes, r.dataset
    from unnest($1::text[], $2::float8[]) with ordinality as wish(key, ttl_ms, place)
    join task_result r on r.key = wish.key
    where r.expires_at > clock_timestamp()
      and (wish.ttl_ms is null or r.made_at > clock_timestamp() - make_interval(secs => wish.ttl_ms / 1000))`,
};

/** A key holds the text of a whole task; what is kept is as long for all. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

type FoundRow = KnownResult & { readonly place: number };

/** What is known of each wish, in order. Reads without a lock: what is being made at this moment is not known yet. */
export async function findResults(
  session: ControlSession,
  wishes: readonly ResultWish[],
): Promise<readonly (KnownResult | undefined)[]> {
  const rows = await session.query<FoundRow>(FIND_RESULTS, [
    wishes.map(({ key }) => keyHash(key)),
    wishes.map(({ ttlMs }) => ttlMs ?? null),
  ]);
  const found = new Map(rows.map(({ place, ...result }) => [Number(place), result]));
  return wishes.map((_, index) => found.get(index + 1));
}

const FORGET_RESULTS = {
  name: 'scheduler.forget_results',
  text: `/* scheduler.forget_results */
    delete from task_result where key in (
      select key from task_result where expires_at < clock_timestamp() order by expires_at limit $1
      for update skip locked)`,
};

export async function forgetResults(
  { query }: Pick<ControlDatabase, 'query'>,
  limit: number,
): Promise<void> {
  await query(FORGET_RESULTS, [limit]);
}

/** The newest counts, whichever is written last. */
export const RESULTS: Part<ResultRow> = {
  name: 'results',
  columns: [
    { name: 'key', type: 'text', of: ({ key }) => keyHash(key) },
    { name: 'run_id', type: 'uuid', of: ({ runId }) => runId },
    { name: 'made_at', type: 'float8', of: ({ madeAt }) => madeAt },
    { name: 'expires_at', type: 'float8', of: ({ expiresAt }) => expiresAt },
    { name: 'rows', type: 'bigint', of: ({ rows }) => rows },
    { name: 'bytes', type: 'bigint', of: ({ bytes }) => bytes },
    { name: 'dataset', type: 'jsonb', of: ({ dataset }) => jsonOf(dataset) },
  ],
  sql: (source) => `
    insert into task_result as r (key, run_id, made_at, expires_at, rows, bytes, dataset)
    select x.key, x.run_id, ${instantOf('made_at')}, ${instantOf('expires_at')}, x.rows, x.bytes, x.dataset
    from ${source}
    on conflict (key) do update set
      run_id = excluded.run_id, made_at = excluded.made_at, expires_at = excluded.expires_at, rows = excluded.rows,
      bytes = excluded.bytes, dataset = excluded.dataset
    where excluded.made_at >= r.made_at`,
};

export function byKey(left: ResultRow, right: ResultRow): number {
  return left.key < right.key ? -1 : 1;
}
