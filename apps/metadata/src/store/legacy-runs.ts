import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';

type Db = ControlDatabase['db'];

/** A run with its nodes as columns of `legacy_run` and `legacy_node_run`. */
export type LegacyRunRow = {
  readonly workflow_run_id: string;
  readonly checksum: string;
  readonly [column: string]: unknown;
};
export type LegacyNodeRunRow = {
  readonly workflow_run_id: string;
  readonly node_id: string;
  readonly [column: string]: unknown;
};

/** Checksums of runs that are there, by id. */
export async function knownRuns(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('legacy_run')
    .select(['workflow_run_id', 'checksum'])
    .where('workflow_run_id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.workflow_run_id, row.checksum]));
}

/** Stores runs with their nodes, in place of what was there of them; all or nothing. */
export function putLegacyRuns(
  db: Db,
  runs: readonly LegacyRunRow[],
  nodes: readonly LegacyNodeRunRow[],
): Promise<void> {
  const sorted = runs.toSorted((a, b) => (a.workflow_run_id < b.workflow_run_id ? -1 : 1));
  const ids = sorted.map((run) => run.workflow_run_id);
  return db.transaction().execute(async (tx) => {
    await tx.deleteFrom('legacy_run').where('workflow_run_id', 'in', ids).execute();
    await sql`/* metadata.put_legacy_runs */
      insert into floe.legacy_run (${columns(RUN_COLUMNS)})
      select ${columns(RUN_COLUMNS)}
      from jsonb_populate_recordset(null::floe.legacy_run, ${JSON.stringify(sorted)}::jsonb)`.execute(
      tx,
    );
    if (nodes.length === 0) return;
    await sql`/* metadata.put_legacy_node_runs */
      insert into floe.legacy_node_run
      select n.* from jsonb_populate_recordset(null::floe.legacy_node_run, ${JSON.stringify(nodes)}::jsonb) as n
      on conflict do nothing`.execute(tx);
  });
}

/** How many of these runs, and of their nodes, the tables have. */
export async function countStored(
  db: Db,
  ids: readonly string[],
): Promise<{ readonly runs: number; readonly nodes: number }> {
  const { rows } = await sql<{ runs: number; nodes: number }>`/* metadata.count_legacy_runs */
    select (select count(*)::int from floe.legacy_run where workflow_run_id = any(${ids}::text[])) as runs,
      (select count(*)::int from floe.legacy_node_run where workflow_run_id = any(${ids}::text[])) as nodes`.execute(
    db,
  );
  return rows[0]!;
}

/** All but imported_at, which PostgreSQL writes. */
const RUN_COLUMNS = [
  'workflow_run_id',
  'job_run_id',
  'workflow_id',
  'workflow_name',
  'workspace_id',
  'workspace_name',
  'folder_id',
  'folder_name',
  'job_id',
  'job_name',
  'run_status',
  'run_by_id',
  'run_by',
  'user_photourl',
  'updated_by',
  'start_timestamp',
  'end_timestamp',
  'prefect_flow_run_id',
  'prefect_deployment_id',
  'prefect_flow_run_name',
  'flow_run_tags',
  'flow_parameters',
  'retry_count',
  'max_retries',
  'source',
  'document',
  'checksum',
];

function columns(names: readonly string[]) {
  return sql.join(names.map((name) => sql.ref(name)));
}
