import type { GetImpactRequest, GetImpactResponse } from '@floe/rpc/contracts';
import { argumentInvalid } from '../arguments.ts';
import type { Deps } from '../deps.ts';
import { impactedDatasets } from '../lineage/find-impact.ts';
import { findStart } from '../lineage/find-start.ts';
import { followLineage } from '../lineage/follow-lineage.ts';
import { readEdges } from '../store/read-lineage.ts';

// What the contract promises: further away nobody can say what a change means.
const DEPTH_MAX = 20;
// As many edges as an answer of GetLineage may have.
const EDGES_MAX = 5_000;

/** Who uses a table or column, directly and through others, over all workflows that share tables. */
export async function getImpact(deps: Deps, request: GetImpactRequest): Promise<GetImpactResponse> {
  if (request.depth < 0 || request.depth > DEPTH_MAX) {
    throw argumentInvalid('depth', `is ${request.depth}; it is 1 to ${DEPTH_MAX}`);
  }
  const { dataset, column } = await findStart(deps, request);
  const { edges, isTruncated } = await followLineage(
    (nodes, towards, page) => readEdges(deps.database, nodes, towards, page),
    {
      start: { datasetId: dataset.dataset_id, column },
      direction: 'down',
      depth: request.depth === 0 ? DEPTH_MAX : request.depth,
      limit: EDGES_MAX,
      afterEdgeId: 0,
    },
  );
  const datasets = impactedDatasets(edges);
  const workflowNames = new Set(datasets.flatMap((each) => each.workflowNames));
  return {
    impact: {
      dataset: dataset.uri,
      column,
      datasets,
      workflowNames: [...workflowNames].toSorted(),
      truncated: isTruncated,
    },
  };
}
