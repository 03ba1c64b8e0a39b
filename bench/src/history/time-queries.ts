/** What people and the console ask of a history, through the reporting service. */
import type { RpcClient } from '@floe/rpc';
import {
  CompareRunsRequest,
  GetImpactRequest,
  GetLineageRequest,
  GetOverviewRequest,
  GetRunLineageRequest,
  GetRunReportRequest,
  GetRunRequest,
  GetWorkflowReportRequest,
  LineageDirection,
  ListArtifactsRequest,
  ListFreshnessRequest,
  ListMetricsRequest,
  ListRunsRequest,
  ListTaskRunsRequest,
  RunState,
  TrendStep,
  type ReportingService,
} from '@floe/rpc/contracts';
import type { HistorySize } from './seed-history.ts';

type Reporting = RpcClient<typeof ReportingService>;

export type Question = {
  readonly name: string;
  /** Asks it for the nth time; each time about something else where it is about something. */
  ask(nth: number): Promise<unknown>;
};

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
// The deep pages are these many pages in.
const PAGES_DEEP = 20;

export async function questionsOf(
  reporting: Reporting,
  size: HistorySize,
): Promise<readonly Question[]> {
  const list = (fields: Partial<ListRunsRequest>) =>
    reporting.listRuns(ListRunsRequest.create(fields));
  const workflowOf = (nth: number) => `w${String((nth * 37) % size.workflows).padStart(4, '0')}`;
  const agoOf = (nth: number) => new Date(size.endMs - ((nth * 13) % size.days) * DAY_MS);
  const runIds = await someRuns(reporting, size);
  const runOf = (nth: number) => runIds[nth % runIds.length]!;
  const deep = await deepToken(reporting);
  return [
    { name: 'list_runs', ask: () => list({}) },
    { name: 'list_deep', ask: () => list({ pageToken: deep }) },
    { name: 'list_workflow', ask: (nth) => list({ workflowName: workflowOf(nth) }) },
    { name: 'list_failed', ask: () => list({ states: [RunState.FAILED, RunState.TIMED_OUT] }) },
    {
      name: 'list_workflow_failed',
      ask: (nth) => list({ workflowName: workflowOf(nth), states: [RunState.FAILED] }),
    },
    { name: 'list_running', ask: () => list({ states: [RunState.RUNNING, RunState.QUEUED] }) },
    {
      name: 'list_hour',
      ask: (nth) =>
        list({ fromTime: agoOf(nth + 1), toTime: new Date(agoOf(nth + 1).getTime() + HOUR_MS) }),
    },
    {
      name: 'get_run',
      ask: (nth) => reporting.getRun(GetRunRequest.create({ runId: runOf(nth) })),
    },
    {
      name: 'list_task_runs',
      ask: (nth) => reporting.listTaskRuns(ListTaskRunsRequest.create({ runId: runOf(nth) })),
    },
    {
      name: 'list_artifacts',
      ask: (nth) => reporting.listArtifacts(ListArtifactsRequest.create({ runId: runOf(nth) })),
    },
    {
      name: 'list_metrics',
      ask: (nth) => reporting.listMetrics(ListMetricsRequest.create({ runId: runOf(nth) })),
    },
    {
      name: 'list_freshness',
      ask: () => reporting.listFreshness(ListFreshnessRequest.create({})),
    },
    { name: 'overview', ask: () => reporting.getOverview(GetOverviewRequest.create({})) },
    {
      name: 'overview_days',
      ask: () => reporting.getOverview(GetOverviewRequest.create({ step: TrendStep.DAY })),
    },
    {
      name: 'run_report',
      ask: (nth) => reporting.getRunReport(GetRunReportRequest.create({ runId: runOf(nth) })),
    },
    {
      name: 'compare_runs',
      ask: (nth) =>
        reporting.compareRuns(
          CompareRunsRequest.create({ baseRunId: runOf(nth), otherRunId: runOf(nth + 7) }),
        ),
    },
    {
      name: 'run_lineage',
      ask: (nth) => reporting.getRunLineage(GetRunLineageRequest.create({ runId: runOf(nth) })),
    },
    {
      name: 'workflow_report',
      ask: (nth) =>
        reporting.getWorkflowReport(
          GetWorkflowReportRequest.create({ workflowName: workflowOf(nth) }),
        ),
    },
    {
      name: 'lineage',
      ask: (nth) =>
        reporting.getLineage(
          GetLineageRequest.create({
            dataset: `public.t${(nth * 31) % size.workflows}`,
            direction: LineageDirection.DOWN,
          }),
        ),
    },
    {
      name: 'impact',
      ask: (nth) =>
        reporting.getImpact(
          GetImpactRequest.create({
            dataset: `public.t${(nth * 31) % size.workflows}`,
            column: 'c1',
          }),
        ),
    },
  ];
}

/** Runs from all over the history. */
async function someRuns(reporting: Reporting, size: HistorySize): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let day = 1; day <= size.days; day += 1) {
    const toTime = new Date(size.endMs - (day - 0.5) * DAY_MS);
    const { runs } = await reporting.listRuns(ListRunsRequest.create({ toTime, pageSize: 10 }));
    ids.push(...runs.map(({ runId }) => runId));
  }
  return ids;
}

async function deepToken(reporting: Reporting): Promise<string> {
  let pageToken = '';
  for (let page = 0; page < PAGES_DEEP; page += 1)
    ({ nextPageToken: pageToken } = await reporting.listRuns(
      ListRunsRequest.create({ pageToken, pageSize: 500 }),
    ));
  return pageToken;
}
