import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

type Db = Deps['db'];

export type DatasetRow = { readonly dataset_id: number; readonly uri: string };

/** Datasets of this name: by its full form, else with its schema, else by the table alone. */
export async function findDatasets(db: Db, name: string, limit: number): Promise<DatasetRow[]> {
  for (const column of ['uri', 'name', 'short_name'] as const) {
    const rows = await db
      .selectFrom('lineage_dataset')
      .select(['dataset_id', 'uri'])
      .where(column, '=', name)
      .orderBy('dataset_id')
      .limit(limit)
      .execute()
      .catch(fail);
    if (rows.length > 0) return rows;
  }
  return [];
}

/** Names that there are, with and without their schema, for "did you mean". */
export async function datasetNames(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('lineage_dataset')
    .select(['name', 'short_name'])
    .distinct()
    .orderBy('name')
    .limit(limit)
    .execute()
    .catch(fail);
  return rows.flatMap((row) => [row.name, row.short_name]);
}

/** A column of a dataset, or with an empty name all of it. */
export type LineageNode = { readonly datasetId: number; readonly column: string };

export type EdgeRow = {
  readonly edge_id: number;
  readonly workflow_name: string;
  readonly version: number;
  readonly task_id: string;
  readonly source_id: number | null;
  readonly source: string | null;
  readonly source_column: string;
  readonly target_id: number;
  readonly target: string;
  readonly target_column: string;
  readonly how: string;
  readonly transformation: string;
  readonly is_masked: boolean;
  readonly certainty: string;
};

export type EdgePage = { readonly afterEdgeId: number; readonly limit: number };

/**
 * The edges next to these nodes, upwards or downwards, in the order of their ids. A column is also reached by the edges
 * of its whole dataset: those of all rows, and those whose columns are not known.
 */
export async function readEdges(
  database: Deps['database'],
  nodes: readonly LineageNode[],
  direction: 'up' | 'down',
  page: EdgePage,
): Promise<readonly EdgeRow[]> {
  const ids = nodes.map((node) => node.datasetId);
  const columns = nodes.map((node) => node.column);
  const values = [ids, columns, page.afterEdgeId, page.limit];
  return database.query<EdgeRow>(NEXT_EDGES[direction], values).catch(fail);
}

// A walk asks it at each of its steps: planned once.
const NEXT_EDGES = { up: nextEdges('target'), down: nextEdges('source') };

function nextEdges(side: 'source' | 'target') {
  const name = `reporting.read_lineage_by_${side}`;
  const text = `/* ${name} */
    with node as (
      select * from unnest($1::bigint[], $2::text[]) as n (dataset_id, name)
    ), hit as (
      select e.edge_id from node n join floe.lineage_edge e on e.${side}_id = n.dataset_id
      where n.name = '' and e.is_current and e.edge_id > $3
      union
      select e.edge_id from node n
      join floe.lineage_edge e on e.${side}_id = n.dataset_id and e.${side}_column in (n.name, '')
      where n.name <> '' and e.is_current and e.edge_id > $3
      order by edge_id limit $4
    )
    select e.edge_id, e.workflow_name, e.version, e.task_id, e.source_id, s.uri as source, e.source_column,
           e.target_id, t.uri as target, e.target_column, e.how, e.transformation, e.is_masked, e.certainty
    from hit join floe.lineage_edge e using (edge_id)
    join floe.lineage_dataset t on t.dataset_id = e.target_id
    left join floe.lineage_dataset s on s.dataset_id = e.source_id
    order by e.edge_id`;
  return { name, text };
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
