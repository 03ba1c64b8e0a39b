/**
 * What a list of runs leaves out, for runs of Floe and for imported ones. Text of callers is only ever a parameter: the
 * column to sort by is looked up, and search text is compared as it is.
 */
import { sql, type RawBuilder } from 'kysely';
import { FloeError } from '@floe/errors';
import type { ListLegacyRunsRequest } from '@floe/rpc/internal-contracts';
import type { Deps } from '../../deps.ts';
import { firstRunIdAt } from '../../run-id.ts';
import { STATES_OF_WORD } from './status-words.ts';

export type RunFilter = {
  /** Conditions on a run `r` of Floe. */
  readonly own: RawBuilder<boolean>;
  /** Conditions on an imported run `r`. */
  readonly imported: RawBuilder<boolean>;
};

const SORT_COLUMNS: ReadonlySet<string> = new Set([
  'start_timestamp',
  'end_timestamp',
  'workflow_run_id',
  'workflow_id',
  'workflow_name',
  'job_run_id',
  'job_name',
  'folder_name',
  'workspace_name',
  'run_status',
  'run_by',
]);

/** The column by which a list is sorted. Throws ARGUMENT_INVALID for one that lists cannot be sorted by. */
export function sortColumnOf({ sortColumn }: ListLegacyRunsRequest): string {
  const column = sortColumn === '' ? 'start_timestamp' : sortColumn;
  if (SORT_COLUMNS.has(column)) return column;
  throw new FloeError('ARGUMENT_INVALID', `lists cannot be sorted by ${JSON.stringify(column)}`, {
    violations: [{ field: 'sort_column', message: `is none of ${[...SORT_COLUMNS].join(', ')}` }],
  });
}

export async function runFilterOf(
  deps: Pick<Deps, 'db'>,
  request: ListLegacyRunsRequest,
): Promise<RunFilter> {
  const { workflowId, search, statuses, fromTime, toTime } = request;
  const own: RawBuilder<unknown>[] = [sql`true`];
  const imported: RawBuilder<unknown>[] = [sql`true`];
  if (workflowId !== '') {
    own.push(sql`r.workflow_name = any(${await namesOfWorkflow(deps, workflowId)}::text[])`);
    imported.push(sql`r.workflow_id = ${workflowId}`);
  }
  if (statuses.length > 0) {
    const states = statuses.flatMap((word) => STATES_OF_WORD[word] ?? []);
    own.push(sql`r.state = any(${states}::text[])`);
    imported.push(sql`r.run_status = any(${[...statuses]}::text[])`);
  }
  if (fromTime !== undefined) {
    own.push(sql`r.created_at >= ${fromTime} and r.run_id >= ${edge(fromTime, -ID_SLACK_MS)}`);
    imported.push(sql`r.start_timestamp >= ${fromTime}`);
  }
  if (toTime !== undefined) {
    own.push(sql`r.created_at < ${toTime} and r.run_id < ${edge(toTime, ID_SLACK_MS)}`);
    imported.push(sql`r.start_timestamp < ${toTime}`);
  }
  if (search !== '') {
    own.push(ownMatches(search, await namesThatMatch(deps, search)));
    imported.push(importedMatches(search));
  }
  return { own: allOf(own), imported: allOf(imported) };
}

// An id may be made this much before or after its run's creation time; the exact time is compared as well.
const ID_SLACK_MS = 60_000;

function edge(time: Date, slackMs: number): string {
  return firstRunIdAt(time.getTime() + slackMs);
}

function allOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<boolean> {
  return sql.join([...conditions], sql` and `) as RawBuilder<boolean>;
}

/** The workflow of Floe that an old id stands for; where nothing was imported under it, it is the name itself. */
async function namesOfWorkflow({ db }: Pick<Deps, 'db'>, workflowId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string | null }>`
    select floe_workflow as name from legacy_workflow where workflow_id = ${workflowId}`.execute(
    db,
  );
  if (rows.length === 0) return [workflowId];
  return rows.flatMap(({ name }) => (name === null ? [] : [name]));
}

const contains = (text: RawBuilder<unknown>, search: string) =>
  sql`position(lower(${search}) in lower(${text})) > 0`;

async function namesThatMatch({ db }: Pick<Deps, 'db'>, search: string): Promise<string[]> {
  const texts = sql`concat_ws(chr(10), workflow_name, job_name, folder_name, workspace_name, workflow_id)`;
  const { rows } = await sql<{ name: string }>`
    select floe_workflow as name from legacy_workflow where floe_workflow is not null and ${contains(texts, search)}
    union all
    select name from own_workflow where ${contains(sql`name`, search)}`.execute(db);
  return rows.map(({ name }) => name);
}

function ownMatches(search: string, names: readonly string[]): RawBuilder<unknown> {
  const texts = sql`concat_ws(chr(10), r.run_id::text, r.group_id, r.annotations ->> 'legacy/user_name')`;
  return sql`(r.workflow_name = any(${[...names]}::text[]) or ${contains(texts, search)})`;
}

function importedMatches(search: string): RawBuilder<unknown> {
  const texts = sql`concat_ws(chr(10), r.workflow_name, r.job_name, r.folder_name, r.workspace_name, r.workflow_id,
    r.workflow_run_id, r.job_run_id, r.run_by)`;
  return contains(texts, search);
}
