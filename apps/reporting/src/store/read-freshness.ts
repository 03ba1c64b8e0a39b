import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
import { firstRunIdAt } from '../run-id.ts';

type Db = Deps['db'];

/** A table or file, and a task of a newest version that loads it. */
export type LoadedDataset = {
  readonly uri: string;
  readonly workflow_name: string;
  readonly task_id: string;
  readonly version: number;
};

export type LoadPlace = Pick<LoadedDataset, 'uri' | 'workflow_name' | 'task_id'>;

/** In the order of their names, after a place. Empty: all workflows. */
export async function readLoadedDatasets(
  db: Db,
  page: {
    readonly after: LoadPlace | undefined;
    readonly limit: number;
    readonly workflowName: string;
  },
): Promise<readonly LoadedDataset[]> {
  const { after, limit, workflowName } = page;
  const query = sql<LoadedDataset>`/* reporting.read_loaded_datasets */
    select d.uri, load.workflow_name, load.task_id, load.version
    from floe.lineage_dataset d
    cross join lateral (
      select distinct e.workflow_name, e.task_id, e.version from floe.lineage_edge e
      where e.target_id = d.dataset_id and e.is_current
        and (${workflowName} = '' or e.workflow_name = ${workflowName})
    ) load
    where (d.uri >= 'file:' and d.uri < 'file;' or d.uri >= 'postgres:' and d.uri < 'postgres;')
      and d.uri >= ${after?.uri ?? ''}
      and (d.uri, load.workflow_name, load.task_id)
        > (${after?.uri ?? ''}, ${after?.workflow_name ?? ''}, ${after?.task_id ?? ''})
    order by d.uri, load.workflow_name, load.task_id limit ${limit}`;
  return (await query.execute(db).catch(fail)).rows;
}

// More tasks that write one table are a list that nobody reads.
const LOADERS_MAX = 50;

/** The tasks of newest versions that write a dataset, in the order of their names. */
export async function readLoadersOf(
  db: Db,
  { dataset_id: datasetId, uri }: { readonly dataset_id: number; readonly uri: string },
): Promise<readonly LoadedDataset[]> {
  const query = sql<LoadedDataset>`/* reporting.read_loaders_of */
    select distinct ${uri}::text as uri, e.workflow_name, e.task_id, e.version from floe.lineage_edge e
    where e.target_id = ${datasetId} and e.is_current
    order by e.workflow_name, e.task_id limit ${LOADERS_MAX}`;
  return (await query.execute(db).catch(fail)).rows;
}

export type LastLoad = {
  readonly workflow_name: string;
  readonly task_id: string;
  readonly run_id: string;
  readonly ended_at: number;
  readonly rows: number;
};

// Runs of a workflow that are searched for its last load: when all of these failed, people know.
const RUNS_MAX = 100;
// Before that nothing is called fresh.
const LOOK_BACK_MS = 90 * 24 * 3_600_000;

/** The newest load of each that took effect. */
export async function readLastLoads(
  db: Db,
  loads: readonly LoadPlace[],
  now: number,
): Promise<readonly LastLoad[]> {
  if (loads.length === 0) return [];
  const workflows = loads.map((load) => load.workflow_name);
  const tasks = loads.map((load) => load.task_id);
  const from = firstRunIdAt(now - LOOK_BACK_MS);
  const query = sql<LastLoad>`/* reporting.read_last_loads */
    select distinct wanted.workflow_name, wanted.task_id, last.run_id, last.ended_at, last.rows
    from unnest(${workflows}::text[], ${tasks}::text[]) as wanted (workflow_name, task_id)
    cross join lateral (
      select t.run_id, t.ended_at, t.rows
      from (select run_id from floe.run
            where workflow_name = wanted.workflow_name and run_id >= ${from}::uuid
            order by run_id desc limit ${RUNS_MAX}) r
      join floe.task_run t on t.run_id = r.run_id and t.task_id = wanted.task_id
      where t.run_id >= ${from}::uuid and t.state = 'succeeded'
      order by t.run_id desc limit 1
    ) last`;
  return (await query.execute(db).catch(fail)).rows;
}

export type WantedTimes = {
  readonly workflow_name: string;
  readonly definition: unknown;
  readonly changed_at: number;
  /** What the newest document says about who is told, and when. */
  readonly notify: unknown;
};

/** The schedules that these workflows follow now. */
export async function readWantedTimes(
  db: Db,
  workflows: readonly string[],
): Promise<readonly WantedTimes[]> {
  if (workflows.length === 0) return [];
  const query = sql<WantedTimes>`/* reporting.read_wanted_times */
    select s.workflow_name, s.definition, s.changed_at, v.document -> 'notify' as notify
    from floe.schedule s
    join floe.workflow w on w.name = s.workflow_name and not w.is_deleted
    join floe.workflow_version v on v.workflow_name = w.name and v.version = w.latest_version
    where s.workflow_name = any(${[...workflows]}::text[]) and not s.is_deleted and not s.is_paused
    order by s.workflow_name, s.name`;
  return (await query.execute(db).catch(fail)).rows;
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
