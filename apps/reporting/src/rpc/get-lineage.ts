import { FloeError, nearestName } from '@floe/errors';
import {
  LineageDirection,
  type GetLineageRequest,
  type GetLineageResponse,
  type LineageEdge,
} from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { followLineage, type Direction, type FoundEdge } from '../lineage/follow-lineage.ts';
import { decodePageToken, encodePageToken, toPageSize } from '../page.ts';
import { datasetNames, findDatasets, readEdges, type DatasetRow } from '../store/read-lineage.ts';

// What the contract promises.
const EDGE_COUNTS = { standard: 500, max: 5_000 };
const DEPTH_DEFAULT = 5;
const DEPTH_MAX = 20;
// Candidates that are listed for an ambiguous name.
const CANDIDATES_MAX = 10;
// Enough to find a misspelt name; with more datasets some go without the help.
const NAMES_MAX = 2_000;

/** Where a table or column comes from, or who uses it, over all workflows that share tables. */
export async function getLineage(
  deps: Deps,
  request: GetLineageRequest,
): Promise<GetLineageResponse> {
  const depth = toDepth(request.depth);
  const limit = toPageSize(request.pageSize, EDGE_COUNTS);
  const direction = toDirection(request.direction);
  const { dataset, column } = await findStart(deps, request);
  const filter = { dataset: dataset.uri, column, direction };
  if (request.pageToken !== '' && depth !== 1) throw notPaged();
  const after = decodePageToken(filter, request.pageToken, (key) => /^\d{1,15}$/.test(key));
  const { edges, isTruncated } = await followLineage(
    (nodes, towards, page) => readEdges(deps.db, nodes, towards, page),
    {
      start: { datasetId: dataset.dataset_id, column },
      direction,
      depth,
      limit,
      afterEdgeId: Number(after ?? 0),
    },
  );
  const last = edges.at(-1)?.row.edge_id;
  const hasNext = isTruncated && depth === 1 && last !== undefined;
  return {
    edges: edges.map(toMessage),
    dataset: dataset.uri,
    column,
    truncated: isTruncated,
    nextPageToken: hasNext ? encodePageToken(filter, String(last)) : '',
  };
}

function toDepth(asked: number): number {
  if (asked === 0) return DEPTH_DEFAULT;
  if (asked >= 1 && asked <= DEPTH_MAX) return asked;
  throw new FloeError('ARGUMENT_INVALID', `depth is ${asked}; it is 1 to ${DEPTH_MAX}`, {
    details: { field: 'depth' },
  });
}

function toDirection(asked: LineageDirection): Direction {
  if (asked === LineageDirection.UP) return 'up';
  if (asked === LineageDirection.DOWN) return 'down';
  throw new FloeError('ARGUMENT_INVALID', 'direction is neither up nor down', {
    details: { field: 'direction' },
    hint: 'Up is where it comes from, down who uses it.',
  });
}

function notPaged(): FloeError {
  return new FloeError('ARGUMENT_INVALID', 'only an answer of depth 1 has further pages', {
    details: { field: 'page_token' },
    hint: 'Ask with depth 1 and go on from what it names.',
  });
}

type Start = { readonly dataset: DatasetRow; readonly column: string };

async function findStart(
  { db }: Deps,
  { dataset: name, column }: Pick<GetLineageRequest, 'dataset' | 'column'>,
): Promise<Start> {
  const whole = await findDatasets(db, name, CANDIDATES_MAX);
  if (whole.length > 0) return { dataset: onlyOne(name, whole), column };
  const dot = name.lastIndexOf('.');
  const [table, last] = [name.slice(0, Math.max(0, dot)), name.slice(dot + 1)];
  if (column === '' && table !== '' && last !== '') {
    const found = await findDatasets(db, table, CANDIDATES_MAX);
    if (found.length > 0) return { dataset: onlyOne(table, found), column: last };
  }
  const near = nearestName(name, await datasetNames(db, NAMES_MAX));
  throw new FloeError('LINEAGE_NOT_FOUND', `no applied workflow reads or makes ${name}`, {
    details: { dataset: name },
    hint:
      near === undefined
        ? 'Write it as schema.table or schema.table.column.'
        : `Did you mean ${near}?`,
  });
}

function onlyOne(name: string, rows: readonly DatasetRow[]): DatasetRow {
  const [first, ...others] = rows;
  if (first !== undefined && others.length === 0) return first;
  throw new FloeError('ARGUMENT_INVALID', `several datasets are named ${name}`, {
    details: { field: 'dataset' },
    hint: `Write one in full: ${rows.map(({ uri }) => uri).join(', ')}`,
  });
}

function toMessage({ row, depth }: FoundEdge): LineageEdge {
  return {
    fromDataset: row.source ?? '',
    fromColumn: row.source_column,
    toDataset: row.target,
    toColumn: row.target_column,
    kind: row.how,
    workflowName: row.workflow_name,
    workflowVersion: row.version,
    taskId: row.task_id,
    transformation: row.transformation,
    masked: row.is_masked,
    certainty: row.certainty,
    depth,
  };
}
