import type { ControlDatabase } from '@floe/database';
import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import { firstRunIdAt } from '../run-id.ts';

const RUN_COLUMNS = [
  'run_id',
  'workflow_name',
  'workflow_version',
  'generation',
  'state',
  'trigger',
  'parameters',
  'failure',
  'event_sequence',
  'created_at',
  'started_at',
  'ended_at',
  'deadline_at',
  'trace_id',
  'retry_of',
  'parent_run_id',
  'annotations',
  'group_id',
] as const;

export type RunRow = NonNullable<Awaited<ReturnType<typeof readRun>>>;

/** One run, or undefined. */
export async function readRun(db: ControlDatabase['db'], runId: string) {
  const query = db.selectFrom('run').select(RUN_COLUMNS).where('run_id', '=', runId);
  return query.executeTakeFirst().catch(fail);
}

export type RunFilter = {
  /** Empty for all. */
  readonly workflowName: string;
  /** Empty for all. */
  readonly states: readonly string[];
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Empty for all. */
  readonly groupId: string;
  /** All of them; none for all runs. */
  readonly annotations: Readonly<Record<string, string>>;
};

export const ALL_RUNS: RunFilter = {
  workflowName: '',
  states: [],
  fromMs: null,
  toMs: null,
  groupId: '',
  annotations: {},
};

export type RunPage = { readonly beforeRunId: string | undefined; readonly limit: number };

// An id may be made this much before or after its run's creation time; the exact time is compared as well.
const ID_SLACK_MS = 60_000;

/** Runs before an id, newest first. Ids are in the order of time, so runs that begin meanwhile shift no page. */
export async function readRuns(db: ControlDatabase['db'], filter: RunFilter, page: RunPage) {
  const { states } = filter;
  if (states.length < 2) return pageOf(db, filter, page).execute().catch(fail);
  // The index of states has the order of ids within each state: a page of each, and of these the first.
  const [first, ...others] = states.map((state) =>
    db.selectFrom(pageOf(db, { ...filter, states: [state] }, page).as('each_state')).selectAll(),
  );
  const pages = others.reduce((all, next) => all.unionAll(next), first!);
  return db
    .selectFrom(pages.as('pages'))
    .selectAll()
    .orderBy('run_id', 'desc')
    .limit(page.limit)
    .execute()
    .catch(fail);
}

function pageOf(db: ControlDatabase['db'], filter: RunFilter, page: RunPage) {
  let query = db.selectFrom('run').select(RUN_COLUMNS);
  if (filter.workflowName !== '') query = query.where('workflow_name', '=', filter.workflowName);
  if (filter.states.length > 0) query = query.where('state', 'in', filter.states);
  if (filter.fromMs !== null) {
    query = query
      .where('created_at', '>=', asInstant(filter.fromMs))
      .where('run_id', '>=', firstRunIdAt(filter.fromMs - ID_SLACK_MS));
  }
  if (filter.toMs !== null) {
    query = query
      .where('created_at', '<', asInstant(filter.toMs))
      .where('run_id', '<', firstRunIdAt(filter.toMs + ID_SLACK_MS));
  }
  if (filter.groupId !== '') query = query.where('group_id', '=', filter.groupId);
  if (Object.keys(filter.annotations).length > 0) {
    query = query.where(sql<boolean>`annotations @> ${JSON.stringify(filter.annotations)}::jsonb`);
  }
  if (page.beforeRunId !== undefined) query = query.where('run_id', '<', page.beforeRunId);
  return query.orderBy('run_id', 'desc').limit(page.limit);
}

/** Where a run is in its history: enough to know whether a watcher has seen all of it. */
export async function readRunHead(db: ControlDatabase['db'], runId: string) {
  const query = db
    .selectFrom('run')
    .select(['state', 'event_sequence'])
    .where('run_id', '=', runId);
  return query.executeTakeFirst().catch(fail);
}

/** The driver takes instants as dates and gives them as numbers; comparisons have the type of what it gives. */
function asInstant(ms: number): number {
  return new Date(ms) as unknown as number;
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
