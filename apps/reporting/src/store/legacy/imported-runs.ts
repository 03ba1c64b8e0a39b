/** Imported runs in the order of a page. They lie in few places: a workflow, with its names, and a person. */
import { sql, type RawBuilder } from 'kysely';
import { allOf, anyOf, within, type RunFilter, type Search } from './run-filter.ts';
import { beginsWith } from './own-runs.ts';
import { direction, reach, type Entries, type Page } from './page.ts';

type Condition = RawBuilder<boolean>;

const PLACE = sql`place_of(r.workflow_id, r.workflow_name, r.job_name, r.folder_name, r.workspace_name, r.run_by)`;

/** What is asked of an imported run `r` besides the search. */
export function importedBase({ span, workflowId, statuses }: RunFilter): Condition {
  return allOf([
    workflowId === undefined ? undefined : sql`r.workflow_id = ${workflowId}`,
    within(sql`r.run_status`, statuses),
    ...startsWithin(span),
  ]);
}

export function startsWithin({
  fromMs,
  toMs,
}: Pick<RunFilter['span'], 'fromMs' | 'toMs'>): (Condition | undefined)[] {
  return [
    fromMs === undefined ? undefined : sql`r.start_timestamp >= ${new Date(fromMs)}`,
    toMs === undefined ? undefined : sql`r.start_timestamp < ${new Date(toMs)}`,
  ];
}

export function importedMatches({ text, places }: Search) {
  const named: Condition[] = places.length === 0 ? [] : [within(PLACE, places)!];
  const byId: Condition[] = [
    sql`lower(r.workflow_run_id) ${beginsWith(text)}`,
    sql`lower(r.job_run_id) ${beginsWith(text)}`,
  ];
  return { named, byId };
}

export function importedSearch({ search }: RunFilter): Condition {
  if (search === undefined) return sql`true`;
  const { named, byId } = importedMatches(search);
  return anyOf([...named, ...byId]);
}

/** `count` is how many there are: where they are few, they are sorted when they have been found. */
export function importedEntries(filter: RunFilter, page: Page, count: number): Entries {
  if (count <= page.foundMax) return sorted(found(filter), page);
  const base = allOf([importedBase(filter), importedSearch(filter)]);
  switch (page.column) {
    case 'start_timestamp':
    case 'workflow_run_id':
    case 'job_run_id':
      return sorted(sql`select * from legacy_run r where ${base}`, page);
    case 'end_timestamp':
      return walkByEnd(base, page);
    case 'run_status':
      return walkGroups(base, page, {
        rows: sql`select distinct run_status as key from legacy_run_count where day = '-infinity'`,
        condition: sql`r.run_status = g.key`,
      });
    default:
      return walkGroups(base, page, {
        rows: sql`select place, ${sql.ref(page.column)} as key from legacy_run_place`,
        condition: sql`${PLACE} = g.place`,
      });
  }
}

function found(filter: RunFilter): RawBuilder<unknown> {
  const base = importedBase(filter);
  if (filter.search === undefined) return sql`select r.* from legacy_run r where ${base}`;
  const { named, byId } = importedMatches(filter.search);
  const ways = [...named, ...byId].map(
    (way) => sql`select r.workflow_run_id from legacy_run r where ${base} and ${way}`,
  );
  return sql`select r.* from legacy_run r where r.workflow_run_id = any(array(${sql.join(ways, sql` union `)}))`;
}

const ENTRY = sql`r.start_timestamp as start, r.workflow_run_id as id, null::uuid as run_id`;

/** Only an end can be missing: an order that says where to put what is missing could not come from an index. */
function orderOf(page: Page): RawBuilder<unknown> {
  const { column } = page;
  const way = direction(page);
  const rest = sql`r.start_timestamp ${way}, r.workflow_run_id ${way} limit ${reach(page)}`;
  if (column === 'start_timestamp') return sql`order by ${rest}`;
  const last = column === 'end_timestamp' ? sql` nulls last` : sql``;
  return sql`order by ${sql.ref(`r.${column}`)} ${way}${last}, ${rest}`;
}

function sorted(runs: RawBuilder<unknown>, page: Page): Entries {
  return sql`select ${sql.ref(`r.${page.column}`)} as key, ${ENTRY} from (${runs}) r ${orderOf(page)}`;
}

/** Those that went on come last, whichever way. */
function walkByEnd(base: Condition, page: Page): Entries {
  const way = direction(page);
  const most = reach(page);
  const rest = sql`r.start_timestamp ${way}, r.workflow_run_id ${way} limit ${most}`;
  return sql`
    select * from (
      (select r.end_timestamp as key, ${ENTRY} from legacy_run r where r.end_timestamp is not null and ${base}
      order by r.end_timestamp ${way}, ${rest})
      union all
      (select null, ${ENTRY} from legacy_run r where r.end_timestamp is null and ${base} order by ${rest})
    ) ends limit ${most}`;
}

type Groups = { readonly rows: RawBuilder<unknown>; readonly condition: Condition };

/** One group after the other, and each as far as it can be on the page. */
function walkGroups(base: Condition, page: Page, { rows, condition }: Groups): Entries {
  const way = direction(page);
  const rest = sql`r.start_timestamp ${way}, r.workflow_run_id ${way} limit ${reach(page)}`;
  return sql`
    select g.key, ${ENTRY} from (select * from (${rows}) listed order by key ${way}) g
    cross join lateral (
      select r.start_timestamp, r.workflow_run_id from legacy_run r where ${condition} and ${base} order by ${rest}
    ) r
    order by g.key ${way}, ${rest}`;
}
