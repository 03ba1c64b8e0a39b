import { sql, type RawBuilder } from 'kysely';
import { FloeError } from '@floe/errors';
import type { ListLegacyRunsRequest, ListLegacyRunsResponse } from '@floe/rpc/internal-contracts';
import type { Deps } from '../../deps.ts';
import { countRuns, type CountsOfBoth, type RunCounts } from './count-runs.ts';
import { importedEntries } from './imported-runs.ts';
import { ownEntries } from './own-runs.ts';
import { direction, SORT_COLUMNS, type Entries, type Page, type SortColumn } from './page.ts';
import { runFilterOf, type RunFilter } from './run-filter.ts';
import { toLegacyRun, type LegacyRunRow } from './run-rows.ts';

// As many as callers show on a page, and a few times more.
const LIMIT_MAX = 500;
// A file that people can still open.
const DOWNLOAD_MAX = 10_000;
// Whoever skips more is looking for something: filters find it.
const SKIP_MAX = 100_000;
// Looked up and sorted in some ten milliseconds; more make one in five hundred of a million.
const FOUND_MAX = 2_000;

/** A page of the runs of Floe and the imported ones together, with counts of all that the filters leave. */
export async function listLegacyRuns(
  deps: Pick<Deps, 'db' | 'nodeCounts'>,
  request: ListLegacyRunsRequest,
  foundMax = FOUND_MAX,
): Promise<ListLegacyRunsResponse> {
  const page = {
    column: sortColumnOf(request),
    isAscending: request.isAscending,
    limit: within('limit', request.limit, request.isDownload ? DOWNLOAD_MAX : LIMIT_MAX),
    skip: within('skip', request.skip, SKIP_MAX),
    foundMax,
  };
  const filter = await runFilterOf(deps, request);
  const counts = await countRuns(deps, filter);
  const { own, imported } = counts;
  const rows = await readPage(deps, entriesOf(filter, page, counts));
  const nodes = await deps.nodeCounts.of(rows);
  return {
    runs: rows.map((row, index) => toLegacyRun(row, nodes[index]!)),
    activeCount: own.active + imported.active,
    endedCount: own.ended + imported.ended,
  };
}

/** The column by which a list is sorted. Throws ARGUMENT_INVALID for one that lists cannot be sorted by. */
function sortColumnOf({ sortColumn }: ListLegacyRunsRequest): SortColumn {
  if (sortColumn === '') return 'start_timestamp';
  const column = SORT_COLUMNS.find((known) => known === sortColumn);
  if (column !== undefined) return column;
  const shown = JSON.stringify(sortColumn);
  throw new FloeError('ARGUMENT_INVALID', `lists cannot be sorted by ${shown}`, {
    violations: [{ field: 'sort_column', message: `is none of ${SORT_COLUMNS.join(', ')}` }],
  });
}

function within(field: string, value: number, max: number): number {
  if (value >= 0 && value <= max) return value;
  throw new FloeError('ARGUMENT_INVALID', `${field} is from 0 to ${max}, not ${value}`, {
    violations: [{ field, message: 'is out of range' }],
  });
}

/** The entries of one page. Where there are runs of one kind only, what is before the page is not looked at again. */
function entriesOf(filter: RunFilter, page: Page, counts: CountsOfBoth): Entries {
  const [own, imported] = [totalOf(counts.own), totalOf(counts.imported)];
  const kinds: Entries[] = [];
  if (own > 0 || imported === 0) kinds.push(ownEntries(filter, page, own));
  if (imported > 0) kinds.push(importedEntries(filter, page, imported));
  const way = direction(page);
  const all = sql.join(
    kinds.map((kind) => sql`(${kind})`),
    sql` union all `,
  );
  return sql`
    select row_number() over (order by key ${way} nulls last, start ${way}, id ${way}) as place, id, run_id
    from (${all}) entry order by place limit ${page.limit} offset ${page.skip}`;
}

function totalOf({ active, ended }: RunCounts): number {
  return active + ended;
}

async function readPage(
  deps: Pick<Deps, 'db'>,
  entries: RawBuilder<unknown>,
): Promise<LegacyRunRow[]> {
  const { rows } = await sql<LegacyRunRow>`
    with entry as materialized (${entries})
    select entry.place, s.*, r.state, r.event_sequence, r.ended_at from entry
    cross join lateral (select * from workflow_run_stats where floe_run_id = entry.run_id limit 1) s
    join run r on r.run_id = entry.run_id
    union all
    select entry.place, s.*, null, null, null from entry
    cross join lateral (
      select * from workflow_run_stats where workflow_run_id = entry.id and floe_run_id is null limit 1
    ) s
    where entry.run_id is null
    order by place`.execute(deps.db);
  return rows;
}
