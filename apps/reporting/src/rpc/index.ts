import { rpcService } from '@floe/rpc';
import type { RpcService } from '@floe/rpc';
import { ReportingService } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { getArtifact, listArtifacts } from './artifacts.ts';
import { compareRuns } from './compare-runs.ts';
import { getImpact } from './get-impact.ts';
import { getLineage } from './get-lineage.ts';
import { getOverview } from './get-overview.ts';
import { getRun } from './get-run.ts';
import { getRunLineage } from './get-run-lineage.ts';
import { getRunReport } from './get-run-report.ts';
import { getTaskItems } from './get-task-items.ts';
import { getWorkflowReport } from './get-workflow-report.ts';
import { listExecutors } from './list-executors.ts';
import { listFreshness } from './list-freshness.ts';
import { listMetrics } from './list-metrics.ts';
import { listRuns } from './list-runs.ts';
import { listTaskRuns } from './list-task-runs.ts';
import { tailLogs } from './tail-logs.ts';
import { watchRun } from './watch-run.ts';
import { watchRuns } from './watch-runs.ts';

export function createReportingService(deps: Deps): RpcService {
  return rpcService(ReportingService, {
    getRun: (request) => getRun(deps, request),
    listRuns: (request) => listRuns(deps, request),
    watchRun: (request, call) => watchRun(deps, request, call),
    watchRuns: (_, call) => watchRuns(deps, call),
    listTaskRuns: (request) => listTaskRuns(deps, request),
    getTaskItems: (request) => getTaskItems(deps, request),
    getRunReport: (request) => getRunReport(deps, request),
    getWorkflowReport: (request) => getWorkflowReport(deps, request),
    tailLogs: (request, call) => tailLogs(deps, request, call),
    listExecutors: () => listExecutors(deps),
    getLineage: (request) => getLineage(deps, request),
    getImpact: (request) => getImpact(deps, request),
    getRunLineage: (request) => getRunLineage(deps, request),
    compareRuns: (request) => compareRuns(deps, request),
    getOverview: (request) => getOverview(deps, request),
    listFreshness: (request) => listFreshness(deps, request),
    listMetrics: (request) => listMetrics(deps, request),
    listArtifacts: (request) => listArtifacts(deps, request),
    getArtifact: (request) => getArtifact(deps, request),
  });
}
