/**
 * What a list of runs leaves out, for runs of Floe and for imported ones. Text of callers is only ever a parameter.
 *
 * Names of workflows, jobs, folders, workspaces and people are few: a search goes through them and not through the runs. Ids are
 * found from their beginning, through an index.
 */
import { sql, type RawBuilder } from 'kysely';
import type { ListLegacyRunsRequest } from '@floe/rpc/internal-contracts';
import type { Deps } from '../../deps.ts';
import { peopleOfRuns } from './people-of-runs.ts';
import { STATES_OF_WORD } from './status-words.ts';
import { spanOf, type Span } from './span.ts';

type Condition = RawBuilder<boolean>;

export type Search = {
  readonly text: string;
  /** Workflows of Floe, and places of imported runs, of which a name has the text in it. */
  readonly workflowNames: readonly string[];
  readonly places: readonly string[];
  /** Who started runs of Floe. */
  readonly people: readonly string[];
};

export type RunFilter = {
  readonly span: Span;
  /** Workflows of Floe; undefined is all of them. */
  readonly workflowNames: readonly string[] | undefined;
  /** Id of imported runs' workflow; undefined is any. */
  readonly workflowId: string | undefined;
  readonly statuses: readonly string[] | undefined;
  readonly states: readonly string[] | undefined;
  readonly search: Search | undefined;
};

export async function runFilterOf(
  deps: Pick<Deps, 'db'>,
  request: ListLegacyRunsRequest,
): Promise<RunFilter> {
  const { workflowId, search, statuses, fromTime, toTime } = request;
  const hasStatuses = statuses.length > 0;
  return {
    span: spanOf(fromTime, toTime),
    workflowNames: workflowId === '' ? undefined : await namesOfWorkflow(deps, workflowId),
    workflowId: workflowId === '' ? undefined : workflowId,
    statuses: hasStatuses ? statuses : undefined,
    states: hasStatuses ? statuses.flatMap((word) => STATES_OF_WORD[word] ?? []) : undefined,
    search: search === '' ? undefined : await searchFor(deps, search.toLowerCase()),
  };
}

export function allOf(conditions: readonly (Condition | undefined)[]): Condition {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? sql`true` : (sql.join(given, sql` and `) as Condition);
}

export function anyOf(conditions: readonly Condition[]): Condition {
  return sql`(${sql.join([...conditions], sql` or `)})`;
}

/** A condition that holds for all where nothing is asked. */
export function within(
  value: RawBuilder<unknown>,
  texts: readonly string[] | undefined,
): Condition | undefined {
  return texts && sql`${value} = any(${[...texts]}::text[])`;
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

async function searchFor(deps: Pick<Deps, 'db'>, text: string): Promise<Search> {
  const [workflowNames, places, people] = await Promise.all([
    namesThatMatch(deps, text),
    placesThatMatch(deps, text),
    peopleOfRuns(deps),
  ]);
  const matching = people.filter((name) => name.toLowerCase().includes(text));
  return { text, workflowNames, places, people: matching };
}

const contains = (text: RawBuilder<unknown>, search: string): Condition =>
  sql`position(${search} in lower(${text})) > 0`;

async function namesThatMatch({ db }: Pick<Deps, 'db'>, search: string): Promise<string[]> {
  const texts = sql`concat_ws(chr(10), workflow_name, job_name, folder_name, workspace_name, workflow_id)`;
  const { rows } = await sql<{ name: string }>`
    select floe_workflow as name from legacy_workflow where floe_workflow is not null and ${contains(texts, search)}
    union
    select name from own_workflow where ${contains(sql`name`, search)}`.execute(db);
  return rows.map(({ name }) => name);
}

async function placesThatMatch({ db }: Pick<Deps, 'db'>, search: string): Promise<string[]> {
  const texts = sql`concat_ws(chr(10), workflow_name, job_name, folder_name, workspace_name, workflow_id, run_by)`;
  const { rows } = await sql<{ place: string }>`
    select place from legacy_run_place where ${contains(texts, search)}`.execute(db);
  return rows.map(({ place }) => place);
}
