import { isUuid } from '@floe/errors';
import type { ListRunsRequest, ListRunsResponse } from '@floe/rpc/contracts';
import { argumentInvalid, requireInstant, requireText } from '../arguments.ts';
import type { Deps } from '../deps.ts';
import { decodePageToken, encodePageToken, toPageSize } from '../page.ts';
import { toRun } from '../rows-to-run.ts';
import { toStateTexts } from '../states.ts';
import { readRuns } from '../store/read-runs.ts';
import type { RunFilter } from '../store/read-runs.ts';

// The sizes that the contract promises.
const PAGE_SIZES = { standard: 50, max: 500 };

export async function listRuns(deps: Deps, request: ListRunsRequest): Promise<ListRunsResponse> {
  const filter = toFilter(request);
  const limit = toPageSize(request.pageSize, PAGE_SIZES);
  const beforeRunId = decodePageToken(filter, request.pageToken, isUuid);
  // One more than asked tells whether there is a next page.
  const rows = await readRuns(deps.db, filter, { beforeRunId, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const counts = await deps.runCounts.of(page);
  const { jaegerUrl } = deps;
  return {
    runs: page.map((row) => toRun(row, { counts: counts.get(row.run_id) ?? [], jaegerUrl })),
    nextPageToken: rows.length > limit ? encodePageToken(filter, page.at(-1)?.run_id ?? '') : '',
  };
}

function toFilter(request: ListRunsRequest): RunFilter {
  return {
    workflowName: requireText('workflow_name', request.workflowName),
    states: toStateTexts(request.states).toSorted(),
    fromMs: requireInstant('from_time', request.fromTime) ?? null,
    toMs: requireInstant('to_time', request.toTime) ?? null,
    groupId: requireText('group_id', request.groupId),
    annotations: toAnnotations(request.annotations),
  };
}

// As many as a run may have.
const ANNOTATIONS_MAX = 32;

function toAnnotations(asked: ListRunsRequest['annotations']): RunFilter['annotations'] {
  const pairs = Object.entries(asked);
  if (pairs.length > ANNOTATIONS_MAX) {
    throw argumentInvalid('annotations', `are ${pairs.length}; at most ${ANNOTATIONS_MAX}`);
  }
  for (const part of pairs.flat()) requireText('annotations', part);
  return asked;
}
