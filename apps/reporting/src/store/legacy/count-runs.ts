/** How many runs a list is of, exactly: of whole days as they were counted before, and of the rest as it is. */
import { sql, type RawBuilder } from 'kysely';
import type { Deps } from '../../deps.ts';
import { importedBase, importedMatches, importedSearch, startsWithin } from './imported-runs.ts';
import { HAS_ENDED, idsWithin, ownBase, ownMatches, ownSearch } from './own-runs.ts';
import { allOf, anyOf, within, type RunFilter } from './run-filter.ts';
import { dayOf } from './span.ts';

type Condition = RawBuilder<boolean>;
type Rows = RawBuilder<unknown>;
export type RunCounts = { readonly active: number; readonly ended: number };

export type CountsOfBoth = { readonly own: RunCounts; readonly imported: RunCounts };

export async function countRuns(deps: Pick<Deps, 'db'>, filter: RunFilter): Promise<CountsOfBoth> {
  const [own, imported] = await Promise.all([
    sumOf(deps, ownParts(filter)),
    sumOf(deps, importedParts(filter)),
  ]);
  return { own, imported };
}

/** One statement, so that all parts are of the same instant. */
async function sumOf({ db }: Pick<Deps, 'db'>, parts: readonly Rows[]): Promise<RunCounts> {
  const { rows } = await sql<RunCounts>`
    select coalesce(sum(active), 0)::int as active, coalesce(sum(ended), 0)::int as ended
    from (${sql.join([...parts], sql` union all `)}) parts(active, ended)`.execute(db);
  return rows[0]!;
}

function daysWithin(days: RunFilter['span']['days']): (Condition | undefined)[] {
  return [
    days?.fromMs === undefined ? undefined : sql`c.day >= ${dayOf(days.fromMs)}::date`,
    days?.toMs === undefined ? undefined : sql`c.day < ${dayOf(days.toMs)}::date`,
  ];
}

const CURSOR = sql`(select cursor_run_id from run_count_progress)`;
const IS_COUNTED: Condition = sql`r.run_id < ${CURSOR} and ${HAS_ENDED}
  and not exists (select from run_uncounted u where u.run_id = r.run_id)`;

function ownParts(filter: RunFilter): Rows[] {
  const { span, search } = filter;
  const all = allOf([ownBase(filter), ownSearch(filter)]);
  const asItIs = (runs: Rows, condition: Condition) => sql`
    select count(*) filter (where not ${HAS_ENDED}), count(*) filter (where ${HAS_ENDED}) from ${runs} where ${condition}`;
  const parts = [
    asItIs(sql`run r`, allOf([sql`r.run_id >= ${CURSOR}`, all])),
    asItIs(sql`run_uncounted u join run r using (run_id)`, all),
    ...span.edges.map((edge) => asItIs(sql`run r`, allOf([...idsWithin(edge), IS_COUNTED, all]))),
  ];
  const { days } = span;
  if (days === undefined) return parts;
  parts.push(countedDays(filter));
  if (search === undefined) return parts;
  const { named, byId } = ownMatches(search);
  const onlyById = allOf([anyOf(byId), ...named.map((way) => sql`not ${way}` as Condition)]);
  return [
    ...parts,
    asItIs(sql`run r`, allOf([...idsWithin(days), IS_COUNTED, ownBase(filter), onlyById])),
  ];
}

/** A partition that was just dropped is still in the table for a moment. */
const IS_KEPT: Condition = sql`c.day >= (select day_of(min(from_at)) from history_partition)`;

function countedDays({ span, workflowNames, states, search }: RunFilter): Rows {
  const named = search && [
    within(sql`c.workflow_name`, search.workflowNames)!,
    within(sql`c.run_by`, search.people)!,
  ];
  const condition = allOf([
    ...daysWithin(span.days),
    within(sql`c.workflow_name`, workflowNames),
    within(sql`c.state`, states),
    named && anyOf(named),
    IS_KEPT,
  ]);
  return sql`select 0, sum(c.runs) from run_count c where ${condition}`;
}

const GOES_ON: Condition = sql`run_status in ('Started', 'Running')`;

function importedParts(filter: RunFilter): Rows[] {
  const { span, search } = filter;
  const asItIs = (condition: Condition) => sql`
    select count(*) filter (where ${GOES_ON}), count(*) filter (where not ${GOES_ON}) from legacy_run r where ${condition}`;
  const parts = span.edges.map((edge) =>
    asItIs(allOf([...startsWithin(edge), importedBase(filter), importedSearch(filter)])),
  );
  const { days } = span;
  if (days === undefined) return parts;
  parts.push(importedDays(filter));
  if (search === undefined) return parts;
  const { named, byId } = importedMatches(search);
  const onlyById = allOf([anyOf(byId), ...named.map((way) => sql`not ${way}` as Condition)]);
  return [...parts, asItIs(allOf([...startsWithin(days), importedBase(filter), onlyById]))];
}

function importedDays({ span, workflowId, statuses, search }: RunFilter): Rows {
  const ofWorkflow: Condition | undefined =
    workflowId === undefined
      ? undefined
      : sql`c.place in (select place from legacy_run_place where workflow_id = ${workflowId})`;
  const { fromMs, toMs } = span.days ?? {};
  const isAny = fromMs === undefined && toMs === undefined;
  const condition = allOf([
    isAny ? sql`c.day = '-infinity'` : sql`c.day > '-infinity'`,
    ...daysWithin(span.days),
    ofWorkflow,
    within(sql`c.run_status`, statuses),
    search && within(sql`c.place`, search.places),
  ]);
  return sql`
    select sum(c.runs) filter (where ${GOES_ON}), sum(c.runs) filter (where not ${GOES_ON})
    from legacy_run_count c where ${condition}`;
}
