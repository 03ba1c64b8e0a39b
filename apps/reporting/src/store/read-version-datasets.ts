import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
import type { VersionName } from './read-workflow.ts';

export type VersionDataset = {
  readonly task_id: string;
  /** Null: nobody could say. */
  readonly source: string | null;
  readonly target: string;
};

// A version has some thousand edges between columns, and few between datasets.
const DATASETS_MAX = 5_000;

/** Which datasets a version of a workflow makes of which, as found when it was applied. */
export async function readVersionDatasets(
  db: Deps['db'],
  { workflowName, version }: VersionName,
): Promise<readonly VersionDataset[]> {
  const query = sql<VersionDataset>`/* reporting.read_version_datasets */
    select distinct e.task_id, s.uri as source, t.uri as target
    from floe.lineage_edge e
    join floe.lineage_dataset t on t.dataset_id = e.target_id
    left join floe.lineage_dataset s on s.dataset_id = e.source_id
    where e.workflow_name = ${workflowName} and e.version = ${version}
    order by e.task_id, t.uri, s.uri limit ${DATASETS_MAX}`;
  const { rows } = await query.execute(db).catch((thrown: unknown) => {
    throw toControlError(thrown);
  });
  return rows;
}
