import { sql, type RawBuilder } from 'kysely';
import { FloeError } from '@floe/errors';
import type { ListLegacyRunsRequest, ListLegacyRunsResponse } from '@floe/rpc/internal-contracts';
import type { Deps } from '../../deps.ts';
import { NODE_COUNTS, toLegacyRun, type LegacyRunRow } from './run-rows.ts';
import { runFilterOf, sortColumnOf, type RunFilter } from './run-filter.ts';

// As many as callers show on a page, and a few times more.
const LIMIT_MAX = 500;
// A file that people can still open.
const DOWNLOAD_MAX = 10_000;
// Whoever skips more is looking for something: filters find it.
const SKIP_MAX = 100_000;

/** A page of the runs of Floe and the imported ones together, with counts of all that the filters leave. */
export async function listLegacyRuns(
  deps: Deps,
  request: ListLegacyRunsRequest,
): Promise<ListLegacyRunsResponse> {
  const page = {
    column: sortColumnOf(request),
    isAscending: request.isAscending,
    limit: within('limit', request.limit, request.isDownload ? DOWNLOAD_MAX : LIMIT_MAX),
    skip: within('skip', request.skip, SKIP_MAX),
  };
  const filter = await runFilterOf(deps, request);
  const [rows, counts] = await Promise.all([readPage(deps, filter, page), countRuns(deps, filter)]);
  return { runs: rows.map(toLegacyRun), ...counts };
}

function within(field: string, value: number, max: number): number {
  if (value >= 0 && value <= max) return value;
  throw new FloeError('ARGUMENT_INVALID', `${field} is from 0 to ${max}, not ${value}`, {
    violations: [{ field, message: 'is out of range' }],
  });
}

type Page = {
  readonly column: string;
  readonly isAscending: boolean;
  readonly limit: number;
  readonly skip: number;
};

async function readPage(deps: Deps, filter: RunFilter, page: Page): Promise<LegacyRunRow[]> {
  const { limit, skip } = page;
  const order = orderOf(page);
  const { rows } = await sql<LegacyRunRow>`
    with page as (
      select * from ((${ownRuns(filter, page)}) union all (${importedRuns(filter, page)})) found
      order by ${order} limit ${limit} offset ${skip}
    )
    select s.*, n.* from page s cross join lateral (${NODE_COUNTS}) n order by ${order}`.execute(
    deps.db,
  );
  return rows;
}

/** Only as many of each kind as could be on the page; newest first they come by their ids, which are in that order. */
function ownRuns({ own }: RunFilter, page: Page): RawBuilder<unknown> {
  const isByTime = page.column === 'start_timestamp';
  const newest = isByTime
    ? sql`order by r.run_id ${direction(page)} limit ${page.skip + page.limit}`
    : sql``;
  return sql`
    select s.* from (select r.run_id from run r where ${own} ${newest}) wanted
    cross join lateral (select * from workflow_run_stats where floe_run_id = wanted.run_id limit 1) s
    order by ${orderOf(page)} limit ${page.skip + page.limit}`;
}

function importedRuns({ imported }: RunFilter, page: Page): RawBuilder<unknown> {
  return sql`
    select * from workflow_run_stats r where r.floe_run_id is null and ${imported}
    order by ${orderOf(page)} limit ${page.skip + page.limit}`;
}

function orderOf(page: Page): RawBuilder<unknown> {
  const way = direction(page);
  return sql`${sql.ref(page.column)} ${way} nulls last, workflow_run_id ${way}`;
}

function direction({ isAscending }: Page): RawBuilder<unknown> {
  return isAscending ? sql`asc` : sql`desc`;
}

async function countRuns(deps: Deps, { own, imported }: RunFilter) {
  const { rows } = await sql<{ active: number; ended: number }>`
    select sum(active)::int as active, sum(ended)::int as ended from (
      select count(*) filter (where r.wake_at is not null) as active, count(*) filter (where r.wake_at is null) as ended
      from run r where ${own}
      union all
      select count(*) filter (where r.run_status in ('Started', 'Running')),
        count(*) filter (where r.run_status not in ('Started', 'Running'))
      from legacy_run r where ${imported}
    ) counts`.execute(deps.db);
  const { active, ended } = rows[0]!;
  return { activeCount: active, endedCount: ended };
}
