import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { LineageEdge } from '@floe/plan';
import { LINEAGE_EDGES_MAX } from '../limits.ts';

type Transaction = Pick<
  ControlDatabase['db'],
  'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'getExecutor'
>;

type Version = { readonly workflowName: string; readonly version: number };

/**
 * Makes these the edges of a version, and the version the one that questions are about. The caller holds the lock on
 * the workflow's row, so that no other version of it comes in between.
 */
export async function putLineage(
  tx: Transaction,
  { workflowName, version }: Version,
  edges: readonly LineageEdge[],
): Promise<void> {
  await putLineageOfMany(tx, [{ workflowName, version, edges }]);
}

/** The same for many workflows, in a few statements. */
export async function putLineageOfMany(
  tx: Transaction,
  versions: readonly (Version & { readonly edges: readonly LineageEdge[] })[],
): Promise<void> {
  const names = versions.map(({ workflowName }) => workflowName);
  const numbers = versions.map(({ version }) => version);
  await sql`/* metadata.hide_lineage_of_many */
    update floe.lineage_edge set is_current = false
    where workflow_name = any(${names}::text[]) and is_current`.execute(tx);
  await sql`/* metadata.forget_lineage */
    delete from floe.lineage_edge
    where (workflow_name, version) in (select * from unnest(${names}::text[], ${numbers}::int[]))`.execute(
    tx,
  );
  const kept = versions.map((each) => ({ ...each, edges: bounded(each.edges) }));
  await putDatasets(
    tx,
    kept.flatMap(({ edges }) => edges),
  );
  const records = kept.flatMap(({ workflowName, version, edges }) =>
    edges.map((edge, place) => ({ workflow: workflowName, version, ...toRecord(edge, place) })),
  );
  if (records.length === 0) return;
  await sql`/* metadata.put_lineage */
    insert into floe.lineage_edge (workflow_name, version, task_id, source_id, source_column, target_id, target_column,
      how, transformation, is_masked, certainty)
    select e.workflow, e.version, e.task, s.dataset_id, e.source_column, t.dataset_id, e.target_column, e.how,
           e.transformation, e.masked, e.certainty
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as e (workflow text, version int, place int, task text,
      source text, source_column text, target text, target_column text, how text, transformation text, masked boolean,
      certainty text)
    join floe.lineage_dataset t on t.uri = e.target
    left join floe.lineage_dataset s on s.uri = e.source
    order by e.workflow, e.place`.execute(tx);
}

/** The workflow is gone, or another version of it counts. */
export async function hideLineage(tx: Transaction, workflowName: string): Promise<void> {
  await tx
    .updateTable('lineage_edge')
    .set({ is_current: false })
    .where('workflow_name', '=', workflowName)
    .where('is_current', '=', true)
    .execute();
}

/** Above the bound the columns are left out, which is said, and never the datasets. */
function bounded(edges: readonly LineageEdge[]): readonly LineageEdge[] {
  if (edges.length <= LINEAGE_EDGES_MAX) return edges;
  const merged = new Map<string, LineageEdge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.dataset, edge.targetDataset, edge.how, edge.taskId]);
    merged.set(key, { ...edge, column: '', targetColumn: '', certainty: 'opaque' });
  }
  return [...merged.values()].slice(0, LINEAGE_EDGES_MAX);
}

function toRecord(edge: LineageEdge, place: number): object {
  return {
    place,
    task: edge.taskId,
    source: edge.dataset,
    source_column: edge.column,
    target: edge.targetDataset,
    target_column: edge.targetColumn,
    how: edge.how,
    transformation: edge.transformation,
    masked: edge.isMasked,
    certainty: edge.certainty,
  };
}

/** In the order of their names, so that two callers who add the same ones do not wait for each other in a circle. */
async function putDatasets(tx: Transaction, edges: readonly LineageEdge[]): Promise<void> {
  const uris = new Set(edges.flatMap(({ dataset, targetDataset }) => [dataset, targetDataset]));
  uris.delete('');
  if (uris.size === 0) return;
  const rows = [...uris].toSorted().map((uri) => {
    const name = nameOf(uri);
    const isTable = uri.startsWith('postgres:');
    return { uri, name, short_name: isTable ? name.slice(name.indexOf('.') + 1) : name };
  });
  await sql`/* metadata.put_lineage_datasets */
    insert into floe.lineage_dataset (uri, name, short_name)
    select d.uri, d.name, d.short_name
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d (uri text, name text, short_name text)
    order by d.uri
    on conflict (uri) do nothing`.execute(tx);
}

/** The table with its schema, the workflow with its task, or the path of a file. */
function nameOf(uri: string): string {
  const [scheme = '', rest = ''] = uri.split(/:(?:\/\/)?(.*)/s);
  return scheme === 'postgres' ? rest.split('/').slice(2).join('/') : rest;
}
