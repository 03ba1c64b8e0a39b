import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
import type { VersionName } from './read-workflow.ts';

export type ColumnEdgeRow = {
  readonly task_id: string;
  readonly source: string;
  readonly source_column: string;
  readonly target: string;
  readonly target_column: string;
  readonly how: string;
  readonly transformation: string;
  readonly is_masked: boolean;
};

// As many as metadata keeps of one version.
const EDGES_MAX = 50_000;

/** What each column that a version writes is made of, where that is known. */
export async function readColumnEdges(
  db: Deps['db'],
  { workflowName, version }: VersionName,
): Promise<readonly ColumnEdgeRow[]> {
  const query = sql<ColumnEdgeRow>`/* reporting.read_column_edges */
    select e.task_id, s.uri as source, e.source_column, t.uri as target, e.target_column, e.how, e.transformation,
           e.is_masked
    from floe.lineage_edge e
    join floe.lineage_dataset t on t.dataset_id = e.target_id
    join floe.lineage_dataset s on s.dataset_id = e.source_id
    where e.workflow_name = ${workflowName} and e.version = ${version}
    order by e.edge_id limit ${EDGES_MAX}`;
  const { rows } = await query.execute(db).catch((thrown: unknown) => {
    throw toControlError(thrown);
  });
  return rows;
}

/** The slot of a schedule that started a run; undefined for one that none did. */
export async function readSlotOfRun(db: Deps['db'], runId: string): Promise<number | undefined> {
  const query = sql<{ slot_at: number }>`/* reporting.read_slot_of_run */
    select s.slot_at from floe.run r join floe.schedule_slot s on s.request_id = r.request_id
    where r.run_id = ${runId}::uuid and r.trigger = 'schedule'`;
  const { rows } = await query.execute(db).catch((thrown: unknown) => {
    throw toControlError(thrown);
  });
  return rows[0]?.slot_at;
}
