import {
  LineageDirection,
  type GetLineageRequest,
  type GetLineageResponse,
  type LineageEdge,
} from '@floe/rpc/contracts';
import { argumentInvalid } from '../arguments.ts';
import type { Deps } from '../deps.ts';
import { findStart } from '../lineage/find-start.ts';
import { followLineage, type Direction, type FoundEdge } from '../lineage/follow-lineage.ts';
import { decodePageToken, encodePageToken, toPageSize } from '../page.ts';
import { readLoadersOf } from '../store/read-freshness.ts';
import { readEdges } from '../store/read-lineage.ts';
import { judge } from './list-freshness.ts';

// What the contract promises.
const EDGE_COUNTS = { standard: 500, max: 5_000 };
const DEPTH_DEFAULT = 5;
const DEPTH_MAX = 20;

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
    (nodes, towards, page) => readEdges(deps.database, nodes, towards, page),
    {
      start: { datasetId: dataset.dataset_id, column },
      direction,
      depth,
      limit,
      afterEdgeId: Number(after ?? 0),
    },
  );
  const loads = await judge(deps, await readLoadersOf(deps.db, dataset));
  const last = edges.at(-1)?.row.edge_id;
  const hasNext = isTruncated && depth === 1 && last !== undefined;
  return {
    edges: edges.map(toMessage),
    dataset: dataset.uri,
    column,
    truncated: isTruncated,
    loads,
    nextPageToken: hasNext ? encodePageToken(filter, String(last)) : '',
  };
}

function toDepth(asked: number): number {
  if (asked === 0) return DEPTH_DEFAULT;
  if (asked >= 1 && asked <= DEPTH_MAX) return asked;
  throw argumentInvalid('depth', `is ${asked}; it is 1 to ${DEPTH_MAX}`);
}

function toDirection(asked: LineageDirection): Direction {
  if (asked === LineageDirection.UP) return 'up';
  if (asked === LineageDirection.DOWN) return 'down';
  const hint = 'Up is where it comes from, down who uses it.';
  throw argumentInvalid('direction', 'is neither up nor down', hint);
}

function notPaged(): Error {
  const hint = 'Ask with depth 1 and go on from what it names.';
  return argumentInvalid('page_token', 'is for answers of depth 1 only', hint);
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
