import { rpcService } from '@floe/rpc';
import type { RpcService } from '@floe/rpc';
import { ReportingService } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { getArtifact, listArtifacts } from './artifacts.ts';
import { getLineage } from './get-lineage.ts';
import { getOverview } from './get-overview.ts';
import { getRun } from './get-run.ts';
import { getRunReport } from './get-run-report.ts';
import { getWorkflowReport } from './get-workflow-report.ts';
import { listExecutors } from './list-executors.ts';
import { listRuns } from './list-runs.ts';
import { listTaskRuns } from './list-task-runs.ts';
import { tailLogs } from './tail-logs.ts';
import { watchRun } from './watch-run.ts';

/** The methods that are left out answer NOT_IMPLEMENTED: nothing writes metrics yet. */
export function createReportingService(deps: Deps): RpcService {
  return rpcService(ReportingService, {
    getRun: (request) => getRun(deps, request),
    listRuns: (request) => listRuns(deps, request),
    watchRun: (request, call) => watchRun(deps, request, call),
    listTaskRuns: (request) => listTaskRuns(deps, request),
    getRunReport: (request) => getRunReport(deps, request),
    getWorkflowReport: (request) => getWorkflowReport(deps, request),
    tailLogs: (request, call) => tailLogs(deps, request, call),
    listExecutors: () => listExecutors(deps),
    getLineage: (request) => getLineage(deps, request),
    getOverview: () => getOverview(deps),
    listArtifacts: (request) => listArtifacts(deps, request),
    getArtifact: (request) => getArtifact(deps, request),
  });
}
