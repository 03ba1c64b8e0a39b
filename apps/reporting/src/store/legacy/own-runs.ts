/** Runs of Floe in the order of a page. Newest first they come by their ids, which begin with the time. */
import { sql, type RawBuilder } from 'kysely';
import { allOf, anyOf, within, type RunFilter, type Search } from './run-filter.ts';
import { direction, reach, type Entries, type Page } from './page.ts';
import { PEOPLE_OF_RUNS } from './people-of-runs.ts';
import { idOf } from './span.ts';
import { STATES_OF_WORD } from './status-words.ts';

type Condition = RawBuilder<boolean>;

const RUN_BY = sql`run_by_of(r.annotations, r.trigger)`;
const JOB_RUN = sql`coalesce(r.group_id, r.run_id::text)`;
const ENDED = ['succeeded', 'failed', 'cancelled', 'timed_out'];

export const HAS_ENDED: Condition = sql`r.state = any(${ENDED}::text[])`;

/** What is asked of a run `r` besides the search. */
export function ownBase({ span, workflowNames, states }: RunFilter): Condition {
  return allOf([
    within(sql`r.workflow_name`, workflowNames),
    within(sql`r.state`, states),
    ...idsWithin(span),
  ]);
}

export function idsWithin({
  fromMs,
  toMs,
}: Pick<RunFilter['span'], 'fromMs' | 'toMs'>): (Condition | undefined)[] {
  return [
    fromMs === undefined ? undefined : sql`r.run_id >= ${idOf(fromMs)}::uuid`,
    toMs === undefined ? undefined : sql`r.run_id < ${idOf(toMs)}::uuid`,
  ];
}

/** Ways to find a run by the text of a search, each through an index. */
export function ownMatches({ text, workflowNames, people }: Search) {
  const named: Condition[] = [];
  if (workflowNames.length > 0) named.push(within(sql`r.workflow_name`, workflowNames)!);
  if (people.length > 0) named.push(within(RUN_BY, people)!);
  return {
    named,
    byId: [...runsFrom(text), sql`lower(r.group_id) ${beginsWith(text)}` as Condition],
  };
}

export function ownSearch({ search }: RunFilter): Condition {
  if (search === undefined) return sql`true`;
  const { named, byId } = ownMatches(search);
  return anyOf([...named, ...byId]);
}

const UUID_DIGITS = 32;
// Ids of the same minute have the first eight in common. Fewer would be those of hours.
const UUID_DIGITS_MIN = 8;

/** Runs whose id begins with the text, as a range of ids. */
function runsFrom(text: string): Condition[] {
  const digits = text.replaceAll('-', '');
  const isBeginning = /^[0-9a-f]+$/.test(digits) && digits.length <= UUID_DIGITS;
  if (!isBeginning || digits.length < UUID_DIGITS_MIN) return [];
  const [low, high] = ['0', 'f'].map((digit) => digits.padEnd(UUID_DIGITS, digit));
  return [sql`r.run_id between ${low}::uuid and ${high}::uuid`];
}

// A beginning that is shorter is that of many; a whole id may be as short as it likes.
const BEGINNING_MIN = 8;

export function beginsWith(text: string): RawBuilder<unknown> {
  if (text.length < BEGINNING_MIN) return sql`= ${text}`;
  return sql`like ${`${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}`;
}

/** `count` is how many there are: where they are few, they are sorted when they have been found. */
export function ownEntries(filter: RunFilter, page: Page, count: number): Entries {
  if (count <= page.foundMax) return sorted(found(filter), page);
  const base = allOf([ownBase(filter), ownSearch(filter)]);
  switch (page.column) {
    case 'start_timestamp':
    case 'workflow_run_id':
      return walk(base, page);
    case 'end_timestamp':
      return walkByEnd(base, page);
    case 'job_run_id':
      return walkByJobRun(base, page);
    case 'run_status':
      return walkGroups(base, page, statusGroups());
    case 'run_by':
      return walkGroups(base, page, peopleGroups());
    default:
      return walkGroups(base, page, workflowGroups(page));
  }
}

/** Every way of a search for itself: PostgreSQL would go through all runs for the sum of them. */
function found(filter: RunFilter): RawBuilder<unknown> {
  const base = ownBase(filter);
  if (filter.search === undefined) return sql`select r.* from run r where ${base}`;
  const { named, byId } = ownMatches(filter.search);
  const ways = [...named, ...byId].map(
    (way) => sql`select r.run_id from run r where ${base} and ${way}`,
  );
  return sql`select r.* from run r where r.run_id = any(array(${sql.join(ways, sql` union `)}))`;
}

function keyOf({ column }: Page): RawBuilder<unknown> {
  switch (column) {
    case 'start_timestamp':
      return sql`instant_of(r.run_id)`;
    case 'end_timestamp':
      return sql`r.ended_at`;
    case 'workflow_run_id':
      return sql`r.run_id::text`;
    case 'job_run_id':
      return JOB_RUN;
    case 'run_status':
      return sql`old_status(r.state)`;
    case 'run_by':
      return RUN_BY;
    default:
      return sql`coalesce((select w.key from (${workflowKeys(column)}) w where w.name = r.workflow_name limit 1), '')`;
  }
}

function sorted(runs: RawBuilder<unknown>, page: Page): Entries {
  const way = direction(page);
  return sql`
    select ${keyOf(page)} as key, ${ENTRY} from (${runs}) r
    order by key ${way} nulls last, r.run_id ${way} limit ${reach(page)}`;
}

const ENTRY = sql`instant_of(r.run_id) as start, r.run_id::text as id, r.run_id`;

function walk(base: Condition, page: Page): Entries {
  return sql`
    select ${keyOf(page)} as key, ${ENTRY} from run r where ${base} order by r.run_id ${direction(page)} limit ${reach(page)}`;
}

/** Those that go on come last, whichever way. */
function walkByEnd(base: Condition, page: Page): Entries {
  const way = direction(page);
  const most = reach(page);
  return sql`
    select * from (
      (select r.ended_at as key, ${ENTRY} from run r where r.ended_at is not null and ${base}
      order by r.ended_at ${way}, r.run_id ${way} limit ${most})
      union all
      (select null, ${ENTRY} from run r where not (${HAS_ENDED}) and ${goesOn} and ${base}
      order by r.run_id ${way} limit ${most})
    ) ends limit ${most}`;
}

const goesOn: Condition = sql`r.ended_at is null and r.state = any(${['queued', 'running', 'paused', 'cancelling']}::text[])`;

/** A run that was started without a job run is one of its own, and its id is that of the job run. */
function walkByJobRun(base: Condition, page: Page): Entries {
  const way = direction(page);
  const most = reach(page);
  return sql`
    select * from (
      (select r.group_id as key, ${ENTRY} from run r where r.group_id is not null and ${base}
      order by r.group_id ${way}, r.run_id ${way} limit ${most})
      union all
      (select r.run_id::text, ${ENTRY} from run r where r.group_id is null and ${base}
      order by r.run_id ${way} limit ${most})
    ) runs order by key ${way}, run_id ${way} limit ${most}`;
}

/** Rows of `key`, in any order, and what a run of that key is like. */
type Groups = { readonly rows: RawBuilder<unknown>; readonly condition: Condition };

/** One group after the other, and each as far as it can be on the page. */
function walkGroups(base: Condition, page: Page, { rows, condition }: Groups): Entries {
  const way = direction(page);
  const most = reach(page);
  return sql`
    select g.key, ${ENTRY} from (select * from (${rows}) listed order by key ${way}) g
    cross join lateral (
      select r.run_id from run r where ${condition} and ${base} order by r.run_id ${way} limit ${most}
    ) r
    order by g.key ${way}, r.run_id ${way} limit ${most}`;
}

function statusGroups(): Groups {
  const words = Object.entries(STATES_OF_WORD).flatMap(([word, states]) =>
    states.map((state) => sql`(${word}::text, ${state}::text)`),
  );
  return {
    rows: sql`select * from (values ${sql.join(words)}) w(key, state)`,
    condition: sql`r.state = g.state`,
  };
}

function peopleGroups(): Groups {
  const rows = sql`select run_by as key from (${PEOPLE_OF_RUNS}) people`;
  return { rows, condition: sql`${RUN_BY} = g.key` };
}

function workflowGroups({ column }: Page): Groups {
  return { rows: workflowKeys(column), condition: sql`r.workflow_name = g.name` };
}

/** Each workflow of Floe with what the column has for it: of its import, or of itself. */
function workflowKeys(column: string): RawBuilder<unknown> {
  const isNamed = column === 'workflow_id' || column === 'workflow_name';
  return sql`
    (select distinct on (floe_workflow) floe_workflow as name, ${sql.ref(column)} as key from legacy_workflow
    where floe_workflow is not null order by floe_workflow, workflow_id)
    union all
    select name, ${isNamed ? sql`name` : sql`''`} from own_workflow`;
}
