/** What callers of the replaced service ask of a history, through the internal service of reporting that their routes call. */
import type { RpcClient } from '@floe/rpc';
import { ListLegacyRunsRequest, type LegacyService } from '@floe/rpc/internal-contracts';
import type { HistorySize } from './seed-history.ts';
import type { Question } from './time-queries.ts';

type Legacy = RpcClient<typeof LegacyService>;

const DAY_MS = 86_400_000;
// As many as callers show on a page when they say nothing.
const LIMIT = 20;
// A page that somebody may still turn to by hand.
const SKIP_DEEP = 2_000;

export async function oldQuestionsOf(
  legacy: Legacy,
  size: HistorySize,
): Promise<readonly Question[]> {
  const list = (fields: Partial<ListLegacyRunsRequest>) =>
    legacy.listLegacyRuns(ListLegacyRunsRequest.create({ limit: LIMIT, ...fields }));
  const workflowOf = (nth: number) => `w${String((nth * 37) % size.workflows).padStart(4, '0')}`;
  const agoOf = (nth: number) =>
    new Date(size.endMs - (1 + ((nth * 13) % (size.days - 1))) * DAY_MS);
  const { runs } = await list({ limit: 500 });
  const runOf = (nth: number) => runs[nth % runs.length]!.workflowRunId;
  const sorted = (sortColumn: string): Question => ({
    name: `old_by_${sortColumn}`,
    ask: (nth) => list({ sortColumn, isAscending: nth % 2 === 0 }),
  });
  return [
    { name: 'old_list', ask: () => list({}) },
    { name: 'old_deep', ask: () => list({ skip: SKIP_DEEP }) },
    { name: 'old_workflow', ask: (nth) => list({ workflowId: workflowOf(nth) }) },
    { name: 'old_failed', ask: () => list({ statuses: ['Failed'] }) },
    { name: 'old_running', ask: () => list({ statuses: ['Running', 'Started'] }) },
    {
      name: 'old_workflow_failed',
      ask: (nth) => list({ workflowId: workflowOf(nth), statuses: ['Failed'] }),
    },
    {
      name: 'old_days',
      ask: (nth) => list({ fromTime: agoOf(nth), toTime: new Date(agoOf(nth).getTime() + DAY_MS) }),
    },
    { name: 'old_search_name', ask: (nth) => list({ search: workflowOf(nth) }) },
    { name: 'old_search_many', ask: () => list({ search: 'w0' }) },
    { name: 'old_search_id', ask: (nth) => list({ search: runOf(nth) }) },
    { name: 'old_search_nothing', ask: (nth) => list({ search: `nobody ${nth}` }) },
    sorted('end_timestamp'),
    sorted('workflow_run_id'),
    sorted('workflow_name'),
    sorted('job_run_id'),
    sorted('job_name'),
    sorted('run_status'),
    sorted('run_by'),
    { name: 'old_find', ask: (nth) => legacy.findLegacyRun({ workflowRunId: runOf(nth) }) },
    { name: 'old_report', ask: (nth) => legacy.getLegacyReport({ workflowId: workflowOf(nth) }) },
  ];
}
