/**
 * Places of keys. Whoever deals with a key holds its lock (advisory, until the end of the transaction), so that what is
 * read about it stays true until the commit. Locks are taken after those of runs; a circle that two transactions make
 * nevertheless is broken by PostgreSQL, and one of them is done again.
 */
import type { ControlDatabase, ControlSession } from '@floe/database';
import type { PlaceVerdict, PlaceWish } from '@floe/scheduling';

const LOCK_KEYS = {
  name: 'scheduler.lock_keys',
  text: `/* scheduler.lock_keys */
    select pg_advisory_xact_lock(lock) from (
      select distinct hashtextextended($1 || key, 0) as lock from unnest($2::text[]) as key order by 1
    ) locks`,
};

const ASK = {
  name: 'scheduler.ask_for_places',
  text: `/* scheduler.ask_for_places */
    insert into run_place (run_id, key)
    select run_id, key from unnest($1::uuid[], $2::text[]) with ordinality as wish(run_id, key, number)
    order by number
    on conflict (run_id) do nothing`,
};

// In the order of asking; who has a place stands before who has none.
const TAKE = {
  name: 'scheduler.take_places',
  text: `/* scheduler.take_places */
    with ranked as (
      select run_id, row_number() over (partition by key order by is_taken desc, position) as place
      from run_place where key = any($3::text[])
    )
    update run_place p set is_taken = true
    from ranked, unnest($1::uuid[], $2::int[]) as wish(run_id, places)
    where p.run_id = ranked.run_id and wish.run_id = p.run_id and ranked.place <= wish.places
    returning p.run_id`,
};

const READ = {
  name: 'scheduler.read_places',
  text: `/* scheduler.read_places */
    select run_id, key from run_place where key = any($1::text[]) order by is_taken desc, position`,
};

type PlaceRow = { readonly run_id: string; readonly key: string };

export async function takePlaces(
  session: ControlSession,
  wishes: readonly PlaceWish[],
): Promise<ReadonlyMap<string, PlaceVerdict>> {
  const runIds = wishes.map(({ runId }) => runId);
  const keys = wishes.map(({ key }) => key);
  await session.query(LOCK_KEYS, ['run:', keys]);
  await session.query(ASK, [runIds, keys]);
  const limits = wishes.map(({ limit }) => limit);
  const taken = await session.query<{ run_id: string }>(TAKE, [runIds, limits, keys]);
  const all = await session.query<PlaceRow>(READ, [keys]);
  const hasPlace = new Set(taken.map((row) => row.run_id));
  return new Map(
    wishes.map(({ runId, key }) => {
      const ofKey = all.filter((row) => row.key === key).map((row) => row.run_id);
      const before = ofKey.slice(0, ofKey.indexOf(runId));
      return [runId, { isTaken: hasPlace.has(runId), before }];
    }),
  );
}

const FREE = {
  name: 'scheduler.free_places',
  text: `/* scheduler.free_places */ delete from run_place where run_id = any($1::uuid[])`,
};

export async function freePlaces(
  session: ControlSession,
  places: readonly { readonly runId: string; readonly key: string }[],
): Promise<void> {
  await session.query(LOCK_KEYS, ['run:', places.map(({ key }) => key)]);
  await session.query(FREE, [places.map(({ runId }) => runId)]);
}

const COUNT = {
  name: 'scheduler.count_places',
  text: `/* scheduler.count_places */
    select place_key as key, count(*)::int as count from attempt
    where place_key = any($1::text[]) and lease_until is not null
    group by place_key`,
};

/** Running attempts by key. */
export async function countPlaces(
  session: ControlSession,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  await session.query(LOCK_KEYS, ['task:', keys]);
  const rows = await session.query<{ key: string; count: number }>(COUNT, [keys]);
  return new Map(rows.map(({ key, count }) => [key, count]));
}

const FIND_WAITING = {
  name: 'scheduler.find_waiting_for_place',
  text: `/* scheduler.find_waiting_for_place */
    select run_id from run_place where key = $1 and not is_taken order by position limit $2`,
};

export async function findWaitingForPlace(
  { query }: Pick<ControlDatabase, 'query'>,
  key: string,
  limit: number,
): Promise<string[]> {
  const rows = await query<{ run_id: string }>(FIND_WAITING, [key, limit]);
  return rows.map((row) => row.run_id);
}
